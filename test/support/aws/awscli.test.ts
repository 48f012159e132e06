import { describe, expect, it } from 'vitest';
import { SECOND, sayInstant } from '../../../src/kernel/time.ts';
import { EVENT_TIME, record } from '../records.ts';
import { awsVersion, NO_AWS, runAws } from './aws-command.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

/*
 * AWS's own command as a second client, which shares no code with the SDK that the bot uses: what both understand
 * is how AWS speaks, and not what one of them forgives.
 */

const OTHER = '444455556666';
const KEY = 'AKIAIOSFODNN7EXAMPLE';

interface Answer {
  readonly code: number | null;
  readonly json: Record<string, unknown>;
  readonly errors: string;
}

/** Runs one command of it against the fake. */
async function run(fake: FakeAws, command: string, ...options: string[]): Promise<Answer> {
  const common = ['--endpoint-url', fake.url, '--region', 'us-east-1', '--output', 'json'];
  const { code, output, errors } = await runAws(fake, [...command.split(' '), ...options, ...common]);
  return { code, json: JSON.parse(output || '{}'), errors };
}

/** Debian 12 has 2.9. */
const tooOld = /^2\.[0-9]\./.test(awsVersion ?? '') ? ', skipped: versions before 2.10 do not know them' : '';
const title = `the aws command${awsVersion === undefined ? `, skipped: ${NO_AWS}` : `, version ${awsVersion}`}`;

// It takes seconds to start, on a busy machine many.
describe.skipIf(awsVersion === undefined)(title, { timeout: 60_000 }, () => {
  it('pages through the events of an attribute and a time', async () => {
    const fake = await startFakeAws({ rate: 'unlimited', now: () => EVENT_TIME });
    const records = Array.from({ length: 5 }, (_, i) =>
      record({ eventTime: sayInstant(EVENT_TIME - i * SECOND) }),
    );
    fake.add([...records, record({ userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } })]);
    const { json, errors } = await run(
      fake,
      'cloudtrail lookup-events',
      '--lookup-attributes',
      `AttributeKey=AccessKeyId,AttributeValue=${KEY}`,
      '--start-time',
      sayInstant(EVENT_TIME - 3 * SECOND),
      '--end-time',
      sayInstant(EVENT_TIME - SECOND),
      '--page-size',
      '2',
    );
    expect(errors).toBe('');
    const events = json.Events as Record<string, unknown>[];
    expect(events.map((event) => event.EventId)).toEqual(records.slice(1, 4).map((one) => one.eventID));
    expect(events[0]).toMatchObject({ Username: 'alice', ReadOnly: 'false', AccessKeyId: KEY });
    expect(JSON.parse(String(events[0]?.CloudTrailEvent))).toEqual(records[1]);
    expect(fake.requests.map((one) => one.outcome)).toEqual(['ok', 'ok']);
  });

  it('understands a refusal for the rate', async () => {
    const fake = await startFakeAws();
    fake.fault({ kind: 'throttle' });
    const { code, errors } = await run(fake, 'cloudtrail lookup-events');
    expect(code).not.toBe(0);
    expect(errors).toContain('(ThrottlingException) when calling the LookupEvents operation');
    expect(errors).toContain('Rate exceeded');
  });

  it('learns who it is, and becomes the reader of another account', async () => {
    const fake = await startFakeAws({
      accounts: { '111122223333': {}, [OTHER]: { readerRole: 'TrailbotReader' } },
    });
    const [identity, session] = await Promise.all([
      run(fake, 'sts get-caller-identity'),
      run(
        fake,
        'sts assume-role',
        '--role-arn',
        `arn:aws:iam::${OTHER}:role/TrailbotReader`,
        '--role-session-name',
        'trailbot',
      ),
    ]);
    expect(identity.json).toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:user/trailbot',
    });
    expect(session.json).toMatchObject({
      Credentials: { AccessKeyId: expect.stringMatching(/^ASIA\w{16}$/), SessionToken: expect.any(String) },
      AssumedRoleUser: { Arn: `arn:aws:sts::${OTHER}:assumed-role/TrailbotReader/trailbot` },
    });
  });

  it('reads the last use of a key', async () => {
    const lastUsed = { at: EVENT_TIME, service: 's3', region: 'eu-west-1' };
    const fake = await startFakeAws({
      accounts: { '111122223333': { keys: { [KEY]: { userName: 'alice', lastUsed } } } },
    });
    const owner = await run(fake, 'iam get-access-key-last-used', '--access-key-id', KEY);
    expect(owner.json).toMatchObject({
      UserName: 'alice',
      AccessKeyLastUsed: { ServiceName: 's3', Region: 'eu-west-1' },
    });
  });

  it.skipIf(/^2\.[0-9]\./.test(awsVersion ?? ''))(`reads the enabled regions${tooOld}`, async () => {
    const fake = await startFakeAws();
    const asked = ['--region-opt-status-contains', 'ENABLED', 'ENABLED_BY_DEFAULT'];
    const regions = await run(fake, 'account list-regions', ...asked);
    expect(regions.errors).toBe('');
    expect(regions.json.Regions).toHaveLength(17);
  });
});
