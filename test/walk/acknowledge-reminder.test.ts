import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import type { Bot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import {
  alertMessage,
  directMessages,
  later,
  shows,
  submit,
  threadOf,
  withAlert,
} from '../support/operating.ts';
import { ALICE, alertMessages, BOB, choose, labelsOf, pressButton, textIn } from '../support/people.ts';

/** Hours of waiting cost a test seconds. */
const SOON = 'acknowledgement: { remind_after: 20m, expires_after: 10m }';

/** An alert of level high that Alice has acknowledged. */
async function acknowledged(yaml?: string): Promise<Bot> {
  const bot = await withAlert({ clock: fakeClock(), ...(yaml === undefined ? {} : { yaml }) });
  await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
  await shows(bot, 'ACKNOWLEDGED');
  return bot;
}

function reminder(bot: Bot, person = ALICE): StoredMessage {
  const message = directMessages(bot, person).at(-1);
  if (!message) throw new Error(`${person} got no direct message`);
  return message;
}

const stateOf = (bot: Bot) => textIn(alertMessage(bot).blocks);

describe('after four hours whoever has an alert is asked whether they are still on it', () => {
  it('once, in a direct message with a link, whatever restarts in between', async () => {
    const first = await acknowledged();
    await later(first, 3 * HOUR);
    const second = await first.restart();
    await later(second, HOUR - MINUTE);
    expect(directMessages(second, ALICE)).toEqual([]);
    await later(second, 2 * MINUTE);
    const [pushed] = second.workspace.pushes(ALICE).slice(-1);
    expect(pushed?.body).toMatch(/^Still on it\? You have had it for 4 h/);
    const bot = await second.restart();
    await later(bot, 5 * MINUTE);
    expect(directMessages(bot, ALICE)).toHaveLength(1);
    const said = textIn(reminder(bot).blocks);
    expect(said).toContain('You have had A-1 for 4 h. Still on it?');
    expect(said).toContain('Open the alert');
    expect(labelsOf(reminder(bot))).toEqual(['Still on it', 'Resolve…', 'Hand over…']);
    expect(stateOf(bot)).toContain('ACKNOWLEDGED');
  });

  it('and who says so is asked again when as much time has gone by', async () => {
    const bot = await acknowledged(SOON);
    await later(bot, 20 * MINUTE);
    await pressButton(bot.workspace, ALICE, reminder(bot), 'Still on it');
    await bot.workspace.waitFor(() => labelsOf(reminder(bot)).length === 0);
    expect(textIn(reminder(bot).blocks)).toContain('You are still on it, as you said at');
    const restarted = await bot.restart();
    await later(restarted, 19 * MINUTE);
    expect(directMessages(restarted, ALICE)).toHaveLength(1);
    await later(restarted, 2 * MINUTE);
    expect(directMessages(restarted, ALICE)).toHaveLength(2);
    expect(stateOf(restarted)).toContain('ACKNOWLEDGED');
  });

  it('and who resolves it there is asked no more', async () => {
    const bot = await acknowledged(SOON);
    await later(bot, 20 * MINUTE);
    await pressButton(bot.workspace, ALICE, reminder(bot), 'Resolve…');
    const value = { value: 'expected', text: { type: 'plain_text', text: 'Expected' } };
    await submit(bot, ALICE, { disposition: { type: 'radio_buttons', selected_option: value } });
    await shows(bot, 'RESOLVED');
    const restarted = await bot.restart();
    await later(restarted, HOUR);
    expect(directMessages(restarted, ALICE)).toHaveLength(1);
    expect(textIn(reminder(restarted).blocks)).toContain('has resolved it');
    expect(labelsOf(reminder(restarted))).toEqual([]);
    expect(threadOf(restarted)).toEqual([]);
  });

  it('and who hands it over is asked no more, but the new one is', async () => {
    const bot = await acknowledged(SOON);
    await later(bot, 20 * MINUTE);
    await pressButton(bot.workspace, ALICE, reminder(bot), 'Hand over…');
    await submit(bot, ALICE, { person: { type: 'users_select', selected_user: BOB } });
    await shows(bot, `given to <@${BOB}>`);
    const restarted = await bot.restart();
    await later(restarted, 20 * MINUTE);
    expect(directMessages(restarted, ALICE)).toHaveLength(1);
    expect(directMessages(restarted, BOB).map((one) => one.text)).toEqual([
      expect.stringMatching(/^Alice Martin gave you/),
      expect.stringMatching(/^Still on it\?/),
    ]);
  });
});

describe('who does not answer for thirty minutes loses the alert', () => {
  it('which fires again, and the thread and the channel say so, once', async () => {
    const first = await acknowledged('routes: { repeat: never }');
    await later(first, 4 * HOUR);
    const second = await first.restart();
    await later(second, 29 * MINUTE);
    expect(stateOf(second)).toContain('ACKNOWLEDGED');
    await later(second, MINUTE);
    const bot = await second.restart();
    await later(bot, HOUR);
    expect(stateOf(bot)).toContain('FIRING AGAIN');
    expect(labelsOf(alertMessage(bot))).toContain('Acknowledge');
    const said = threadOf(bot);
    expect(said).toHaveLength(1);
    expect(said[0]?.broadcast).toBe(true);
    expect(textIn(said[0]?.blocks)).toContain(
      'did not confirm to be still on it after 4 h 30 min. Nobody has it',
    );
    expect(said[0]?.text).toMatch(/^Alice Martin did not confirm; nobody has it: .* A-1$/);
    expect(directMessages(bot, ALICE)).toHaveLength(1);
    expect(textIn(reminder(bot).blocks)).toContain('nobody has it');
  });

  it('and a late answer is told that it is over', async () => {
    const bot = await acknowledged(SOON);
    await later(bot, 20 * MINUTE);
    const asked = reminder(bot);
    await later(bot, 11 * MINUTE);
    await pressButton(bot.workspace, ALICE, asked, 'Still on it');
    const said = await bot.workspace.waitFor((workspace) =>
      workspace.messages().find(({ ephemeralTo }) => ephemeralTo === ALICE),
    );
    expect(textIn(said)).toContain('Nothing changed. A-1 is firing again and nobody has acknowledged it.');
  });
});

describe('how long an acknowledgement is believed', () => {
  it('depends on the level, and can be set for each', async () => {
    const bot = await acknowledged('acknowledgement: { remind_after: { high: 10m }, expires_after: 5m }');
    await later(bot, 10 * MINUTE);
    expect(textIn(reminder(bot).blocks)).toContain('for 10 min. Still on it?');
    await later(bot, 5 * MINUTE);
    expect(stateOf(bot)).toContain('FIRING AGAIN');
  });

  it('can be for ever', async () => {
    const bot = await acknowledged('acknowledgement: { remind_after: never }');
    await later(bot, 5 * HOUR);
    expect(directMessages(bot, ALICE)).toEqual([]);
    expect(stateOf(bot)).toContain('ACKNOWLEDGED');
  });

  it('does not count while the alert is snoozed', async () => {
    const bot = await acknowledged(SOON);
    await later(bot, 15 * MINUTE);
    await choose(bot.workspace, ALICE, alertMessage(bot), 'Snooze…', '1 hour');
    await shows(bot, 'SNOOZED');
    await later(bot, HOUR);
    expect(stateOf(bot)).toContain('ACKNOWLEDGED');
    await later(bot, 19 * MINUTE);
    expect(directMessages(bot, ALICE)).toEqual([]);
    await later(bot, MINUTE);
    expect(directMessages(bot, ALICE)).toHaveLength(1);
    expect(alertMessages(bot.workspace).filter(({ channel }) => channel.startsWith('C'))).toHaveLength(1);
  });
});
