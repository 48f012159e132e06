import { describe, expect, it, onTestFinished } from 'vitest';
import { createCloudHistory } from '../../src/aws/cloud-history.ts';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { createLog } from '../../src/kernel/log.ts';
import type { Trouble } from '../../src/questions/coverage.ts';
import { insertCalls, searchableOf } from '../../src/store/calls.ts';
import { insertRecord } from '../../src/store/records.ts';
import type { Database } from '../../src/store/sql.ts';
import { type TraceTools, traceKey } from '../../src/work/ask/trace.ts';
import type { CloudHistory } from '../../src/work/cloud-history.ts';
import { DEFAULT_REGIONS } from '../support/aws/accounts.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import {
  ago,
  asAccount,
  asRole,
  asRoot,
  assumes,
  asUser,
  asWeb,
  daysAgo,
  HERE,
  NOW,
  signIn,
  THERE,
  takes,
  tell,
  tempKey,
  userKey,
  uses,
} from '../support/chains.ts';
import { fakeClock } from '../support/clock.ts';
import { memoryHistory } from '../support/memory-history.ts';
import { temporaryStore } from '../support/store.ts';

const log = createLog('silent');
const clock = fakeClock(NOW);
const A = tempKey(1);
const alice = asUser('alice', { key: userKey(1) });
const seen = uses(asRole('deploy', 'ci', { key: A, began: ago(50) }), { at: ago(10), region: 'eu-west-1' });
const start = { keyId: A, seen: [seen] };
const DENIED: Trouble = {
  kind: 'denied',
  what: 'not allowed to call cloudtrail:LookupEvents',
  remedy: 'add it to the reader role',
};

const everywhere = [HERE, THERE].flatMap((account) =>
  DEFAULT_REGIONS.map((region) => ({ account, region: region as string })),
);

function history(
  records: readonly CloudTrailRecord[],
  more: Partial<Parameters<typeof memoryHistory>[0]> = {},
) {
  return memoryHistory({ clock, records, places: everywhere, pace: 0, ...more });
}

function tools(cloud: TraceTools['history'], more: Partial<TraceTools> = {}): TraceTools {
  return { sql: undefined, history: cloud, clock, log, ...more };
}

const signal = new AbortController().signal;

async function keep(db: Database, ...records: CloudTrailRecord[]): Promise<void> {
  for (const record of records) await insertRecord(db, record, NOW);
  await insertCalls(
    db,
    records.map((record) => searchableOf(record, NOW)),
  );
}

const issue = (region: string) => assumes(alice, 'deploy', 'ci', A, { at: ago(50), region });
const ORIGIN = 'IAM user alice of account 111122223333, with a long-term access key.';

