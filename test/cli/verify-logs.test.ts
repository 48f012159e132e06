import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTrails } from '../../src/app/trails.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { type VerifyOptions, verifyLogs } from '../../src/cli/verify-logs.ts';
import { createLog } from '../../src/kernel/log.ts';
import { Misuse } from '../../src/kernel/problem.ts';
import { HOUR, systemClock } from '../../src/kernel/time.ts';
import { type FakeTrail, makeChain } from '../support/aws/trails.ts';
import { fakeClock } from '../support/clock.ts';
import { temporaryFolder } from '../support/store.ts';
import { awsKey, BUCKET, REGION, type Stage, stage, TRAIL, UNTIL } from '../work/verify/chains.ts';
import { call } from './command.ts';

const SETTINGS = `accounts: { '${TRAIL.account}': { name: Production } }\nhistory: { regions: [${REGION}] }\n`;
const STEERING = /[^\P{Cc}\n]/u;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command at ten past the hour of the newest digest. */
async function run({ aws }: Stage, options: VerifyOptions = {}, more: Partial<Terminal> = {}): Promise<Ran> {
  const said = { out: '', err: '' };
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'trailbot.yaml'), SETTINGS);
  const terminal: Terminal = {
    args: [],
    env: {},
    folder,
    stdin: (async function* () {})(),
    keyboard: false,
    out: (text) => {
      said.out += text;
    },
    outReady: async () => true,
    err: (text) => {
      said.err += text;
    },
    interactive: false,
    onStop: () => {},
    onReload: () => {},
    ...more,
  };
  const { url: endpoint, credentials } = aws;
  const standIn = { endpoint, credentials };
  const code = await verifyLogs(
    terminal,
    { since: '6h', ...options },
    (config) => openTrails(config, { clock: systemClock, log: createLog('silent'), standIn }),
    fakeClock(UNTIL + HOUR / 6),
  );
  return { code, ...said };
}

async function chained(trail: FakeTrail = TRAIL) {
  const set = await stage({ trails: [trail], accounts: { [TRAIL.account]: {} } });
  return { ...set, digests: makeChain(set.s3, { trail, key: awsKey(), until: UNTIL, hours: 8, logs: 1 }) };
}

