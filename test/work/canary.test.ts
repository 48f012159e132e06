import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CANARY_DETAIL_TYPE, CANARY_SOURCE, type Canary, canaryDetail } from '../../src/cloudtrail/canary.ts';
import { readDelivery } from '../../src/cloudtrail/delivery.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { HOUR, MINUTE, type Millis, nextTurn, SECOND } from '../../src/kernel/time.ts';
import type { Trouble } from '../../src/questions/coverage.ts';
import { listAlerts } from '../../src/store/alerts.ts';
import { claimJobs } from '../../src/store/jobs.ts';
import { type CanarySender, createCanaryStep } from '../../src/work/canary.ts';
import { readCanaryStatus } from '../../src/work/canary-status.ts';
import { LookupTrouble, type Place } from '../../src/work/cloud-history.ts';
import { evaluatePending } from '../../src/work/evaluate.ts';
import { createIntake } from '../../src/work/intake.ts';
import { operate } from '../../src/work/operate.ts';
import { type Evaluation, startEvaluation } from '../support/evaluation.ts';

const ROOT = join(import.meta.dirname, '../..');
const RULES = ['connection-lost', 'canary-lost', 'canary-not-sent']
  .map((name) => readFileSync(join(ROOT, `rules/watch/${name}.yml`), 'utf8'))
  .join('\n---\n');

const PROD = '111122223333';
const TEST = '444455556666';
const NAMES = new Map([[PROD, 'prod']]);
const IRELAND = { account: PROD, region: 'eu-west-1' };
const VIRGINIA = { account: PROD, region: 'us-east-1' };
const OTHER = { account: TEST, region: 'eu-west-1' };

const DENIED: Trouble = {
  kind: 'denied',
  what: 'not allowed to call events:PutEvents',
  remedy: 'allow events:PutEvents to the role or user that asks there',
};
const BUSY: Trouble = { kind: 'throttled', what: 'AWS takes no more requests at the moment', remedy: 'wait' };

/** What becomes of a canary: how long it takes, or why it goes nowhere. */
type Fate = Millis | 'lost' | 'hangs' | Trouble;

interface World {
  readonly evaluation: Evaluation;
  readonly sent: (Canary & { readonly at: Millis })[];
  /** By region, or account and region; a second unless said. */
  fate(place: Place | 'all', fate: Fate): void;
  /** Accounts that cannot be entered. */
  readonly troubles: { account: string; trouble: Trouble }[];
  places: readonly Place[];
  come(canary: Canary, envelope?: Partial<Place>): Promise<void>;
  pass(time: Millis): Promise<void>;
  /** They are switched off by the configuration. */
  off: boolean;
  /** The process ends, and another begins so much later. */
  restart(after: Millis): Promise<void>;
  alerts(): Promise<string[]>;
}

