import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  HOME,
  lookup,
  OTHER,
  readAll,
  regionList,
  restError,
  startWire,
  stopWire,
  troubleOf,
  type Wire,
  whileTimeGoesBy,
  xml,
  xmlError,
} from './wire.ts';

afterEach(() => {
  stopWire();
  vi.unstubAllEnvs();
});

const never = new AbortController().signal;
const HOUR = 3_600_000;
const reachOf = (wire: Wire) => wire.history.reach(never);
const placesOf = async (wire: Wire) =>
  (await reachOf(wire)).places.map(({ account, region }) => `${account} ${region}`);

describe('where questions can be asked', () => {
  it('is every enabled region of the bot’s own account and of each account with a reader role', async () => {
    const wire = startWire({}, { accounts: { [OTHER]: 'TrailbotReader' } });
    expect(await reachOf(wire)).toEqual({
      home: HOME,
      places: [
        { account: HOME, region: 'us-east-1' },
        { account: HOME, region: 'eu-west-1' },
        { account: OTHER, region: 'us-east-1' },
        { account: OTHER, region: 'eu-west-1' },
      ],
      troubles: [],
    });
  });

  it('reads a region list of several pages', async () => {
    const first = { body: { Regions: [{ RegionName: 'us-east-1' }], NextToken: 'more' } };
    const wire = startWire({ regions: (count) => (count === 1 ? first : regionList(['eu-west-1'])) });
    expect(await placesOf(wire)).toEqual([`${HOME} us-east-1`, `${HOME} eu-west-1`]);
  });

  it('enters its own account with its own credentials, even where a reader role is named for it', async () => {
    const wire = startWire({}, { accounts: { [HOME]: 'TrailbotReader' } });
    expect(await placesOf(wire)).toHaveLength(2);
    await readAll(wire, lookup(wire));
    expect(wire.lookups.map(({ signer }) => signer)).toEqual(['AKIAOWNKEY']);
  });

  it('is the configured regions where a list is given, and AWS is not asked for one', async () => {
    const wire = startWire({}, { regions: ['eu-north-1'] });
    expect(await placesOf(wire)).toEqual([`${HOME} eu-north-1`]);
    expect(wire.listed).toBe(0);
  });

  it('is remembered for an hour, and asked for once by all who want it at the same time', async () => {
    const wire = startWire({});
    await Promise.all([reachOf(wire), reachOf(wire)]);
    await wire.clock.advance(HOUR - 1000);
    await reachOf(wire);
    expect([wire.listed, wire.actions.length]).toEqual([1, 1]);
    await wire.clock.advance(1000);
    await reachOf(wire);
    expect([wire.listed, wire.actions.length]).toEqual([2, 2]);
  });
});

describe('where an account does not tell its regions', () => {
  const denied = `User: arn:aws:sts::${HOME}:assumed-role/Trailbot/i-1 is not authorized to perform: account:ListRegions`;

  it('asks those that every account has, and says so', async () => {
    const wire = startWire({ regions: () => restError('AccessDeniedException', denied) });
    const { places, troubles } = await reachOf(wire);
    expect(places).toHaveLength(17);
    expect(troubles).toEqual([
      {
        account: HOME,
        trouble: {
          kind: 'denied',
          what: 'not allowed to call account:ListRegions, so only the 17 regions that every account has were asked',
          remedy:
            'allow account:ListRegions to the role or user that asks there, or list the regions in history.regions',
        },
      },
    ]);
  });

  it('asks for the list again after a minute, not before', async () => {
    const wire = startWire({ regions: () => restError('AccessDeniedException', denied) });
    await reachOf(wire);
    await wire.clock.advance(59_000);
    await reachOf(wire);
    expect(wire.listed).toBe(1);
    await wire.clock.advance(1000);
    await reachOf(wire);
    expect(wire.listed).toBe(2);
  });

  it('knows the regions of other partitions', async () => {
    const arn = `arn:aws-cn:sts::${HOME}:assumed-role/Trailbot/i-1`;
    const wire = startWire({
      action: () => xml('GetCallerIdentity', `<Account>${HOME}</Account><Arn>${arn}</Arn><UserId>A</UserId>`),
      regions: () => restError('AccessDeniedException', denied),
    });
    expect(await placesOf(wire)).toEqual([`${HOME} cn-north-1`, `${HOME} cn-northwest-1`]);
  });
});

