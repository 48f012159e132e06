import { type CloudTrailRecord, readRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import { type Millis, sayInstant } from '../../src/kernel/time.ts';
import { loadRules } from '../../src/rules/load.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import { seenStates } from '../../src/store/first-seen.ts';
import { insertRecord, markEvaluated } from '../../src/store/records.ts';
import type { Database } from '../../src/store/sql.ts';
import { admitFirstSeen } from '../../src/work/first-seen.ts';
import { tendFirstSeen } from '../../src/work/first-seen-tend.ts';
import { fakeClock } from './clock.ts';
import { record, user } from './records.ts';
import { temporaryStore } from './store.ts';

const ID = '6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01';

/** A rule that is true for every CreateAccessKey and alerts on what is new. */
export function firstSeenRule(firstSeen: string, id = ID): string {
  return `title: Something new
id: ${id}
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateAccessKey }, condition: selection }
trailbot: { first_seen: ${firstSeen} }
`;
}

export function rulesetOf(...rules: string[]): Ruleset {
  const { ruleset, problems } = loadRules([{ path: 'rules.yml', text: rules.join('---\n') }]);
  if (problems.length > 0) throw new Error(problems.map(sayProblem).join('\n'));
  return ruleset;
}

/** alice calls from an address at a time; overrides replace what the record has. */
export function callFrom(address: string, at: Millis, overrides: JsonObject = {}): CloudTrailRecord {
  const read = readRecord(
    record({
      sourceIPAddress: address,
      eventTime: sayInstant(at),
      userIdentity: user('alice'),
      ...overrides,
    }),
  );
  if ('unreadable' in read) throw new Error(read.unreadable);
  return read;
}

/** First-seen rules on a real store, with a clock that tests move. */
export async function startFirstSeen(...rules: string[]) {
  const clock = fakeClock();
  const bot = {
    clock,
    db: await temporaryStore(),
    ruleset: rulesetOf(...rules),
    most: 100_000,
    /** `new`, or why there is no alert; one answer for each rule. */
    async see(seen: CloudTrailRecord): Promise<string[]> {
      return bot.db.tx(async (sql) => {
        const said: string[] = [];
        for (const match of bot.ruleset.match(seen)) {
          const suppressed = await admitFirstSeen(sql, match, clock.now(), bot.most);
          said.push(suppressed?.reason ?? 'new');
        }
        return said;
      });
    },
    /** Does all that is to be done in the background. */
    async tend(limit = 50): Promise<number> {
      const tools = { db: bot.db, ruleset: () => bot.ruleset, clock, log: createLog('silent') };
      let steps = 0;
      while ((await tendFirstSeen(tools, limit)) > 0) steps += 1;
      return steps;
    },
    /** How many values the rules know. */
    async known(): Promise<number> {
      return (await bot.db.all('select key from first_seen_values')).length;
    },
    sizes: async () => (await seenStates(bot.db)).map(({ size }) => size),
  };
  return bot;
}

/** Records that the bot has stored and evaluated. */
export async function storeEvaluated(
  db: Database,
  records: readonly CloudTrailRecord[],
  receivedAt?: Millis,
): Promise<void> {
  await db.tx(async (sql) => {
    for (const one of records) {
      const at = receivedAt ?? one.eventTime;
      await insertRecord(sql, one, at);
      await markEvaluated(sql, { key: one.key, receivedAt: at, size: 0 });
    }
  });
}