async function world(places: readonly Place[], yaml?: string): Promise<World> {
  const evaluation = await startEvaluation(RULES, yaml);
  const { db, clock, counters, tools } = evaluation;
  let stored = false;
  const intake = createIntake(db, counters, tools.fresh, () => {
    stored = true;
  });
  const evaluate = async () => {
    while (stored && (await evaluatePending(tools, 50)) > 0);
    stored = false;
  };
  const fates = new Map<string, Fate>();
  const onTheWay: { readonly canary: Canary; readonly at: Millis }[] = [];
  const sender: CanarySender = {
    places: async () => ({ places: made.places, troubles: made.troubles, home: PROD }),
    async send(canary) {
      const fate = fates.get(`${canary.account}|${canary.region}`) ?? fates.get('all') ?? SECOND;
      if (typeof fate === 'object') throw new LookupTrouble(fate);
      if (fate === 'hangs') return new Promise(() => {});
      made.sent.push({ ...canary, at: clock.now() });
      if (typeof fate === 'number') onTheWay.push({ canary, at: clock.now() + fate });
    },
  };
  const begin = () =>
    createCanaryStep({
      db,
      intake,
      counters,
      sender: async () => (made.off ? undefined : sender),
      late: () => 5 * MINUTE,
      accountName: (account) => NAMES.get(account) ?? account,
      homeRegion: () => 'eu-west-1',
      changed: () => {},
      clock,
      random: systemRandom,
      log: createLog('silent'),
      closing: new AbortController().signal,
    });
  /** A step that waits for a place that hangs ends only as time goes on. */
  const whileTimeGoesOn = async (stepping: Promise<Millis>): Promise<Millis> => {
    let pause: Millis | undefined;
    void stepping.then((said) => {
      pause = said;
    });
    while (pause === undefined) {
      await nextTurn();
      if ([...fates.values()].includes('hangs')) await clock.advance(SECOND / 50);
    }
    return pause;
  };
  let step = begin();
  let rest = 0;
  const made: World = {
    evaluation,
    sent: [],
    troubles: [],
    places,
    off: false,
    fate: (place, fate) => void fates.set(place === 'all' ? 'all' : `${place.account}|${place.region}`, fate),
    async come(canary, said = {}) {
      const detail = canaryDetail(canary, clock.now());
      const { account, region } = { ...canary, ...said };
      const envelope = { source: CANARY_SOURCE, 'detail-type': CANARY_DETAIL_TYPE, account, region, detail };
      const delivery = readDelivery(JSON.stringify(envelope));
      if ('notJson' in delivery) throw new Error(delivery.notJson);
      await intake.accept(delivery, clock.now());
    },
    async pass(time) {
      const end = clock.now() + time;
      for (;;) {
        await evaluate();
        const arriving = onTheWay.toSorted((a, b) => a.at - b.at)[0];
        const next = Math.min(end, clock.now() + rest, arriving?.at ?? end);
        const took = next - clock.now();
        rest -= took;
        await clock.advance(took);
        if (arriving && arriving.at <= clock.now()) {
          onTheWay.splice(onTheWay.indexOf(arriving), 1);
          await made.come(arriving.canary);
        }
        if (rest <= 0) rest = await whileTimeGoesOn(step());
        if (clock.now() >= end && rest > 0) break;
      }
      await evaluate();
    },
    async restart(after) {
      await clock.advance(after);
      step = begin();
      rest = 0;
    },
    async alerts() {
      const all = await listAlerts(db, { states: ['firing', 'acknowledged', 'resolved'], limit: 50 });
      return all.reverse().map(({ ruleName, state, facts }) => `${ruleName} ${state}: ${facts.summary}`);
    },
  };
  return made;
}

const LOST =
  'canary-lost firing: The canary from prod (111122223333) in eu-west-1 did not come back within 5 min.';

