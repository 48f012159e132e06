import { describe, expect, it } from 'vitest';
import { buildRoute } from '../../src/alerts/route.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { DAY, HOUR, MINUTE, SECOND, sayInstant } from '../../src/kernel/time.ts';
import { outlivedRecords } from '../../src/rules/correlation/retention.ts';
import { listAlerts } from '../../src/store/alerts.ts';
import { callsOfAlert } from '../../src/store/memberships.ts';
import { suppressionsOfRecord } from '../../src/store/suppressions.ts';
import { closeDueWindows } from '../../src/work/correlate-alerts.ts';
import { evaluatePending } from '../../src/work/evaluate.ts';
import { rerouteUndelivered } from '../../src/work/reroute.ts';
import { sweep } from '../../src/work/sweep.ts';
import { runDue } from '../../src/work/worker.ts';
import { baseRules, correlationText, START } from '../support/correlations.ts';
import { type Evaluation, startEvaluation } from '../support/evaluation.ts';
import { record } from '../support/records.ts';

const ALL = ['firing', 'acknowledged', 'resolved'] as const;
const alertsIn = ({ db }: Evaluation) => listAlerts(db, { states: ALL, limit: 50 });
const RULES = baseRules('a', 'b');
const THREE =
  'type: event_count, rules: [a], group-by: [sourceIPAddress], timespan: 10m, condition: {gte: 3}';

const event = (name: string, seconds: number, over: JsonObject = {}) =>
  record({ eventName: name, eventTime: sayInstant(START + seconds * SECOND), ...over });

