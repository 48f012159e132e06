import { createCloudHistory } from '../../../src/aws/cloud-history.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { DAY, type Millis, sayInstant } from '../../../src/kernel/time.ts';
import type { CloudHistory } from '../../../src/work/cloud-history.ts';
import type { SweepTools } from '../../../src/work/gaps/sweep-place.ts';
import { type SweepPlan, sweepPlaces } from '../../../src/work/gaps/sweep-places.ts';
import { createIntake } from '../../../src/work/intake.ts';
import type { FakeAccount } from '../../support/aws/accounts.ts';
import { type FakeAws, startFakeAws } from '../../support/aws/fake-aws.ts';
import { type Evaluation, startEvaluation } from '../../support/evaluation.ts';
import { record } from '../../support/records.ts';

export const HOME = '111122223333';
export const OTHER = '444455556666';

/** Alerts on every new user. */
const RULES = `title: user created
id: 1b0c7c64-6f0f-4f0e-9d3c-5a1f6b2d7e01
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateUser }, condition: selection }
trailbot: { group_by: [recipientAccountId] }
---
title: gap
id: 1b0c7c64-6f0f-4f0e-9d3c-5a1f6b2d7e02
level: medium
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventSource: trailbot.internal, eventName: GapFound }, condition: selection }
trailbot: { group_by: [account] }
`;

/** Store, rules, a stand-in for AWS and the way to it. */
export interface Scene extends Evaluation {
  readonly aws: FakeAws;
  readonly history: CloudHistory;
  /** The plan that `run` follows, for a test to change. */
  readonly plan: { -readonly [Member in keyof SweepPlan]: SweepPlan[Member] };
  /** One run of the sweep; then the rules see what it took in. */
  run(): Promise<void>;
  /** Events as AWS has them; those of `arrived` come to the bot, too. */
  happen(events: readonly JsonObject[], arrived?: readonly JsonObject[]): Promise<void>;
}

export async function startScene(
  options: { accounts?: Readonly<Record<string, FakeAccount>>; rules?: string } = {},
): Promise<Scene> {
  const evaluation = await startEvaluation(options.rules ?? RULES);
  const { db, clock, tools } = evaluation;
  const accounts = options.accounts ?? { [HOME]: { regions: ['eu-west-1'] } };
  const aws = await startFakeAws({ accounts, now: clock.now, rate: 'unlimited' });
  const history = createCloudHistory({
    accounts: new Map(Object.entries(accounts).map(([id, { readerRole }]) => [id, { readerRole }])),
    regions: 'enabled',
    endpoint: aws.url,
    credentials: aws.credentials,
    clock,
    log: createLog('silent'),
    rate: { requests: 100_000, per: 1 },
  });
  const intake = createIntake(db, evaluation.counters, tools.fresh, () => {});
  const sweep: SweepTools = {
    db,
    intake,
    ruleset: tools.ruleset,
    keep: () => 30 * DAY,
    clock,
    log: createLog('silent'),
  };
  const plan: Scene['plan'] = {
    history,
    accounts: undefined,
    regions: 'enabled',
    expected: () => true,
    kinds: ['changes'],
    budget: 100,
    signal: new AbortController().signal,
  };
  return {
    ...evaluation,
    aws,
    history,
    plan,
    async run() {
      await sweepPlaces(sweep, plan);
      await evaluation.take([]);
    },
    async happen(events, arrived = []) {
      aws.add(events);
      if (arrived.length > 0) await evaluation.take(arrived);
    },
  };
}

/** A change at a time, in the first region of these tests unless said otherwise. */
export function changeAt(at: Millis, overrides: JsonObject = {}): JsonObject {
  return record({
    eventTime: `${sayInstant(at).slice(0, 19)}Z`,
    awsRegion: 'eu-west-1',
    eventName: 'TagRole',
    ...overrides,
  });
}
