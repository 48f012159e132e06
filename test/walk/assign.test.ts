import { describe, expect, it } from 'vitest';
import type { Bot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import {
  alertMessage,
  directMessages,
  shows,
  submit,
  threadOf,
  told,
  withAlert,
} from '../support/operating.ts';
import { ALICE, BOB, choose, ephemerals, labelsOf, pressButton, textIn } from '../support/people.ts';

const CARLA = 'U0CARLA001';

async function give(bot: Bot, by: string, to: string, note?: string): Promise<void> {
  await choose(bot.workspace, by, alertMessage(bot), 'More', 'Assign…');
  await submit(bot, by, {
    person: { type: 'users_select', selected_user: to },
    ...(note === undefined ? {} : { note: { type: 'plain_text_input', value: note } }),
  });
}

describe('an alert is given to somebody', () => {
  it('who is told in a direct message with the note and a link, and the thread says who gave it', async () => {
    const first = await withAlert({ clock: fakeClock() });
    await give(first, ALICE, BOB, 'You know *this* role <!channel>');
    await shows(first, `FIRING* · given to <@${BOB}> by <@${ALICE}>`);
    const bot = await first.restart();
    await bot.pass(5);
    const [message] = directMessages(bot, BOB);
    expect(message?.text).toMatch(/^Alice Martin gave you: .* A-1$/);
    expect(textIn(message?.blocks)).toContain('You know *this* role <!channel>');
    expect(textIn(message?.blocks)).toContain('Open the alert');
    if (message) expect(labelsOf(message)).toEqual(['Acknowledge', 'Resolve…', 'Hand over…']);
    expect(threadOf(bot)).toHaveLength(1);
    expect(JSON.stringify(threadOf(bot)[0]?.blocks)).toContain(`{"type":"user","user_id":"${BOB}"}`);
    expect(threadOf(bot)[0]?.broadcast).not.toBe(true);
  });

  it('who acknowledges it from there; the direct message then shows how it stands', async () => {
    const bot = await withAlert({ clock: fakeClock() });
    await give(bot, ALICE, BOB);
    const [message] = directMessages(bot, BOB);
    if (!message) throw new Error('Bob was not told');
    await pressButton(bot.workspace, BOB, message, 'Acknowledge');
    await shows(bot, `ACKNOWLEDGED* by <@${BOB}>`);
    await bot.workspace.waitFor(
      () => !labelsOf(directMessages(bot, BOB)[0] ?? message).includes('Acknowledge'),
    );
  });

  it('and taken by somebody else, which the message and the one it was given to can see', async () => {
    const bot = await withAlert({ clock: fakeClock() });
    await give(bot, ALICE, BOB);
    await pressButton(bot.workspace, CARLA, alertMessage(bot), 'Acknowledge');
    await shows(bot, `who took it from <@${BOB}>`);
    await bot.pass(2);
    const [message] = directMessages(bot, BOB);
    expect(JSON.stringify(message?.blocks)).toContain(`{"type":"user","user_id":"${CARLA}"}`);
    expect(message && labelsOf(message)).toEqual([]);
  });

  it('and given on, while the first hears that it is not theirs any more', async () => {
    const bot = await withAlert({ clock: fakeClock() });
    await give(bot, ALICE, BOB);
    await shows(bot, `given to <@${BOB}>`);
    await give(bot, BOB, CARLA);
    await shows(bot, `given to <@${CARLA}> by <@${BOB}>`);
    await bot.pass(2);
    expect(directMessages(bot, BOB)[0]?.text).toMatch(/^No longer yours/);
    expect(directMessages(bot, CARLA)).toHaveLength(1);
  });

  it('who takes it and is told nothing that they know', async () => {
    const bot = await withAlert({ clock: fakeClock() });
    await give(bot, ALICE, ALICE, 'on my way');
    await shows(bot, `FIRING* · <@${ALICE}> has it`);
    expect(directMessages(bot, ALICE)).toEqual([]);
    expect(textIn(threadOf(bot)[0]?.blocks)).toContain('takes this');
  });
});

describe('an alert is not given', () => {
  it('to somebody who could not act on it', async () => {
    const bot = await withAlert({ clock: fakeClock(), yaml: `access: { respond: [${ALICE}] }` });
    await give(bot, ALICE, BOB);
    const said = await bot.workspace.waitFor(() => ephemerals(bot.workspace, ALICE)[0]);
    expect(textIn(said)).toContain('may not act on alerts here and could do nothing with it');
    expect(directMessages(bot, BOB)).toEqual([]);
    expect(textIn(alertMessage(bot).blocks)).not.toContain('given to');
  });

  it('by somebody whose dialog is older than what has happened: it comes back and says so', async () => {
    const bot = await withAlert({ clock: fakeClock() });
    await choose(bot.workspace, ALICE, alertMessage(bot), 'More', 'Assign…');
    await bot.workspace.waitFor((workspace) => workspace.modals(ALICE).length > 0);
    await pressButton(bot.workspace, BOB, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await submit(bot, ALICE, { person: { type: 'users_select', selected_user: CARLA } });
    const [modal] = bot.workspace.modals(ALICE);
    expect(textIn(modal?.blocks)).toContain('acknowledged A-1');
    await submit(bot, ALICE, { person: { type: 'users_select', selected_user: CARLA } });
    await shows(bot, `given to <@${CARLA}> by <@${ALICE}>`);
  });

  it('by somebody who may not act on alerts', async () => {
    const bot = await withAlert({ clock: fakeClock(), yaml: `access: { respond: [${BOB}] }` });
    const said = await told(bot, ALICE, () =>
      choose(bot.workspace, ALICE, alertMessage(bot), 'More', 'Assign…'),
    );
    expect(textIn(said)).toContain('You may not act on alerts here');
    expect(bot.workspace.modals(ALICE)).toEqual([]);
  });
});
