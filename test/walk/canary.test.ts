import { expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { MINUTE, SECOND, sayInstant } from '../../src/kernel/time.ts';
import { connectHome, connectSpoke, queueFor } from '../support/aws/connected.ts';
import { EventBridgeState } from '../support/aws/event-bridge.ts';
import { createEventBridgeDelivery } from '../support/aws/event-bridge-delivery.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeQueues } from '../support/aws/sqs.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { ALICE, alertMessages, ephemerals, pressButton, textIn } from '../support/people.ts';
import { record } from '../support/records.ts';

const HOME = { account: '111122223333', region: 'eu-west-1' };
const FAR = { account: '111122223333', region: 'us-east-1' };

const YAML = `
accounts:
  "111122223333": { name: prod }
aws: { region: eu-west-1, regions: [eu-west-1, us-east-1] }
watch: { canary_late: 1m, sweep: false, silence: false }
`;

/** A bot that is connected: EventBridge posts to its webhook whatever is put on the bus of either region. */
async function connected(more = '') {
  const clock = fakeClock(Date.UTC(2026, 10, 20, 9, 13));
  const state = new EventBridgeState({ now: clock.now });
  const queues = fakeQueues({ clock });
  const late: { bot?: Bot } = {};
  const addressOf = () => `${late.bot?.app.url}/events`;
  const delivery = createEventBridgeDelivery({ state, queues, clock, addressOf });
  onTestFinished(() => delivery.stop());
  const aws = await startFakeAws({ now: clock.now, services: [delivery.service, queues.service] });
  const bot = await startBot({
    yaml: YAML + more,
    clock,
    aws: { endpoint: aws.url, credentials: aws.credentials },
  });
  late.bot = bot;
  const key = bot.app.webhookKeys[0] ?? '';
  const home = connectHome({ state, queues, ...HOME }, key);
  connectSpoke({ state, queues, ...FAR }, HOME);
  const settle = async () => {
    await bot.app.settle();
    await delivery.rested();
    await bot.app.settle();
  };
  const pass = async (time: number) => {
    for (let gone = 0; gone < time; gone += 4 * SECOND) {
      await settle();
      await clock.advance(4 * SECOND);
    }
    await settle();
  };
  const letters = () => queues.messages(home.deadLetters).map(({ attributes }) => attributes);
  return { bot, clock, state, queues, delivery, home, key, pass, letters };
}

async function statusOf(bot: Bot): Promise<string> {
  const before = ephemerals(bot.workspace, ALICE).length;
  const told = bot.workspace.waitFor(() => ephemerals(bot.workspace, ALICE)[before]);
  await bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: '/trail status' });
  return textIn((await told).blocks);
}

const metricsOf = async (bot: Bot) => (await fetch(`${bot.app.url}/metrics`)).text();

it('a canary from each region comes all the way and is shown; a wrong key makes one alert, its end is noticed', async () => {
  const { bot, home, key, pass, letters } = await connected();
  await pass(12 * SECOND);
  expect(await statusOf(bot)).toMatch(
    /Canaries.*canary from (eu-west|us-east)-1 \d+ s ago.*canary from .*-1 \d+ s ago/,
  );
  const metrics = await metricsOf(bot);
  expect(metrics).toContain('trailbot_canaries_total{outcome="returned"} 2');
  expect(metrics).toContain('trailbot_canary_outages{kind="lost"} 0');
  expect(metrics).toMatch(
    /trailbot_canary_last_timestamp_seconds\{account="111122223333",region="us-east-1"\} \d+/,
  );
  expect(alertMessages(bot.workspace)).toEqual([]);

  home.connection.header = { name: 'x-api-key', value: 'wrong' };
  await pass(4 * MINUTE);
  expect(letters()).toHaveLength(2);
  expect(letters()).toMatchObject([{ ERROR_CODE: { StringValue: 'SDK_CLIENT_ERROR' } }, {}]);
  const [alert, ...others] = alertMessages(bot.workspace);
  expect(others).toEqual([]);
  expect(alert?.text).toMatch(/^CRITICAL: Nothing comes from AWS any more in prod\. A-1$/);
  expect(JSON.stringify(alert)).toContain('No canary from all 2 places came back within 1 min.');
  expect(await statusOf(bot)).toMatch(/Canary lost.*all 2 places, for 2 min/);
  expect(await metricsOf(bot)).toContain('trailbot_canary_outages{kind="lost"} 1');

  home.connection.header = { name: 'x-api-key', value: key };
  await pass(14 * MINUTE);
  const [after] = alertMessages(bot.workspace);
  expect(after?.text).toMatch(/^RESOLVED by Trailbot: Nothing comes from AWS any more in prod\. A-1$/);
  expect(textIn(after?.attachments?.[0]?.blocks ?? [])).toMatch(
    /A canary from prod in .* came back at 2026-11-20 09:30/,
  );
  expect(await statusOf(bot)).not.toContain('Canary lost');
});