describe('the region of the key is asked first', () => {
  it('and no other when it has the answer', async () => {
    const cloud = history([issue('eu-west-1')]);
    const trace = await traceKey(tools(cloud), start, signal);
    expect(trace.origin.said).toBe(ORIGIN);
    expect(cloud.asked.map(({ place }) => place)).toEqual([{ account: HERE, region: 'eu-west-1' }]);
    expect(trace.lookups).toBe(1);
  });

  it('then us-east-1', async () => {
    const cloud = history([issue('us-east-1')]);
    const trace = await traceKey(tools(cloud), start, signal);
    expect(trace.origin.said).toBe(ORIGIN);
    expect(cloud.asked.map(({ place }) => place.region)).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('then all others of the account at once', async () => {
    const cloud = history([issue('sa-east-1')]);
    const trace = await traceKey(tools(cloud), start, signal);
    expect(trace.origin.said).toBe(ORIGIN);
    expect(trace.hops[0]?.region).toBe('sa-east-1');
    expect(cloud.asked).toHaveLength(17);
    expect(new Set(cloud.asked.map(({ place }) => place.account))).toEqual(new Set([HERE]));
    expect(trace.caveats).toEqual([]);
  });

  it('and the others are left alone as soon as one of them has the answer', async () => {
    const cloud = history([issue('sa-east-1')]);
    const waiting: CloudHistory = {
      ...cloud,
      async *lookup(lookup, stop) {
        const last = !['eu-west-1', 'us-east-1', 'sa-east-1'].includes(lookup.place.region);
        if (last) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
        yield* cloud.lookup(lookup, stop);
      },
    };
    const trace = await traceKey(tools(waiting), start, signal);
    expect(trace.origin.said).toBe(ORIGIN);
    expect(trace.lookups).toBe(3);
  });

  it('and a source that says more than it was asked is not believed', async () => {
    const late = assumes(alice, 'deploy', 'ci', A, { at: ago(5) });
    const trace = await traceKey(tools(history([late], { deaf: true })), start, signal);
    expect(trace.hops).toEqual([]);
  });

  it('within the time in which the key can have been made', async () => {
    const cloud = history([issue('eu-west-1')]);
    await traceKey(tools(cloud), start, signal);
    expect(cloud.asked[0]?.period).toMatchObject({ from: ago(10 + 36 * 60), to: ago(10) + 5000 });
  });

  it('and within the 90 days that AWS keeps', async () => {
    const cloud = history([]);
    const then = daysAgo(89);
    const first = uses(asRole('deploy', 'ci', { key: A, began: then }), { at: then });
    await traceKey(tools(cloud), { keyId: A, seen: [first] }, signal);
    expect(cloud.asked[0]?.period).toMatchObject({ from: daysAgo(90), to: then + 5000 });
    const older = uses(asRole('deploy', 'ci', { key: A, began: daysAgo(91) }), { at: daysAgo(91) });
    const none = history([]);
    const trace = await traceKey(tools(none), { keyId: A, seen: [older] }, signal);
    expect(none.asked).toEqual([]);
    expect(trace.origin.said).toMatch(/CloudTrail's event history goes back only 90 days/);
  });
});

describe('the own store is asked before AWS', () => {
  it('which is then not asked at all', async () => {
    const db = await temporaryStore();
    await keep(db, issue('sa-east-1'), seen);
    const cloud = history([]);
    const trace = await traceKey(tools(cloud, { sql: db }), start, signal);
    expect(tell(trace)).toEqual([
      '09:25:02  user alice assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 sa-east-1 · made ASIA#1 · signed with AKIA#1',
      `Origin  ${ORIGIN}`,
    ]);
    expect(cloud.asked).toEqual([]);
    expect(trace.lookups).toBe(0);
  });

  it('and finds the issuing call whatever else its request names', async () => {
    const db = await temporaryStore();
    const names = Array.from({ length: 50 }, (_, n) => `arn:aws:iam::${HERE}:role/decoy-${n}`);
    const request = { transitiveTagKeys: names };
    await keep(db, assumes(alice, 'deploy', 'ci', A, { at: ago(50), request }), seen);
    const trace = await traceKey(tools(history([]), { sql: db }), start, signal);
    expect(trace.origin.said).toBe(ORIGIN);
  });

  it('and knows what AWS has forgotten', async () => {
    const db = await temporaryStore();
    const then = daysAgo(200);
    const old = uses(asRole('deploy', 'ci', { key: A, began: then }), { at: then + 60_000 });
    await keep(db, assumes(alice, 'deploy', 'ci', A, { at: then }));
    const cloud = history([]);
    const trace = await traceKey(tools(cloud, { sql: db }), { keyId: A, seen: [old] }, signal);
    expect(trace.origin.said).toBe(ORIGIN);
  });

  it('and goes on with AWS where it ends', async () => {
    const db = await temporaryStore();
    const B = tempKey(2);
    await keep(
      db,
      assumes(asRole('build', 'two', { key: B, began: ago(60) }), 'deploy', 'ci', A, { at: ago(50) }),
    );
    const cloud = history([assumes(alice, 'build', 'two', B, { at: ago(60) })]);
    const trace = await traceKey(tools(cloud, { sql: db }), start, signal);
    expect(trace.hops.map(({ role }) => role)).toEqual(['deploy', 'build']);
    expect(trace.origin.said).toBe(ORIGIN);
  });

  it('and says what it cannot have when it is alone', async () => {
    const db = await temporaryStore();
    await keep(db, seen);
    const off = { off: 'no AWS credentials are configured' };
    const trace = await traceKey(tools(off, { sql: db }), { keyId: A, seen: [] }, signal);
    expect(tell(trace)).toEqual([
      "Origin  Role deploy of account 111122223333, session ci: the call that made this session was not found. Some services make sessions without a management event of this account; the trail's files in S3 may have more.",
      'AWS was not asked: no AWS credentials are configured. The own store alone often lacks AssumeRole, a read-only call: EventBridge delivers it only to rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.',
    ]);
  });

  it('and one that cannot be read is a caveat', async () => {
    const db = await temporaryStore();
    await db.close();
    const trace = await traceKey(tools(history([]), { sql: db }), start, signal);
    expect(trace.caveats[0]).toMatch(/^The own store could not be read \(.+\)\.$/);
    const found = await traceKey(tools(history([issue('eu-west-1')]), { sql: db }), start, signal);
    expect(found).toMatchObject({ origin: { said: ORIGIN }, caveats: [] });
  });
});

describe('other accounts', () => {
  const shared = { sharedEventID: 'b2c3d4e5-0000-4000-8000-000000000001' };
  const carol = asUser('carol', { key: userKey(7, THERE), account: THERE });
  const call = (by: typeof carol, account: string) =>
    assumes(by, 'deploy', 'ci', A, { at: ago(50), account, owner: HERE, more: shared });
  const target = call(asAccount(THERE, 'AIDAI2345678EXAMPLE'), HERE);

  it('are asked for their own copy of the call', async () => {
    const cloud = history([target, call(carol, THERE)]);
    const trace = await traceKey(tools(cloud), start, signal);
    expect(trace.origin.said).toBe('IAM user carol of account 444455556666, with a long-term access key.');
    expect(cloud.asked.map(({ place }) => place)).toEqual([
      { account: HERE, region: 'eu-west-1' },
      { account: THERE, region: 'eu-west-1' },
    ]);
  });

  it('without a reader role end the walk', async () => {
    const places = everywhere.filter(({ account }) => account === HERE);
    const trace = await traceKey(tools(history([target], { places })), start, signal);
    expect(tell(trace)).toEqual([
      '09:25:02  AIDAI2345678EXAMPLE @ account 444455556666 assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1',
      "Origin  AIDAI2345678EXAMPLE @ account 444455556666: no reader role there; add accounts.'444455556666'.reader_role.",
    ]);
    expect(trace.origin.kind).toBe('other account');
  });

  it('whose reader role cannot be assumed end it with the reason', async () => {
    const places = everywhere.filter(({ account }) => account === HERE);
    const trouble: Trouble = {
      kind: 'denied',
      what: 'not allowed to assume TrailbotReader',
      remedy: 'let its trust policy name the bot',
    };
    const closed = [{ account: THERE, trouble }];
    const trace = await traceKey(tools(history([target], { places, closed })), start, signal);
    expect(trace.origin.said).toBe(
      'AIDAI2345678EXAMPLE @ account 444455556666: not allowed to assume TrailbotReader; let its trust policy name the bot.',
    );
  });

  it('that have no such call end it', async () => {
    const trace = await traceKey(tools(history([target])), start, signal);
    expect(trace.origin.said).toBe(
      "AIDAI2345678EXAMPLE @ account 444455556666: the call was not found there; that account's own trail has the copy that says who made it.",
    );
  });

  it('are asked for the AssumeRoot that made a session of root, which its own account does not have', async () => {
    const key = tempKey(9, THERE);
    const root = asRoot({ key, account: THERE, began: ago(12), more: { assumedRoot: 'true' } });
    const use = uses(root, { at: ago(10), account: THERE });
    const cloud = history([
      takes('AssumeRoot', alice, key, { at: ago(12), request: { targetPrincipal: THERE } }),
    ]);
    const trace = await traceKey(tools(cloud), { keyId: key, seen: [use] }, signal);
    expect(trace.origin.said).toBe(ORIGIN);
    expect(cloud.asked.filter(({ place }) => place.account === THERE)).toHaveLength(17);
    expect(cloud.asked.filter(({ place }) => place.account === HERE)).toHaveLength(1);
  });

  it('that own the key are found through AWS where its id does not tell', async () => {
    const old = 'ASIAIOSFODNN7EXAMPLE';
    const places = everywhere.filter(({ account }) => account === HERE);
    const cloud = history([], { places, accounts: { [old]: THERE } });
    const trace = await traceKey(tools(cloud), { keyId: old, seen: [] }, signal);
    expect(tell(trace)).toEqual([
      "Origin  The key belongs to account 444455556666: no reader role there; add accounts.'444455556666'.reader_role.",
    ]);
    expect(new Set(cloud.asked.map(({ place }) => place.account))).toEqual(new Set([HERE]));
  });

  it('that are open are asked for their copy where the account of the key is closed', async () => {
    const key = tempKey(5, THERE);
    const theirs = uses(asRole('deploy', 'ci', { key, account: THERE, began: ago(50) }), { at: ago(10) });
    const copy = (issuedKey: string, owner: string, by = alice) =>
      assumes(by, 'deploy', 'ci', issuedKey, { at: ago(50), owner, more: shared });
    const places = everywhere.filter(({ account }) => account === HERE);
    const records = [
      copy(key, HERE, asUser('another', { key: userKey(3) })),
      copy(tempKey(6, THERE), THERE, asUser('later', { key: userKey(4) })),
      copy(key, THERE),
    ];
    const trace = await traceKey(tools(history(records, { places })), { keyId: key, seen: [theirs] }, signal);
    expect(tell(trace)).toEqual([
      "09:25:02  user alice assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#5 · signed with AKIA#1 · from the caller's copy",
      `Origin  ${ORIGIN}`,
    ]);
  });

  it('that are open and have no copy leave it at the account that is closed', async () => {
    const key = tempKey(5, THERE);
    const theirs = uses(asRole('deploy', 'ci', { key, account: THERE, began: ago(50) }), { at: ago(10) });
    const places = everywhere.filter(({ account }) => account === HERE);
    const cloud = history([], { places });
    const trace = await traceKey(tools(cloud, { lookups: 5 }), { keyId: key, seen: [theirs] }, signal);
    expect(tell(trace)).toEqual([
      "Origin  ci (role deploy) @ account 444455556666: no reader role there; add accounts.'444455556666'.reader_role.",
      'All 5 lookups that one walk may cost were used: what is missing here may exist.',
    ]);
    expect(trace.lookups).toBe(5);
  });

  it('without a reader role are named where a sign-in would have been looked for', async () => {
    const key = tempKey(5, THERE);
    const person = asUser('carol', { key, account: THERE, began: ago(50), mfa: true });
    const marked = uses(person, { at: ago(10), more: { sessionCredentialFromConsole: 'true' } });
    const places = everywhere.filter(({ account }) => account === HERE);
    const trace = await traceKey(tools(history([], { places })), { keyId: key, seen: [marked] }, signal);
    expect(tell(trace)).toEqual([
      "Origin  IAM user carol of account 444455556666, in the console with MFA; the sign-in could not be looked for: no reader role there; add accounts.'444455556666'.reader_role.",
    ]);
  });

  it('that used a key of the same id are left aside for the account that used it last', async () => {
    const theirs = uses(asRole('other', 'x', { key: A, account: THERE, began: daysAgo(5) }), {
      at: daysAgo(5),
    });
    const cloud = history([issue('eu-west-1')]);
    const both = { keyId: A, seen: [theirs, seen], usedAt: ago(10) };
    expect(tell(await traceKey(tools(cloud), both, signal))).toEqual([
      '09:25:02  user alice assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with AKIA#1',
      `Origin  ${ORIGIN}`,
      'A key of this id was also used by account 444455556666: AWS may give the id of a temporary key out twice, and that use is not walked back.',
    ]);
  });
});

const STOPPED =
  'The walk was stopped before its end. Role deploy of account 111122223333, session ci: who made this session is not known yet.';

describe('what could not be asked is said', () => {
  const deny = (regions: readonly string[]) =>
    Object.fromEntries(regions.map((region) => [`${HERE}|${region}`, { after: 0, trouble: DENIED }]));

  it('where the answer may have been there', async () => {
    const troubles = deny(['ap-south-1', 'eu-west-2', 'sa-east-1', 'us-west-2']);
    const trace = await traceKey(tools(history([issue('sa-east-1')], { troubles })), start, signal);
    expect(trace.origin.kind).toBe('not found');
    expect(trace.caveats).toEqual([
      'Not looked through: account 111122223333 in ap-south-1, eu-west-2, sa-east-1 and 1 more region: not allowed to call cloudtrail:LookupEvents; add it to the reader role.',
    ]);
  });

  it('and not where the answer was found elsewhere', async () => {
    const cloud = history([issue('eu-west-3')], { troubles: deny(['ap-south-1', 'us-east-1']) });
    const trace = await traceKey(tools(cloud), start, signal);
    expect(trace.origin.said).toBe(ORIGIN);
    expect(trace.caveats).toEqual([]);
  });

  it('when all of the account is closed', async () => {
    const trace = await traceKey(tools(history([], { troubles: deny(DEFAULT_REGIONS) })), start, signal);
    expect(trace.origin).toEqual({
      kind: 'other account',
      said: 'ci (role deploy) @ account 111122223333: not allowed to call cloudtrail:LookupEvents; add it to the reader role.',
    });
  });

  it('when the lookups of one walk are used up', async () => {
    const cloud = history([]);
    const trace = await traceKey(tools(cloud, { lookups: 20 }), start, signal);
    expect(trace.lookups).toBe(20);
    expect(trace.origin.kind).toBe('stopped');
    expect(trace.origin.said).toBe(
      'The walk ran out of lookups. Role deploy of account 111122223333, session ci: who made this session is not known yet.',
    );
    expect(trace.caveats).toEqual([
      'All 20 lookups that one walk may cost were used: what is missing here may exist.',
    ]);
  });

  it('and never costs more than 60', async () => {
    const keys = Array.from({ length: 9 }, (_, n) => tempKey(n + 1));
    const chain = keys.slice(1).map((key, n) =>
      assumes(asRole('deploy', 'ci', { key, began: ago(50) }), 'deploy', 'ci', keys[n] ?? '', {
        at: ago(50),
        region: 'sa-east-1',
      }),
    );
    const trace = await traceKey(tools(history(chain)), start, signal);
    expect(trace.lookups).toBeLessThanOrEqual(60);
    expect(trace.hops.length).toBeGreaterThan(2);
  });

  it('when it was cancelled', async () => {
    const stop = new AbortController();
    const cloud = history([]);
    const stopping: CloudHistory = {
      ...cloud,
      async *lookup(lookup, inner) {
        stop.abort();
        yield* cloud.lookup(lookup, inner);
      },
    };
    const trace = await traceKey(tools(stopping), start, stop.signal);
    expect(trace.origin).toEqual({ kind: 'stopped', said: STOPPED });
    expect(cloud.asked).toHaveLength(1);
  });

  /** What never answers, whatever it is asked, and says when it was. */
  function deaf(cloud: CloudHistory, what: 'reach' | 'lookup' | 'keyAccount') {
    let asked = () => {};
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const never = () => {
      asked();
      return new Promise<never>(() => {});
    };
    async function* lookup() {
      yield await never();
    }
    return { wasAsked, cloud: { ...cloud, [what]: what === 'lookup' ? lookup : never } as CloudHistory };
  }

  it.each(['reach', 'lookup'] as const)(
    'at once when it is cancelled, though AWS hangs in %s',
    async (what) => {
      const stop = new AbortController();
      const { cloud, wasAsked } = deaf(history([]), what);
      const walking = traceKey(tools(cloud), start, stop.signal);
      await wasAsked;
      stop.abort();
      expect((await walking).origin).toEqual({ kind: 'stopped', said: STOPPED });
    },
  );

  it.each(['reach', 'keyAccount'] as const)(
    'at once when nothing is known yet, though AWS hangs in %s',
    async (what) => {
      const stop = new AbortController();
      const key = tempKey(1, '777788889999');
      const { cloud, wasAsked } = deaf(history([]), what);
      const walking = traceKey(tools(cloud), { keyId: key, seen: [] }, stop.signal);
      await wasAsked;
      stop.abort();
      expect(await walking).toMatchObject({
        hops: [],
        origin: {
          kind: 'stopped',
          said: 'The walk was stopped before its end. Nothing is known yet of who made or used this key in account 777788889999.',
        },
      });
    },
  );

  it('after the hops that were found, with what the last session says of itself', async () => {
    const stop = new AbortController();
    const B = tempKey(2);
    const build = asRole('build', 'two', { key: B, began: ago(60), more: { sourceIdentity: 'mallory' } });
    const cloud = history([assumes(build, 'deploy', 'ci', A, { at: ago(50) })]);
    const stopping: CloudHistory = {
      ...cloud,
      async *lookup(lookup, inner) {
        if (cloud.asked.length > 0) stop.abort();
        yield* cloud.lookup(lookup, inner);
      },
    };
    expect(tell(await traceKey(tools(stopping), start, stop.signal))).toEqual([
      '09:25:02  two (role build) assumed role deploy as session ci, source identity mallory (asserted), without MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with ASIA#2',
      'Origin  The walk was stopped before its end. Role build of account 111122223333, session two, source identity mallory (asserted, not proven): who made this session is not known yet.',
      'A source identity is what the caller asserted: it is shown and not believed.',
    ]);
  });

  it('before the copy of a call in the account of its caller', async () => {
    const stop = new AbortController();
    const cloud = history([
      assumes(asAccount(THERE, 'AIDAI2345678EXAMPLE'), 'deploy', 'ci', A, { at: ago(50) }),
    ]);
    const stopping: CloudHistory = {
      ...cloud,
      async *lookup(lookup, inner) {
        if (lookup.place.account === THERE) stop.abort();
        yield* cloud.lookup(lookup, inner);
      },
    };
    expect((await traceKey(tools(stopping), start, stop.signal)).origin.said).toBe(
      "AIDAI2345678EXAMPLE @ account 444455556666: the walk was stopped before the copy of the call there was found; that account's own trail has the copy that says who made it.",
    );
  });
});

describe('through the real SDK', () => {
  /** Two accounts over HTTP; the other one lets the bot in where `role` says so. */
  async function overHttp(records: readonly CloudTrailRecord[], role: string | undefined) {
    const aws = await startFakeAws({
      accounts: { [HERE]: {}, [THERE]: role === undefined ? {} : { readerRole: role } },
      now: () => NOW,
      rate: 'unlimited',
    });
    aws.add(records.map(({ body }) => body));
    const cloud = createCloudHistory({
      accounts: new Map([[THERE, { readerRole: 'TrailbotReader' }]]),
      regions: 'enabled',
      endpoint: aws.url,
      credentials: aws.credentials,
      clock,
      log,
      rate: { requests: 1000, per: 1000 },
    });
    onTestFinished(() => cloud.close());
    return { aws, cloud };
  }

  const shared = { sharedEventID: 'b2c3d4e5-0000-4000-8000-000000000002' };
  const B = tempKey(2, THERE);
  const builder = asRole('build', 'job-42', { key: B, account: THERE, began: ago(60) });
  const call = (by: typeof builder, account: string) =>
    assumes(by, 'deploy', 'ci', A, { at: ago(50), account, owner: HERE, region: 'us-west-2', more: shared });
  const chain = [
    seen,
    call(asAccount(THERE, 'AROACKCEVSQ6C2EXAMPLE:job-42'), HERE),
    call(builder, THERE),
    assumes(
      asWeb('token.actions.githubusercontent.com', 'repo:acme/shop:ref:refs/heads/main'),
      'build',
      'job-42',
      B,
      {
        at: ago(60),
        account: THERE,
        call: 'AssumeRoleWithWebIdentity',
      },
    ),
  ];

  it('a role is walked back across accounts and regions to a job of GitHub Actions', async () => {
    const { cloud } = await overHttp(chain, 'TrailbotReader');
    const trace = await traceKey(tools(cloud), { keyId: A, seen: [] }, signal);
    expect(tell(trace)).toEqual([
      '09:25:02  job-42 (role build) assumed role deploy as session ci, without MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 us-west-2 · made ASIA#1 · signed with ASIA#2 · matched in account 444455556666 by sharedEventID',
      '09:15:02  acme/shop (GitHub Actions, ref:refs/heads/main) came in with a web identity and assumed role build as session job-42 from 192.0.2.10 with aws-cli 2.17 · 444455556666 eu-west-1 · made ASIA#2',
      'Origin  GitHub Actions of acme/shop, ref refs/heads/main.',
    ]);
    expect(trace.lookups).toBeLessThanOrEqual(60);
  });

  it('an account that does not let the bot in ends the walk with the reason', async () => {
    const { cloud } = await overHttp(chain, undefined);
    const trace = await traceKey(tools(cloud), start, signal);
    expect(trace.hops).toHaveLength(1);
    expect(trace.origin.kind).toBe('other account');
    expect(trace.origin.said).toMatch(
      /^AROACKCEVSQ6C2EXAMPLE:job-42 @ account 444455556666: not allowed to /,
    );
  });

  it('a session of the console leads to the sign-in, with its MFA and address', async () => {
    const person = asUser('alice', { key: A, began: ago(50), mfa: true });
    const marked = uses(person, { at: ago(10), more: { sessionCredentialFromConsole: 'true' } });
    const login = signIn('ConsoleLogin', asUser('alice'), {
      at: ago(50),
      region: 'eu-north-1',
      further: { MFAUsed: 'Yes' },
    });
    const { aws, cloud } = await overHttp([marked, login], 'TrailbotReader');
    const trace = await traceKey(tools(cloud), { keyId: A, seen: [marked] }, signal);
    expect(tell(trace)).toEqual([
      '09:25:02  user alice signed in to the console, with MFA from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 eu-north-1 · made ASIA#1 · matched by name and time',
      'Origin  IAM user alice of account 111122223333, signed in to the console with MFA from 192.0.2.10.',
    ]);
    expect(aws.requests.filter(({ operation }) => operation === 'LookupEvents')).toHaveLength(trace.lookups);
  });

  it('a session of the console whose sign-in is not to be found says where it was looked for', async () => {
    const person = asUser('alice', { key: A, began: ago(50), mfa: true });
    const marked = uses(person, { at: ago(10), more: { sessionCredentialFromConsole: 'true' } });
    const login = (at: number) =>
      signIn('ConsoleLogin', asUser('alice'), { at, further: { MFAUsed: 'Yes' }, region: 'ap-south-1' });
    const none = await overHttp([marked, login(ago(300))], 'TrailbotReader');
    none.aws.fault({ kind: 'deny', operation: 'LookupEvents', region: 'sa-east-1' });
    const trace = await traceKey(tools(none.cloud), { keyId: A, seen: [marked] }, signal);
    expect(tell(trace)).toEqual([
      'Origin  IAM user alice of account 111122223333, in the console with MFA; the sign-in was not found in any of the 16 regions asked.',
      expect.stringMatching(/^Not looked through: account 111122223333 in sa-east-1: not allowed to call /),
    ]);
    const there = await overHttp([marked, login(ago(51))], 'TrailbotReader');
    expect((await traceKey(tools(there.cloud), { keyId: A, seen: [marked] }, signal)).hops).toMatchObject([
      { action: 'signin:ConsoleLogin', region: 'ap-south-1' },
    ]);
  });

  it("a session of root is looked for in the one region that has root's sign-ins", async () => {
    const marked = uses(asRoot({ key: A, began: ago(50), mfa: true }), {
      at: ago(10),
      more: { sessionCredentialFromConsole: 'true' },
    });
    const { cloud } = await overHttp([marked], 'TrailbotReader');
    expect(tell(await traceKey(tools(cloud), { keyId: A, seen: [marked] }, signal))).toEqual([
      'Origin  Root user of account 111122223333, in the console with MFA; the sign-in was not found in us-east-1.',
    ]);
  });

  it('a region that refuses is a caveat', async () => {
    const { aws, cloud } = await overHttp([seen], 'TrailbotReader');
    aws.fault({ kind: 'deny', operation: 'LookupEvents', region: 'sa-east-1' });
    const trace = await traceKey(tools(cloud), start, signal);
    expect(trace.caveats).toEqual([
      expect.stringMatching(
        /^Not looked through: account 111122223333 in sa-east-1: not allowed to call cloudtrail:LookupEvents; /,
      ),
    ]);
  });
});