describe('canaries', () => {
  it('of other places go their way while one hangs, and are judged', async () => {
    const it = await world([IRELAND, VIRGINIA, OTHER]);
    it.fate(IRELAND, 'hangs');
    it.fate(OTHER, 'lost');
    await it.pass(MINUTE);
    expect(it.sent.map(({ account, region }) => ({ account, region }))).toEqual([VIRGINIA, OTHER]);
    expect((await readCanaryStatus(it.evaluation.db, String))?.places).toContainEqual(
      expect.objectContaining({ ...VIRGINIA, took: expect.any(Number) }),
    );
  });

  it('are sent from every place soon after the start and then every quarter of an hour, and come back', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    await it.pass(10 * SECOND);
    expect(it.sent.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1']);
    await it.pass(HOUR);
    expect(it.sent).toHaveLength(10);
    expect(new Set(it.sent.map(({ id }) => id)).size).toBe(10);
    const quarters = it.sent.slice(2).map(({ at }) => Math.floor((at % HOUR) / MINUTE));
    expect(quarters).toEqual([30, 30, 45, 45, 0, 0, 15, 15]);
    expect(await it.alerts()).toEqual([]);
    const { seen } = it.evaluation.counters;
    expect(seen.get('canary sent')).toBe(10);
    expect(seen.get('canary returned')).toBe(10);
    expect(seen.get('canary took')).toBe(10 * SECOND);
  });

  it('of many places are spread over a minute', async () => {
    const places = Array.from({ length: 90 }, (_, at) => ({ account: PROD, region: `region-${at}` }));
    const it = await world(places);
    await it.pass(2 * MINUTE);
    expect(it.sent).toHaveLength(90);
    const perSecond = new Map<number, number>();
    for (const { at } of it.sent)
      perSecond.set(Math.floor(at / SECOND), (perSecond.get(Math.floor(at / SECOND)) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(2);
  });

  it('one that does not come back in time is one alert, however long that lasts', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 'lost');
    await it.pass(5 * MINUTE);
    expect(await it.alerts()).toEqual([]);
    await it.pass(MINUTE);
    expect(await it.alerts()).toEqual([LOST]);
    await it.pass(3 * HOUR);
    expect(await it.alerts()).toEqual([LOST]);
    const [alert] = await listAlerts(it.evaluation.db, { states: ['firing'], limit: 5 });
    expect(alert?.count).toBe(1);
    expect(alert?.facts.fields).toEqual([
      ['serviceEventDetails.lastReturned', 'never'],
      ['serviceEventDetails.remedy', expect.stringContaining('the rule for canaries there')],
    ]);
  });

  it('that are back close the alert that nobody has taken, with a note', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 'lost');
    await it.pass(10 * MINUTE);
    it.fate(IRELAND, SECOND);
    await it.pass(20 * MINUTE);
    const [alert] = await listAlerts(it.evaluation.db, { states: ['resolved'], limit: 5 });
    expect(alert).toMatchObject({ ruleName: 'canary-lost', resolvedBy: undefined });
    expect(alert?.note).toMatch(
      /^A canary from prod in eu-west-1 came back at .*, 14 min 56 s after the lost one was sent\.$/,
    );
    it.fate(IRELAND, 'lost');
    await it.pass(30 * MINUTE);
    expect(await it.alerts()).toEqual([LOST.replace('firing', 'resolved'), LOST]);
  });

  it('that are only late end the outage when they come', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 7 * MINUTE);
    await it.pass(6 * MINUTE);
    expect(await it.alerts()).toEqual([LOST]);
    await it.pass(2 * MINUTE);
    expect(await it.alerts()).toEqual([LOST.replace('firing', 'resolved')]);
  });

  it('that are back leave the alert to whoever has acknowledged it, and say so in its thread', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    const { db, clock } = it.evaluation;
    it.fate(IRELAND, 'lost');
    await it.pass(10 * MINUTE);
    const [alert] = await listAlerts(db, { states: ['firing'], limit: 1 });
    const operator = { userId: 'U1', teamId: 'T1', name: 'Alice' };
    await operate(
      { db, clock, random: systemRandom, refuse: async () => undefined },
      { alertId: alert?.id ?? '', version: 1, operation: { kind: 'acknowledge' }, operator, pressId: 'p1' },
    );
    it.fate(IRELAND, SECOND);
    await it.pass(20 * MINUTE);
    expect(await it.alerts()).toEqual([LOST.replace('firing', 'acknowledged')]);
    const jobs = await claimJobs(db, clock.now(), { token: 't', until: clock.now() + 1 }, 50);
    expect(jobs.map(({ kind, subject }) => `${kind} ${subject}`)).toContain(`remind ${alert?.id}:2:over`);
  });

  it('of all places lost at once are one alert about the connection', async () => {
    const it = await world([IRELAND, VIRGINIA, OTHER]);
    it.fate('all', 'lost');
    await it.pass(50 * MINUTE);
    expect(await it.alerts()).toEqual([
      'connection-lost firing: No canary from all 3 places came back within 5 min.',
    ]);
    it.fate(IRELAND, SECOND);
    it.fate(OTHER, SECOND);
    await it.pass(HOUR);
    expect(await it.alerts()).toEqual([
      'connection-lost resolved: No canary from all 3 places came back within 5 min.',
      LOST.replace('eu-west-1', 'us-east-1'),
    ]);
  });

  it('of one account lost in all its regions are one alert', async () => {
    const it = await world([IRELAND, VIRGINIA, OTHER]);
    it.fate(IRELAND, 'lost');
    it.fate(VIRGINIA, 'lost');
    await it.pass(HOUR);
    expect(await it.alerts()).toEqual([
      'canary-lost firing: The canary from all 2 regions of prod (111122223333) did not come back within 5 min.',
    ]);
  });

  it('of one region lost in all accounts are one alert', async () => {
    const it = await world([IRELAND, VIRGINIA, OTHER]);
    it.fate(IRELAND, 'lost');
    it.fate(OTHER, 'lost');
    await it.pass(50 * MINUTE);
    const lost = 'The canary from eu-west-1 in all 2 accounts did not come back within 5 min.';
    expect(await it.alerts()).toEqual([`canary-lost firing: ${lost}`]);
    it.fate(IRELAND, SECOND);
    it.fate(OTHER, SECOND);
    await it.pass(30 * MINUTE);
    expect(await it.alerts()).toEqual([`canary-lost resolved: ${lost}`]);
  });
});

