import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectOptionsOf } from '../../src/app/connect.ts';
import { rulesOf } from '../../src/app/rulebook.ts';
import { createConnector } from '../../src/aws/connect/connect.ts';
import { readConfig } from '../../src/config/config.ts';
import { type JsonObject, textOf } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import type { Millis } from '../../src/kernel/time.ts';
import type { FakeAccount } from './aws/accounts.ts';
import { EventBridgeState, eventBridge } from './aws/event-bridge.ts';
import { createEventBridgeDelivery, type EventBridgeDelivery } from './aws/event-bridge-delivery.ts';
import { type FakeAws, startFakeAws } from './aws/fake-aws.ts';
import { iamRoles, RoleState } from './aws/iam-roles.ts';
import { fakeQueues } from './aws/sqs.ts';
import { type Bot, startBot } from './bot.ts';
import { type FakeClock, fakeClock, hurriedClock } from './clock.ts';
import { envelope } from './records.ts';
import { temporaryFolder } from './store.ts';

/** A whole bot and all that AWS has for it: nothing reaches it but what EventBridge delivers and it asks for itself. */
export interface ConnectedBot {
  readonly bot: Bot;
  readonly clock: FakeClock;
  readonly aws: FakeAws;
  readonly delivery: EventBridgeDelivery;
  /** CloudTrail logs the records: they are in its history, and EventBridge is given them, each with its own id. */
  happen(records: readonly JsonObject[]): void;
  /** Between EventBridge and the bot there is no network until `mend`. */
  cut(): void;
  mend(): void;
  /** Time goes on; at the end of it all that is due has been done. What asks AWS must fall due at that end. */
  pass(ms: Millis): Promise<void>;
}

interface ConnectedBotOptions {
  /** With the part `aws`. Rules may be named `rules.yml`. */
  readonly yaml: string;
  /** What is in `rules.yml`. */
  readonly rules: string;
  readonly accounts: Readonly<Record<string, FakeAccount>>;
}

/** A port that nobody listens on. */
const NOWHERE = 'http://127.0.0.1:1';

/** Starts the bot and connects it by what `trailbot aws apply` does, with this configuration and these rules. */
export async function startConnectedBot({
  yaml,
  rules,
  accounts,
}: ConnectedBotOptions): Promise<ConnectedBot> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'rules.yml'), rules);
  const clock = fakeClock();
  const events = new EventBridgeState({ now: clock.now });
  const roles = new RoleState();
  const queues = fakeQueues({ clock });
  const net: { bot?: Bot; isCut: boolean } = { isCut: false };
  const addressOf = (endpoint: string) =>
    endpoint.replace(/^https:\/\/[^/]+/, net.isCut ? NOWHERE : (net.bot?.app.url ?? NOWHERE));
  const delivery = createEventBridgeDelivery({ state: events, queues, roles, clock, addressOf });
  onTestFinished(() => delivery.stop());
  const aws = await startFakeAws({
    accounts,
    now: clock.now,
    rate: 'unlimited',
    services: [eventBridge(events), delivery.service, iamRoles(roles), queues.service],
  });
  const { url: endpoint, credentials } = aws;
  const bot = await startBot({
    yaml,
    folder,
    clock,
    // A bot that waits for its turn would wait for ever: the clock stands still meanwhile.
    aws: { endpoint, credentials, rate: { requests: 100_000, per: 1 } },
  });
  net.bot = bot;
  await apply(bot, yaml, aws);
  await bot.app.settle();
  return {
    bot,
    clock,
    aws,
    delivery,
    happen(records) {
      aws.add(records);
      for (const record of records) {
        const id = textOf(record, 'eventID');
        delivery.put(envelope(record, id === undefined ? {} : { id }));
      }
    },
    cut() {
      net.isCut = true;
    },
    mend() {
      net.isCut = false;
    },
    async pass(ms) {
      await delivery.rested();
      await clock.advance(ms, () => delivery.rested());
      await bot.app.settle();
    },
  };
}

async function apply(bot: Bot, yaml: string, { url: endpoint, credentials }: FakeAws): Promise<void> {
  const read = readConfig({ text: yaml, file: 'trailbot.yaml', env: {} });
  if ('problems' in read || !read.config.aws) throw new Error('the configuration has no part aws');
  const config = { ...read.config, webhookKeys: bot.app.webhookKeys };
  const { compiled } = rulesOf(config, bot.folder).ruleset;
  const connector = createConnector(connectOptionsOf(config, read.config.aws, compiled), {
    endpoint,
    credentials,
    clock: hurriedClock(bot.clock.now()),
    random: systemRandom,
    log: createLog('silent'),
    signal: new AbortController().signal,
  });
  const done = await connector.carryOut(await connector.plan('everything'), () => {});
  connector.close();
  const [failed] = done.failed;
  if (failed) throw new Error(JSON.stringify(failed));
}
