import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { listAlerts } from '../../src/store/alerts.ts';
import { suppressionsOfRecord } from '../../src/store/suppressions.ts';
import { operate } from '../../src/work/operate.ts';
import { ALICE } from '../support/alerts.ts';
import { type Evaluation, startEvaluation } from '../support/evaluation.ts';
import { insight, SHARED_ID } from '../support/insights.ts';
import { record } from '../support/records.ts';

const RULE = (more: string) => `
title: Unusual rate
id: 5d4c0d6e-0a51-4c0e-9a57-2b5fb2d6c7a1
name: unusual
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventCategory: Insight }
  condition: selection
level: medium
trailbot: { ${more} }
`;
const RULES = RULE('group_by: [sharedEventID], quiet_for: 1d');

const alertsIn = ({ db }: Evaluation) =>
  listAlerts(db, { states: ['firing', 'acknowledged', 'resolved'], limit: 50 });

const START =
  'RunInstances 12 × its usual rate (61 a minute instead of 5), top caller role deploy, for 4 minutes so far';
const END =
  'RunInstances 12 × its usual rate (61 a minute instead of 5), top caller role deploy, for 12 minutes; it is over';

describe('an alert about an Insight', () => {
  it('says in words what is unusual, also where the rule has no summary', async () => {
    const evaluation = await startEvaluation(RULES);
    await evaluation.take([insight('Start')]);
    expect(await alertsIn(evaluation)).toMatchObject([
      {
        count: 1,
        facts: { summary: START, sort: 'insight', insight: { sharedId: SHARED_ID, state: 'start' } },
      },
    ]);
  });

  it.each([
    ['start first', ['Start', 'End']],
    ['end first', ['End', 'Start']],
  ] as const)('has both halves, %s, and tells how it ended', async (_, order) => {
    const evaluation = await startEvaluation(RULES);
    for (const half of order) await evaluation.take([insight(half)]);
    const alerts = await alertsIn(evaluation);
    expect(alerts).toMatchObject([
      { count: 2, version: 1, facts: { summary: END, endedAt: Date.UTC(2026, 10, 20, 9, 27) } },
    ]);
    expect(alerts[0]?.firstAt).toBe(Date.UTC(2026, 10, 20, 9, 15));
  });

  it('is not doubled by an end that comes after somebody resolved it', async () => {
    const evaluation = await startEvaluation(RULES);
    await evaluation.take([insight('Start')]);
    const [alert] = await alertsIn(evaluation);
    const operation = { kind: 'resolve', disposition: 'expected', note: undefined } as const;
    const tools = { ...evaluation.tools, refuse: async () => undefined };
    await operate(tools, { alertId: alert?.id ?? '', version: 1, operation, operator: ALICE, pressId: 'p' });
    await evaluation.take([insight('End')]);
    expect(await alertsIn(evaluation)).toMatchObject([{ state: 'resolved', facts: { summary: START } }]);
    const [suppressed] = await suppressionsOfRecord(
      evaluation.db,
      '111122223333|eu-west-1|9b2f6a50-0000-4000-8000-000000000002',
    );
    expect(suppressed?.reason).toContain('stays quiet');
  });

  it('where a rule gathers several, another’s end changes nothing in what it says', async () => {
    const evaluation = await startEvaluation(RULE('group_by: [account]'));
    const other: JsonObject = { ...insight('End'), sharedEventID: 'another', eventID: 'other' };
    await evaluation.take([insight('Start'), other]);
    const [alert] = await alertsIn(evaluation);
    expect(alert).toMatchObject({ count: 2, facts: { summary: START } });
    expect(alert?.facts.endedAt).toBeUndefined();
  });
});

it('links of an alert go through the access portal of the configuration', async () => {
  const rules = RULES.replace('eventCategory: Insight', 'eventName: CreateAccessKey');
  const yaml = 'identity_center: { start_url: "https://acme.awsapps.com/start/", role: ReadOnlyAccess }';
  const evaluation = await startEvaluation(rules, yaml);
  await evaluation.take([record()]);
  const [alert] = await alertsIn(evaluation);
  const start =
    'https://acme.awsapps.com/start/#/console?account_id=111122223333&role_name=ReadOnlyAccess&destination=https%3A%2F%2F';
  expect(alert?.facts.consoleUrl?.startsWith(start)).toBe(true);
  expect(alert?.facts.thing?.kind).toBe('user');
  expect(alert?.facts.thing?.url.startsWith(start)).toBe(true);
});