describe('a canary that cannot be sent', () => {
  const NOT_SENT =
    'canary-not-sent firing: No canary could be sent from prod (111122223333) in eu-west-1: not allowed to call events:PutEvents.';

  it('is another alert, with the remedy, closed as soon as one can be sent', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, DENIED);
    await it.pass(20 * MINUTE);
    expect(await it.alerts()).toEqual([NOT_SENT]);
    const [alert] = await listAlerts(it.evaluation.db, { states: ['firing'], limit: 1 });
    expect(alert?.facts.fields).toContainEqual(['serviceEventDetails.remedy', DENIED.remedy]);
    it.fate(IRELAND, SECOND);
    await it.pass(20 * MINUTE);
    expect(await it.alerts()).toEqual([NOT_SENT.replace('firing', 'resolved')]);
  });

  it('is told at once when only a person can help, and the second time when it may pass', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, BUSY);
    await it.pass(10 * MINUTE);
    expect(await it.alerts()).toEqual([]);
    await it.pass(10 * MINUTE);
    expect(await it.alerts()).toHaveLength(1);
  });

  it('because the account cannot be entered counts for the whole account', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.troubles.push({
      account: TEST,
      trouble: { ...DENIED, what: 'not allowed to assume the role Reader' },
    });
    await it.pass(HOUR);
    expect(await it.alerts()).toEqual([
      'canary-not-sent firing: No canary could be sent from 444455556666: not allowed to assume the role Reader.',
    ]);
  });

  it('from anywhere is one alert', async () => {
    const it = await world([IRELAND, VIRGINIA, OTHER]);
    it.fate('all', DENIED);
    await it.pass(HOUR);
    expect(await it.alerts()).toEqual([
      'canary-not-sent firing: No canary could be sent from all 3 places: not allowed to call events:PutEvents.',
    ]);
  });
});

