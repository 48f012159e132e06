import { expect, it } from 'vitest';
import { SECOND } from '../../src/kernel/time.ts';
import type { Bot } from '../support/bot.ts';
import { alertMessage, directMessages, submit, withAlert } from '../support/operating.ts';
import { ALICE, choose, pressButton, textIn } from '../support/people.ts';

const GROUP = 'S0RESPOND1';
const BY_GROUP = `access: { respond: [${GROUP}], admin: [${GROUP}] }\n`;

/** Slack takes four seconds to say who is in the group; a press is good for three. */
async function whileSlackIsSlow(act: (bot: Bot) => Promise<unknown>): Promise<Bot> {
  const bot = await withAlert({ yaml: BY_GROUP });
  bot.workspace.faults.call('usergroups.users.list', { kind: 'late', by: 4 * SECOND });
  await act(bot);
  await bot.workspace.waitFor((workspace) => workspace.calls('usergroups.users.list')[0]);
  await bot.clock.untilSleeping(2);
  await bot.clock.advance(2 * SECOND);
  return bot;
}

const window = (bot: Bot) => JSON.stringify(bot.workspace.modals(ALICE).at(-1) ?? '');
const showing = (bot: Bot, text: string) =>
  bot.workspace.waitFor(() => window(bot).includes(text) || undefined);

const presses: readonly (readonly [string, (bot: Bot) => Promise<unknown>, string])[] = [
  ['Resolve…', (bot) => pressButton(bot.workspace, ALICE, alertMessage(bot), 'Resolve…'), 'What was it?'],
  [
    'Assign…',
    (bot) => choose(bot.workspace, ALICE, alertMessage(bot), 'More', 'Assign…'),
    'Who should have it?',
  ],
  [
    'Mute pattern…',
    (bot) => choose(bot.workspace, ALICE, alertMessage(bot), 'More', 'Mute pattern…'),
    'For how long?',
  ],
];

it.each(presses)(
  '%s opens in time although Slack is slow to say who is in a group',
  async (_, act, asked) => {
    const bot = await whileSlackIsSlow(act);
    await showing(bot, 'One moment');
    await bot.clock.advance(4 * SECOND);
    await showing(bot, asked);
    expect(window(bot)).not.toContain('One moment');
  },
);

it('and what is filled in then counts', async () => {
  const bot = await whileSlackIsSlow(presses[0]?.[1] ?? (async () => undefined));
  await showing(bot, 'One moment');
  await bot.clock.advance(4 * SECOND);
  await showing(bot, 'What was it?');
  await submit(bot, ALICE, {
    disposition: { type: 'radio_buttons', selected_option: { value: 'expected' } } as never,
    note: { type: 'plain_text_input', value: '' },
  });
  expect(textIn(alertMessage(bot).blocks)).toContain('RESOLVED');
});

it('whoever may not reads so in the same window', async () => {
  const bot = await whileSlackIsSlow(async (one) => {
    one.workspace.changeGroup(GROUP, []);
    await presses[0]?.[1](one);
  });
  await showing(bot, 'One moment');
  await bot.clock.advance(4 * SECOND);
  await showing(bot, 'You may not act on alerts here.');
  expect(directMessages(bot, ALICE)).toEqual([]);
});