describe('an account that cannot be entered', () => {
  it('is named once with the reason, and the others are asked', async () => {
    const wire = startWire(
      {
        action: (parameters) =>
          parameters.get('Action') === 'AssumeRole' ? xmlError('AccessDenied', 'no') : undefined,
      },
      { accounts: { [OTHER]: `arn:aws:iam::${OTHER}:role/audit/TrailbotReader` } },
    );
    const { places, troubles } = await reachOf(wire);
    expect(places.map(({ account }) => account)).toEqual([HOME, HOME]);
    expect(troubles).toMatchObject([
      {
        account: OTHER,
        trouble: {
          kind: 'denied',
          what: `not allowed to assume the role arn:aws:iam::${OTHER}:role/audit/TrailbotReader`,
        },
      },
    ]);
  });

  it('is one without a reader role', async () => {
    const wire = startWire({}, { accounts: { [OTHER]: undefined } });
    expect((await reachOf(wire)).troubles).toEqual([
      {
        account: OTHER,
        trouble: {
          kind: 'no credentials',
          what: 'no reader role is configured',
          remedy: `name a role of that account that the bot may assume: accounts.${OTHER}.reader_role`,
        },
      },
    ]);
  });

  it('is one whose reader role is a role of another account', async () => {
    const wire = startWire({}, { accounts: { [OTHER]: 'arn:aws:iam::777788889999:role/TrailbotReader' } });
    expect((await reachOf(wire)).troubles).toMatchObject([
      { trouble: { kind: 'refused', what: 'its reader role belongs to another account (777788889999)' } },
    ]);
    expect(wire.actions.map((one) => one.get('Action'))).toEqual(['GetCallerIdentity']);
  });

  it('is every account when the bot’s own credentials do not work', async () => {
    const wire = startWire(
      { action: () => xmlError('InvalidClientTokenId', 'The security token is invalid') },
      { accounts: { [OTHER]: 'TrailbotReader' } },
    );
    expect(await reachOf(wire)).toEqual({
      home: undefined,
      places: [],
      troubles: [
        {
          account: '*',
          trouble: {
            kind: 'no credentials',
            what: 'AWS does not know the access key (InvalidClientTokenId)',
            remedy: 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile',
          },
        },
      ],
    });
  });

  it('is none for a while when STS has passing trouble', async () => {
    const wire = startWire({
      action: (_, count) => (count < 3 ? xmlError('ServiceUnavailable', 'later', 503) : undefined),
    });
    const reach = await whileTimeGoesBy(wire.clock, () => reachOf(wire));
    expect(reach).toMatchObject({ home: HOME, troubles: [] });
  });
});

describe('credentials from the surroundings', () => {
  /** As on a laptop that never heard of AWS: nothing set, no files, nobody at the metadata address. */
  function nothingSet(): void {
    for (const name of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'PROFILE']) {
      vi.stubEnv(`AWS_${name}`, undefined);
    }
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', undefined);
  }

  it('are those of the environment', async () => {
    nothingSet();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'of-the-test');
    const wire = startWire({}, { surroundings: true });
    await readAll(wire, lookup(wire));
    expect(wire.lookups.map(({ signer }) => signer)).toEqual(['AKIAENVIRONMENT']);
  });

  it('are missed in words that say where they may come from', async () => {
    nothingSet();
    const wire = startWire({}, { surroundings: true });
    expect((await reachOf(wire)).troubles).toEqual([
      {
        account: '*',
        trouble: {
          kind: 'no credentials',
          what: 'no AWS credentials were found',
          remedy:
            'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile that has them, or give the instance, task or pod a role',
        },
      },
    ]);
  });

  it.each([
    {
      profile: 'a single sign-on that nobody has renewed',
      lines: [
        'sso_start_url = https://acme.awsapps.com/start',
        'sso_region = eu-west-1',
        'sso_account_id = 111122223333',
        'sso_role_name = Audit',
      ],
      trouble: {
        kind: 'expired',
        what: 'the credentials of the profile have expired',
        remedy: 'run `aws sso login`',
      },
    },
    {
      profile: 'a role that wants a second factor',
      lines: [
        'role_arn = arn:aws:iam::111122223333:role/Audit',
        'source_profile = alice',
        'mfa_serial = arn:aws:iam::111122223333:mfa/alice',
        '[profile alice]',
        'aws_access_key_id = AKIAIOSFODNN7EXAMPLE',
        'aws_secret_access_key = of-the-test',
      ],
      trouble: {
        kind: 'no credentials',
        what: 'no AWS credentials: Profile audit requires multi-factor authentication, but no MFA code callback was provided',
      },
    },
  ])('are missed with the reason that the profile has: $profile', async ({ lines, trouble }) => {
    nothingSet();
    using folder = mkdtempDisposableSync(join(tmpdir(), 'trailbot-aws-'));
    const file = join(folder.path, 'config');
    writeFileSync(file, ['[profile audit]', ...lines, ''].join('\n'));
    vi.stubEnv('AWS_CONFIG_FILE', file);
    vi.stubEnv('AWS_PROFILE', 'audit');
    const wire = startWire({}, { surroundings: true });
    expect((await reachOf(wire)).troubles).toMatchObject([{ trouble }]);
  });
});