describe('a correlation', () => {
  it('makes one alert of what it counts, with all of its records, and its rules make none', async () => {
    const evaluation = await startEvaluation(RULES + correlationText(THREE, 'level: high'));
    await evaluation.take([event('a', 0), event('a', 1)]);
    expect(await alertsIn(evaluation)).toEqual([]);
    await evaluation.take([event('a', 2), event('a', 3), event('b', 4)]);
    const [b, correlated] = await alertsIn(evaluation);
    expect(b).toMatchObject({ ruleName: 'b', count: 1 });
    expect(correlated).toMatchObject({
      ruleName: 'correlated',
      level: 'high',
      count: 2,
      facts: { summary: '3 events within 10 min (203.0.113.5); the last was a by user alice' },
    });
    expect(await callsOfAlert(evaluation.db, correlated?.id ?? '')).toMatchObject([
      { eventName: 'a', count: 4 },
    ]);
  });

  it('is one alert for each group, whoever acted', async () => {
    const evaluation = await startEvaluation(RULES + correlationText(THREE));
    const from = (address: string, seconds: number, name: string) =>
      event('a', seconds, { sourceIPAddress: address, userIdentity: { type: 'IAMUser', userName: name } });
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      await evaluation.take(['u', 'v', 'w', 'x'].map((name, index) => from(address, index, name)));
    }
    expect((await alertsIn(evaluation)).map(({ count }) => count)).toEqual([2, 2]);
  });

  it('leaves its rules their alerts with generate', async () => {
    const evaluation = await startEvaluation(RULES + correlationText(`${THREE}, generate: true`));
    await evaluation.take([event('a', 0), event('a', 1), event('a', 2)]);
    expect((await alertsIn(evaluation)).map(({ ruleName, count }) => [ruleName, count])).toEqual([
      ['correlated', 1],
      ['a', 3],
    ]);
  });

  it('counts events of an informational rule', async () => {
    const evaluation = await startEvaluation(
      RULES.replaceAll('name: a', 'name: a\nlevel: informational') + correlationText(THREE),
    );
    await evaluation.take([event('a', 0), event('a', 1), event('a', 2)]);
    expect(await alertsIn(evaluation)).toMatchObject([{ ruleName: 'correlated' }]);
  });

  it('is silenced, routed and named like any rule', async () => {
    const evaluation = await startEvaluation(
      RULES +
        correlationText(THREE, 'trailbot: {summary: "{count} from {sourceIPAddress}", group_by: [account]}'),
      'routes: {channel: "#all", routes: [{match: ["rule=correlated"], channel: "#counted"}]}',
    );
    await evaluation.take([event('a', 0), event('a', 1), event('a', 2)]);
    expect(await alertsIn(evaluation)).toMatchObject([
      { channel: '#counted', facts: { summary: '3 from 203.0.113.5' } },
    ]);
  });

  it('that could not be posted goes where the routes lead now, and further events after it', async () => {
    const evaluation = await startEvaluation(RULES + correlationText(THREE));
    await evaluation.take([event('a', 0), event('a', 1), event('a', 2)]);
    await evaluation.db.run('update jobs set parked_at = 1');
    const { tools } = evaluation;
    const before = tools.settings();
    const routes = buildRoute({}, { channel: '#other', groupBy: undefined, groupWait: 0 });
    const moved = { ...tools, settings: () => ({ ...before, routes }) };
    await rerouteUndelivered(moved);
    expect(await alertsIn(evaluation)).toMatchObject([{ channel: '#other', count: 1 }]);
    Object.assign(tools, moved);
    await evaluation.take([event('a', 3)]);
    expect(await alertsIn(evaluation)).toMatchObject([{ channel: '#other', count: 2 }]);
  });

  it('notes which event came too late', async () => {
    const evaluation = await startEvaluation(RULES + correlationText(THREE));
    const late = event('a', 0);
    await evaluation.clock.advance(HOUR);
    await evaluation.take([event('a', 3600)]);
    await evaluation.take([late]);
    expect(await suppressionsOfRecord(evaluation.db, `111122223333|us-east-1|${late.eventID}`)).toMatchObject(
      [{ ruleId: '00000000-0000-4000-8000-0000000000c1', reason: expect.stringContaining('came too late') }],
    );
  });

  it('that waits for the end of its window is judged by a job, once', async () => {
    const few = THREE.replace('{gte: 3}', '{lt: 3}');
    const evaluation = await startEvaluation(RULES + correlationText(few));
    const { tools, db, clock } = evaluation;
    const log = tools.log;
    const worker = {
      db,
      clock,
      log,
      random: systemRandom,
      handlers: new Map([
        ['correlate', () => closeDueWindows(tools)],
        ['notify', async () => 'done' as const],
      ]),
    };
    await evaluation.take([event('a', 0), event('a', 60)]);
    await runDue(worker);
    expect(await alertsIn(evaluation)).toEqual([]);
    await clock.advance(15 * MINUTE);
    await runDue(worker);
    await clock.advance(DAY);
    await runDue(worker);
    const [alert, ...others] = await alertsIn(evaluation);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ ruleName: 'correlated', count: 1 });
    expect(await callsOfAlert(db, alert?.id ?? '')).toMatchObject([{ count: 2 }]);
  });

  it.each([
    ['31d', 31 * DAY, 1, []],
    ['30d', 30 * DAY, 0, [expect.stringContaining('the records were deleted before')]],
  ])('over 30 days needs records that are kept longer: with %s', async (_, records, alerts, reasons) => {
    const body = 'type: event_count, rules: [a], timespan: 30d, condition: {lte: 2}';
    const evaluation = await startEvaluation(RULES + correlationText(body));
    const { db, clock, tools } = evaluation;
    const only = event('a', 15 * 60);
    await evaluation.take([only]);
    await clock.advance(30 * DAY + 15 * MINUTE);
    await sweep({ db, clock }, records);
    await closeDueWindows(tools);
    expect(await alertsIn(evaluation)).toHaveLength(alerts);
    const suppressed = await suppressionsOfRecord(db, `111122223333|us-east-1|${only.eventID}`);
    expect(suppressed.map(({ reason }) => reason)).toEqual(reasons);
    const warned = outlivedRecords(tools.ruleset().correlations, records);
    expect(warned).toHaveLength(1 - alerts);
  });

  it('forgets, a little at a time, what no correlation counts any more', async () => {
    const evaluation = await startEvaluation(RULES + correlationText(THREE));
    await evaluation.take([event('a', 0), event('a', 1)]);
    const rows = () => evaluation.db.all('select record_key from correlation_hits');
    expect(await rows()).toHaveLength(2);
    const { ruleset } = evaluation.tools;
    const none = { ...evaluation.tools, ruleset: () => ({ ...ruleset(), correlations: [] }) };
    await evaluatePending(none, 10);
    await evaluatePending(none, 10);
    expect(await rows()).toEqual([]);
    expect(await evaluation.db.all('select id from correlations')).toEqual([]);
  });
});
