import { expect, test } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { envelope, record } from '../support/records.ts';

const ALICE = 'U0ALICE01';
const CHANNEL = 'C0SECURITY';

async function press(bot: Bot, action: string): Promise<void> {
  const [message] = bot.workspace.messages(CHANNEL);
  const answer = await bot.workspace.press({
    as: ALICE,
    from: { message: { channel: CHANNEL, ts: message?.ts ?? '' } },
    action: { type: 'button', action_id: action },
    values: {},
  });
  expect(answer).toEqual({ ok: true });
  await bot.pass(1);
}

const shown = (bot: Bot) => JSON.stringify(bot.workspace.messages(CHANNEL)[0]?.blocks);

test('a whole bot in Socket Mode takes presses, and goes on after a restart', async () => {
  const bot = await startBot({ yaml: 'slack: { socket: true }' });
  await bot.post(envelope(record()));
  await bot.pass(2);
  expect(shown(bot)).toContain('FIRING');
  await press(bot, 'alert_ack');
  await bot.workspace.waitFor(() => shown(bot).includes('ACKNOWLEDGED'));
  const again = await bot.restart();
  await press(again, 'alert_unack');
  await again.workspace.waitFor(() => shown(again).includes('FIRING'));
  expect(again.workspace.failures()).toEqual([]);
});