describe('looking for places', () => {
  it('ends at once when it is no longer wanted', async () => {
    const stop = new AbortController();
    const wire = startWire({ action: () => xmlError('ServiceUnavailable', 'later', 503) });
    const reaching = wire.history.reach(stop.signal);
    await wire.clock.untilSleeping();
    stop.abort();
    expect(await reaching).toMatchObject({ places: [], troubles: [{ trouble: { kind: 'cancelled' } }] });
    wire.history.close();
    await wire.clock.advance(0);
    expect(wire.clock.asleep).toBe(0);
  });
});

describe('what is known of a key', () => {
  it('is its user and where it was last used, asked in the account named', async () => {
    const used =
      '<LastUsedDate>2026-11-19T08:00:00Z</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region>';
    const wire = startWire(
      {
        action: (parameters) =>
          parameters.get('Action') === 'GetAccessKeyLastUsed'
            ? xml(
                'GetAccessKeyLastUsed',
                `<UserName>alice</UserName><AccessKeyLastUsed>${used}</AccessKeyLastUsed>`,
              )
            : undefined,
      },
      { accounts: { [OTHER]: 'TrailbotReader' } },
    );
    expect(await wire.history.keyOwner('AKIAIOSFODNN7EXAMPLE', OTHER, never)).toEqual({
      userName: 'alice',
      lastUsed: { at: Date.UTC(2026, 10, 19, 8), service: 's3', region: 'eu-west-1' },
    });
    expect(wire.actions.map((one) => one.get('Action'))).toEqual([
      'GetCallerIdentity',
      'AssumeRole',
      'GetAccessKeyLastUsed',
    ]);
  });

  it('is that it was never used, or that IAM there does not know it', async () => {
    const unused = '<ServiceName>N/A</ServiceName><Region>N/A</Region>';
    const wire = startWire({
      action: (parameters) => {
        if (parameters.get('Action') === 'GetCallerIdentity') return undefined;
        return parameters.get('AccessKeyId') === 'AKIAGONE000000000000'
          ? xmlError('NoSuchEntity', 'The Access Key with id AKIAGONE cannot be found', 404)
          : xml(
              'GetAccessKeyLastUsed',
              `<UserName>bob</UserName><AccessKeyLastUsed>${unused}</AccessKeyLastUsed>`,
            );
      },
    });
    expect(await wire.history.keyOwner('AKIAUNUSED0000000000', HOME, never)).toEqual({
      userName: 'bob',
      lastUsed: undefined,
    });
    expect(await wire.history.keyOwner('AKIAGONE000000000000', HOME, never)).toBeUndefined();
  });

  it('is the account that it belongs to, whoever that is', async () => {
    const wire = startWire({
      action: (parameters) =>
        parameters.get('AccessKeyId') === 'nonsense-nonsense'
          ? xmlError('ValidationError', 'The access key is invalid', 400)
          : xml('GetAccessKeyInfo', '<Account>777788889999</Account>'),
    });
    expect(await wire.history.keyAccount('ASIAIOSFODNN7EXAMPLE', never)).toBe('777788889999');
    expect(await wire.history.keyAccount('nonsense-nonsense', never)).toBeUndefined();
  });

  it('is not waited for when nobody wants it any more', async () => {
    const stop = new AbortController();
    const wire = startWire({ action: () => xmlError('ServiceUnavailable', 'later', 503) });
    const asking = wire.history.keyAccount('ASIAIOSFODNN7EXAMPLE', stop.signal);
    await wire.clock.untilSleeping();
    stop.abort();
    expect(await troubleOf(asking)).toMatchObject({ kind: 'cancelled' });
    expect(wire.clock.asleep).toBe(0);
  });
});