describe('verify-logs', () => {
  it('says first that everything is intact, and what that covers', async () => {
    const { code, out, err } = await run(await chained());
    expect(out).toBe(
      `INTACT: every log file that a digest names is as CloudTrail delivered it.
Trail arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit
Delivered from 2026-11-20 03:10:00 UTC to 2026-11-20 09:10:00 UTC, 1 account, 1 region.

Valid: 6 of 6 digests, 6 of 6 log files.
Digests cover 2026-11-20 03:10:00 UTC to 2026-11-20 09:00:00 UTC.
Not judged yet: the 10 min after 2026-11-20 09:00:00 UTC. CloudTrail writes a digest each hour; that a later one was
  deleted shows with the next ones, within some two hours.
`,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('names each file that is not, with the hour, what it means and what to do; exit code 1', async () => {
    const set = await chained();
    const [one, two] = [set.digests.at(-2)?.logs[0]?.key ?? '', set.digests.at(-4)?.logs[0]?.key ?? ''];
    set.s3.put(BUCKET, one, gzipSync('{"Records":[]}'));
    set.s3.remove(BUCKET, two);
    const { code, out } = await run(set);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('BROKEN: 2 files are not as CloudTrail delivered them, or are gone.');
    expect(out).toContain('1 × log file changed\n  Its content is not what CloudTrail delivered');
    expect(out).toContain(
      `    Production in eu-west-1, hour until 2026-11-20 08:00 UTC\n      s3://${BUCKET}/${one}\n`,
    );
    expect(out).toContain(`hour until 2026-11-20 06:00 UTC\n      s3://${BUCKET}/${two}\n`);
    expect(out).toMatch(/To do: check the lifecycle rules of the bucket first/);
    expect(out).toContain('Valid: 6 of 6 digests, 4 of 6 log files.');
  });

  it('shows ten of many and says how many more there are', async () => {
    const set = await chained();
    for (const { logs } of set.digests) for (const { key } of logs) set.s3.remove(BUCKET, key);
    makeChain(set.s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 8, logs: 3 });
    for (const key of set.s3.keys(BUCKET)) if (key.includes('/CloudTrail/')) set.s3.remove(BUCKET, key);
    const { out } = await run(set);
    expect(out).toContain('18 × log file missing, between 2026-11-20 04:00 UTC and 2026-11-20 09:00 UTC');
    expect(out).toContain('… and 8 more; --json has them');
  });

  it('tells gaps, and that nothing within them is proved, without calling them a finding', async () => {
    const set = await stage();
    makeChain(set.s3, { trail: TRAIL, key: awsKey(), until: UNTIL - 4 * HOUR, hours: 4 });
    makeChain(set.s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 2 });
    const { code, out } = await run(set);
    expect(code).toBe(0);
    expect(out).toContain('Gap between 2026-11-20 05:00:00 UTC and 2026-11-20 07:00:00 UTC.');
    expect(out).toContain('Nothing is proved within the gaps (2 h in all)');
  });

  it('counts log files that no digest names, when it is asked to', async () => {
    const set = await chained();
    const key = set.digests.at(-3)?.logs[0]?.key.replace(/_\w{16}\.json/, '_0123456789abcdef.json') ?? '';
    set.s3.put(BUCKET, key, gzipSync('{"Records":[]}'));
    expect((await run(set, { unreferenced: true })).out).toContain(
      '1 log file that no valid digest names: they prove nothing.',
    );
  });

  it('is no good news when nothing could be read, or there is nothing', async () => {
    const closed = await stage({ buckets: { [BUCKET]: { region: REGION, open: [] } } });
    const denied = await run(closed);
    expect(denied.code).toBe(1);
    expect(denied.out).toMatch(/^INCOMPLETE: /);
    expect(denied.out).toContain('Not allowed to call s3:ListBucket. To do: allow s3:ListBucket');
    const empty = await run(await stage({ trails: [] }));
    expect(empty.code).toBe(1);
    expect(empty.out).toMatch(/^NOTHING PROVED: .*\nNo trail was found\./);
    const none = await run(await stage(), { trail: 'adit' });
    expect(none).toEqual({
      code: 1,
      out: '',
      err: 'Nothing could be verified: no trail adit was found. To do: name one of these: audit.\n',
    });
  });

  it('prints everything as JSON', async () => {
    const set = await chained();
    const key = set.digests.at(-2)?.logs[0]?.key ?? '';
    set.s3.remove(BUCKET, key);
    const { code, out } = await run(set, { json: true });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'broken',
      period: { from: '2026-11-20T03:10:00.000Z', to: '2026-11-20T09:10:00.000Z' },
      notJudgedYet: { from: '2026-11-20T09:00:00.000Z', to: '2026-11-20T09:10:00.000Z' },
      trails: [
        {
          name: 'audit',
          chains: [
            {
              account: TRAIL.account,
              region: REGION,
              digests: { valid: 6, broken: 0 },
              logs: { valid: 5, broken: 1, unread: 0 },
              breaks: [
                { kind: 'log missing', file: `s3://${BUCKET}/${key}`, hourUntil: '2026-11-20T08:00:00.000Z' },
              ],
            },
          ],
        },
      ],
      troubles: [],
    });
  });

  it('is no good news either when the newest digest alone is not there, or nobody tells who is in the organization', async () => {
    const set = await chained();
    set.s3.remove(BUCKET, set.digests.at(-1)?.key ?? '');
    const newest = await run(set);
    expect(newest.code).toBe(1);
    expect(newest.out).toMatch(/^NOT PROVED: /);
    expect(newest.out).toContain('Verify again in an hour, when the next one names it.');
    expect(newest.out).toContain('Not judged yet: the 1 h 10 min after 2026-11-20 08:00:00 UTC.');
    const blind = await chained({ ...TRAIL, organization: { id: 'o-a1b2c3d4e5', members: [] } });
    const unlisted = await run(blind, { json: true });
    expect(unlisted.code).toBe(1);
    expect(JSON.parse(unlisted.out)).toMatchObject({
      verdict: 'incomplete',
      troubles: [
        {
          place: 'audit',
          what: expect.stringMatching(/^not allowed to call organizations:ListAccounts, so/),
        },
      ],
    });
    const past = await run(blind, { until: '2026-11-20T07:00:00Z', account: [TRAIL.account], json: true });
    expect(JSON.parse(past.out)).toMatchObject({ verdict: 'intact' });
    expect(JSON.parse(past.out).notJudgedYet).toBeUndefined();
  });

  it('prints JSON, too, when nothing could be verified', async () => {
    const { code, out, err } = await run(await stage(), { json: true, trail: 'adit' });
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('no trail adit was found') });
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'incomplete',
      trails: [],
      troubles: [{ place: 'adit', what: 'no trail adit was found' }],
    });
  });

  it('says that nothing is proved of a member whose files are gone; exit code 1', async () => {
    const organization = {
      id: 'o-a1b2c3d4e5',
      members: ['444455556666'],
      listed: [TRAIL.account, '444455556666'].map((id) => ({ id, name: id })),
    };
    const set = await chained({ ...TRAIL, organization });
    const { code, out } = await run(set);
    expect(code).toBe(1);
    expect(out).toMatch(/^NOT PROVED: what was read is as CloudTrail delivered it, but digests are missing /);
    expect(out).toContain(`444455556666 in ${REGION}\n    No digest of this account lies there`);
    const json = JSON.parse((await run(set, { json: true })).out);
    expect(json).toMatchObject({
      verdict: 'not proved',
      trails: [{ chains: [{ unproved: false }, { account: '444455556666', unproved: true }] }],
    });
  });

  it('lets no name in a bucket steer the terminal', async () => {
    const trail = { ...TRAIL, prefix: 'a\u001b[31mb' };
    const set = await chained(trail);
    set.s3.remove(BUCKET, set.digests.at(-2)?.logs[0]?.key ?? '');
    const { out } = await run(set);
    expect(out).toContain('BROKEN: one file');
    expect(out).not.toMatch(STEERING);
  });

  it('prints what was found when somebody does not want to wait', async () => {
    const set = await chained();
    set.aws.fault({ kind: 'hang', operation: 'GetObject' });
    const stopped = run(
      set,
      {},
      {
        onStop: (stop) => {
          void set.aws.untilRequests(8).then(stop);
        },
      },
    );
    expect(await stopped).toMatchObject({ code: 1, out: expect.stringMatching(/^INCOMPLETE: .*/) });
  });

  it('takes accounts by name', async () => {
    const set = await chained();
    expect((await run(set, { account: ['production'] })).out).toMatch(/^INTACT/);
    await expect(run(set, { account: ['prod'] })).rejects.toThrow(
      '--account takes an account id of 12 digits, or one of these names: Production; not prod.',
    );
  });

  it.each([
    [{ since: 'yesterday' }, /^--since takes a length of time back from now such as 12h/],
    [{ since: '1h', until: '2h' }, '--since must be before --until, and in the past.'],
    [{ until: '20.11.2026' }, /^--until takes/],
  ])('refuses a period such as %j', async (options, message) => {
    const set = await stage();
    const refused = run(set, options);
    await expect(refused).rejects.toThrow(Misuse);
    await expect(refused).rejects.toThrow(message);
  });

  it('takes days and instants', async () => {
    const { out } = await run(await chained(), { since: '2026-11-20', until: '2026-11-20T08:00:00Z' });
    expect(out).toContain('Delivered from 2026-11-20 00:00:00 UTC to 2026-11-20 08:00:00 UTC');
    expect(out).toContain('Nothing before 2026-11-20 01:00:00 UTC is proved: the chain begins there.');
  });

  it('asks another place than AWS where the environment names one', async () => {
    const { aws } = await chained();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'trailbot.yaml'), SETTINGS);
    const env = {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    };
    const { out } = await call(['verify-logs', '--since', '2026-11-20', '--until', '2026-11-20T08:00:00Z'], {
      folder,
      env,
    });
    expect(out).toMatch(/^INTACT/);
  });

  it('is a command with a help of its own', async () => {
    const { code, out } = await call(['verify-logs', '--help'], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(out).toContain('trailbot verify-logs --trail audit --since 7d --region us-east-1 eu-west-1');
  });
});
