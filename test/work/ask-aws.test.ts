import { describe, expect, it } from 'vitest';
import { createCloudHistory } from '../../src/aws/cloud-history.ts';
import { createLog } from '../../src/kernel/log.ts';
import { HOUR, MINUTE, SECOND, sayInstant, systemClock } from '../../src/kernel/time.ts';
import { sayCoverage } from '../../src/questions/say-coverage.ts';
import { type AskState, ask } from '../../src/work/ask/ask.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { HOME, OTHER } from '../support/memory-history.ts';
import { record } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const LOG = createLog('silent');
const REGIONS = ['us-east-1', 'eu-west-1'];

describe('a question through the real SDK to something that speaks as AWS does', () => {
  it('finds a key in two accounts, and says which region it could not see and what to do', async () => {
    const now = systemClock.now();
    const aws = await startFakeAws({
      accounts: {
        [HOME]: { regions: REGIONS, keys: { [KEY]: { userName: 'alice' } } },
        [OTHER]: { regions: REGIONS, readerRole: 'TrailbotReader' },
      },
      rate: 'unlimited',
    });
    const uses = (count: number, recipientAccountId: string, awsRegion: string) =>
      Array.from({ length: count }, (_, index) =>
        record({ recipientAccountId, awsRegion, eventTime: timeOf(now - HOUR - index * SECOND) }),
      );
    aws.add([...uses(120, HOME, 'us-east-1'), ...uses(3, OTHER, 'eu-west-1')]);
    aws.fault({ kind: 'deny', account: OTHER, region: 'us-east-1' });
    const history = createCloudHistory({
      accounts: new Map([
        [HOME, {}],
        [OTHER, { readerRole: 'TrailbotReader' }],
      ]),
      regions: 'enabled',
      endpoint: aws.url,
      credentials: aws.credentials,
      clock: systemClock,
      log: LOG,
      rate: { requests: 1000, per: SECOND },
    });
    const heard: AskState[] = [];
    const scope = { period: { from: now - 24 * HOUR, to: now, said: 'last 24 h' } };
    const { calls, owner, keyAccount, coverage } = await ask(
      { sql: await temporaryStore(), history, clock: systemClock, log: LOG },
      { kind: 'key', value: KEY, scope },
      { signal: new AbortController().signal, deadline: MINUTE, hear: (state) => heard.push(state) },
    );
    history.close();
    expect(calls).toHaveLength(123);
    expect(calls.map(({ at }) => at)).toEqual(calls.map(({ at }) => at).sort((a, b) => b - a));
    expect(owner).toMatchObject({ userName: 'alice' });
    expect(keyAccount).toEqual({ account: HOME, by: 'aws' });
    expect(heard.length).toBeGreaterThan(0);
    const names = { account: (id: string) => (id === OTHER ? 'Staging' : 'Production'), networks: () => [] };
    const said = sayCoverage(coverage, names)
      .map((line) => line.map((span) => ('text' in span ? span.text : '')).join(''))
      .join('\n');
    expect(said).toContain('Production and Staging in');
    expect(said).toContain('123 events read in 6 requests');
    expect(said).toContain('Besides, 2 requests went into the key itself.');
    expect(said).toMatch(/Staging in us-east-1: .*LookupEvents/);
  });
});

function timeOf(at: number): string {
  return sayInstant(at).replace(/\.\d+Z$/, 'Z');
}