describe('nobody is misled', () => {
  it('by the sleep of a bot that was down, or of its machine', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate('all', 'lost');
    await it.pass(3 * MINUTE);
    await it.restart(2 * HOUR);
    it.fate('all', SECOND);
    await it.pass(HOUR);
    expect(await it.alerts()).toEqual([]);
    it.fate('all', 'lost');
    await it.pass(13 * MINUTE);
    const { clock } = it.evaluation;
    await clock.advance(5 * HOUR);
    it.fate('all', SECOND);
    await it.pass(HOUR);
    expect(await it.alerts()).toEqual([]);
  });

  it('by a restart in the middle of an outage: it is the same one, and ends', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 'lost');
    await it.pass(10 * MINUTE);
    await it.restart(MINUTE);
    await it.pass(HOUR);
    expect(await it.alerts()).toEqual([LOST]);
    it.fate(IRELAND, SECOND);
    await it.pass(20 * MINUTE);
    expect(await it.alerts()).toEqual([LOST.replace('firing', 'resolved')]);
  });

  it('by forged and repeated canaries: an unknown id, another place, one that was back before', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 'lost');
    await it.pass(MINUTE);
    const [ireland, virginia] = it.sent;
    if (!ireland || !virginia) throw new Error('nothing was sent');
    await it.come({ ...ireland, id: 'made-up' });
    await it.come({ ...ireland, ...VIRGINIA });
    await it.come(ireland, VIRGINIA);
    await it.come(virginia);
    await it.come(virginia);
    await it.pass(5 * MINUTE);
    expect(await it.alerts()).toEqual([LOST]);
    const { seen } = it.evaluation.counters;
    expect(seen.get('canary returned')).toBe(1);
    expect(seen.get('canary unknown')).toBe(4);
  });

  it('by an old canary: only one that was sent in the outage ends it', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 16 * MINUTE);
    await it.pass(MINUTE);
    await it.restart(0);
    it.fate(IRELAND, 'lost');
    await it.pass(40 * MINUTE);
    expect(await it.alerts()).toEqual([LOST]);
  });

  it('and what is kept of canaries stays small', async () => {
    const it = await world([IRELAND]);
    await it.pass(HOUR);
    await it.restart(26 * HOUR);
    await it.pass(MINUTE);
    const [kept] = await it.evaluation.db.all<{ number: number }>('select count(*) as number from canaries');
    expect(kept?.number).toBe(1);
    it.places = [VIRGINIA];
    await it.restart(3 * HOUR);
    await it.pass(MINUTE);
    const status = await readCanaryStatus(it.evaluation.db, (account) => account);
    expect(status?.places.map(({ region }) => region)).toEqual(['us-east-1']);
  });

  it('by a place that is connected no longer: its alert is closed', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 'lost');
    await it.pass(10 * MINUTE);
    it.places = [VIRGINIA];
    await it.pass(10 * MINUTE);
    expect(await it.alerts()).toEqual([LOST.replace('firing', 'resolved')]);
    const [alert] = await listAlerts(it.evaluation.db, { states: ['resolved'], limit: 1 });
    expect(alert?.note).toContain('not connected by the configuration');
  });

  it('by an outage that was open when canaries were switched off', async () => {
    const it = await world([IRELAND, VIRGINIA]);
    it.fate(IRELAND, 'lost');
    await it.pass(10 * MINUTE);
    expect(await it.alerts()).toEqual([LOST]);
    it.off = true;
    await it.pass(5 * MINUTE);
    expect(await it.alerts()).toEqual([LOST.replace('firing', 'resolved')]);
    expect(await readCanaryStatus(it.evaluation.db, (id) => id)).toBeUndefined();
  });

  it('by the state of things in words', async () => {
    const it = await world([IRELAND, OTHER]);
    it.fate(OTHER, 'lost');
    await it.pass(8 * MINUTE);
    const { db, clock } = it.evaluation;
    const status = await readCanaryStatus(db, (account) => NAMES.get(account) ?? account);
    expect(status?.places).toMatchObject([
      { ...IRELAND, accountName: 'prod', took: SECOND },
      { ...OTHER, accountName: TEST, returnedAt: null },
    ]);
    expect(status?.outages).toMatchObject([{ kind: 'lost', place: '444455556666 in eu-west-1' }]);
    expect(clock.now() - (status?.outages[0]?.since ?? 0)).toBeLessThan(8 * MINUTE);
  });
});
