import { expect, it } from 'vitest';
import { type Bot, type BotOptions, startBot } from '../support/bot.ts';
import { ALICE, alertMessages, BOB, choose, ephemerals, pressButton, textIn } from '../support/people.ts';
import { envelope, record } from '../support/records.ts';

async function withAlert(options: BotOptions = {}): Promise<Bot> {
  const bot = await startBot(options);
  await bot.post(envelope(record()));
  await bot.pass();
  return bot;
}

function messageOf(bot: Bot) {
  const [message] = alertMessages(bot.workspace);
  if (!message) throw new Error('no message');
  return message;
}

/** The last thing that only this person was told, once there is more than before. */
async function whisper(bot: Bot, person: string, act: () => Promise<unknown>) {
  const before = ephemerals(bot.workspace, person).length;
  const told = bot.workspace.waitFor(() => ephemerals(bot.workspace, person)[before]);
  await act();
  return told;
}

it('whoever may not act on alerts is told so at the press, and whom to ask', async () => {
  const bot = await withAlert({ yaml: `access: { respond: [${ALICE}] }` });
  for (const act of [
    () => pressButton(bot.workspace, BOB, messageOf(bot), 'Resolve…'),
    () => choose(bot.workspace, BOB, messageOf(bot), 'Snooze…', 'Custom…'),
  ]) {
    const told = await whisper(bot, BOB, act);
    expect(textIn(told.blocks)).toContain('You may not act on alerts here.');
    expect(JSON.stringify(told.blocks)).toContain(`{"type":"user","user_id":"${ALICE}"}`);
    expect(bot.workspace.modals(BOB)).toEqual([]);
  }
});

it('people are called as Slack shows them, in refusals and in the history', async () => {
  const bot = await withAlert();
  const before = messageOf(bot);
  await pressButton(bot.workspace, ALICE, before, 'Acknowledge');
  await bot.workspace.waitFor(() => bot.workspace.calls('users.info').length > 0);
  await bot.pass(2);
  const refusal = await whisper(bot, BOB, () => pressButton(bot.workspace, BOB, before, 'Acknowledge'));
  expect(textIn(refusal.blocks)).toContain('Alice Martin acknowledged A-1');
  expect(messageOf(bot).text).toContain('ACKNOWLEDGED by Alice Martin');
  const list = await whisper(bot, BOB, () =>
    bot.workspace.say({ as: BOB, channel: 'C0SECURITY', text: '/trail alerts' }),
  );
  const show = { type: 'button', action_id: 'alert_show' };
  const shown = await whisper(bot, BOB, () =>
    bot.workspace.press({ as: BOB, from: { message: list }, action: show, values: {} }),
  );
  expect(textIn(shown.blocks)).toContain('Alice Martin: acknowledged');
});

it('a stale press draws a message anew that could not be edited when the alert changed', async () => {
  const bot = await withAlert();
  const before = messageOf(bot);
  bot.workspace.faults.call('chat.update', { kind: 'refused', error: 'no_permission' });
  await pressButton(bot.workspace, ALICE, before, 'Acknowledge');
  await bot.workspace.waitFor(() => bot.workspace.calls('chat.update').length > 0);
  await bot.pass(60);
  expect(textIn(messageOf(bot).blocks)).toContain('FIRING');
  const told = await whisper(bot, BOB, () => pressButton(bot.workspace, BOB, before, 'Resolve…'));
  expect(textIn(told.blocks)).toContain('The message now shows how it stands.');
  await bot.pass(2);
  expect(textIn(messageOf(bot).blocks)).toContain('ACKNOWLEDGED');
});

it('the end of a snooze rings the phones again', async () => {
  const bot = await withAlert();
  const rung = () => bot.workspace.pushes(BOB).map((push) => push.body);
  await choose(bot.workspace, ALICE, messageOf(bot), 'Snooze…', '30 minutes');
  await bot.workspace.waitFor(() => bot.workspace.calls('chat.update').length > 0);
  const before = rung().length;
  await bot.clock.advance(31 * 60_000);
  await bot.pass(5);
  expect(rung().slice(before)).toEqual([expect.stringMatching(/^HIGH again: .*the snooze is over\. A-1$/)]);
});