it('whoever has the alert keeps it, and reads in its thread that it is over', async () => {
  const { bot, home, key, pass } = await connected();
  home.connection.header = { name: 'x-api-key', value: 'wrong' };
  await pass(2 * MINUTE);
  const [alert] = alertMessages(bot.workspace);
  if (!alert) throw new Error('no alert');
  await pressButton(bot.workspace, ALICE, alert, 'Acknowledge');
  home.connection.header = { name: 'x-api-key', value: key };
  await pass(2 * MINUTE);
  const [kept] = alertMessages(bot.workspace);
  expect(kept?.text).toMatch(/^ACKNOWLEDGED by /);
  const replies = bot.workspace.messages().filter(({ threadTs }) => threadTs === alert.ts);
  expect(
    replies
      .map(({ blocks }) => textIn(blocks))
      .join(' ')
      .replaceAll(/\s+/g, ' '),
  ).toMatch(/Over: Nothing comes from AWS any more \(A-1\).*A canary from prod in .* came back/s);
});

it('a message says how long after the event it was seen, and so does /trail status', async () => {
  const { bot, clock, delivery, pass } = await connected();
  const happened = clock.now() - 4 * SECOND;
  const happen = (at: number, name: string): JsonObject => ({
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.cloudtrail',
    ...FAR,
    time: sayInstant(at),
    detail: record({ eventTime: sayInstant(at), eventID: name, awsRegion: FAR.region }),
  });
  delivery.put(happen(happened, 'e-1'));
  await pass(4 * SECOND);
  const [message] = alertMessages(bot.workspace);
  expect(JSON.stringify(message)).toContain('seen 4 s after it happened');
  expect(await statusOf(bot)).toMatch(
    /Latency.*median 4 s, worst 4 s from the event to Slack \(1 alert of the last day\)/,
  );
  expect(await metricsOf(bot)).toContain('trailbot_event_to_slack_seconds_bucket{le="5"} 1');
  expect(await metricsOf(bot)).toContain('trailbot_received_to_slack_seconds_bucket{le="1"} 1');
});

it('a canary comes through a queue as well, where the bot has no inbound port', async () => {
  const name = 'trailbot-events';
  const url = `https://sqs.${HOME.region}.amazonaws.com/${HOME.account}/${name}`;
  const { bot, state, queues, pass } = await connected(`queues: [{ url: "${url}" }]\n`);
  expect(queueFor(queues, name, HOME)).toBe(url);
  for (const { targets } of state.place(HOME.account, HOME.region).rules.values()) {
    targets.clear();
    targets.set('queue', { Id: 'queue', Arn: queues.arn(url) });
  }
  while (!(await metricsOf(bot)).includes('trailbot_canaries_total{outcome="returned"} 2'))
    await pass(4 * SECOND);
  expect(await statusOf(bot)).toMatch(/Canaries.*canary from (eu-west|us-east)-1 \d+ s ago/);
  expect(alertMessages(bot.workspace)).toEqual([]);
});
