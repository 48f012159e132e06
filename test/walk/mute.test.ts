import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/kernel/time.ts';
import { auditSince } from '../../src/store/audit.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import type { Bot, BotOptions } from '../support/bot.ts';
import { alertMessage, later, submit, threadOf, told, withAlert } from '../support/operating.ts';
import {
  ALICE,
  alertMessages,
  BOB,
  choose,
  ephemerals,
  labelsOf,
  pressButton,
  textIn,
} from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';

/** Alice made a key for Bob; Carol does the same. */
const byAlice = (over = {}) => envelope(record(over));
const byCarol = () => envelope(record({ userIdentity: user('carol') }));

/** Half an hour, so that few seconds of the clock go by. */
const SHORT = { custom: { type: 'plain_text_input', value: '30m' } };
const RESOLVED = { resolve: { type: 'checkboxes', selected_options: [{ value: 'resolve' }] } };

const FILLED = {
  reason: { type: 'plain_text_input', value: 'key rotation of the platform team' },
  length: { type: 'static_select', selected_option: { value: '1d' } },
};

async function openModal(bot: Bot, person = ALICE) {
  await choose(bot.workspace, person, alertMessage(bot), 'More', 'Mute pattern…');
  return bot.workspace.waitFor((workspace) => workspace.modals(person).at(-1));
}

async function muted(options: BotOptions = {}, filled = {}): Promise<Bot> {
  const bot = await withAlert(options);
  await openModal(bot);
  await submit(bot, ALICE, { ...FILLED, ...filled });
  await bot.pass(2);
  return bot;
}

/** The replies that the whole channel sees. */
function broadcasts(bot: Bot) {
  return threadOf(bot).filter(
    (one) => JSON.stringify(one).includes('is over.') || textIn(one.blocks).includes('ended the mute'),
  );
}

describe('a muted pattern alerts nobody until its end, and then says what it hid', () => {
  it('while other matches of the rule alert as before', async () => {
    const bot = await muted({}, RESOLVED);
    expect(textIn(alertMessage(bot).blocks)).toContain('RESOLVED');
    await bot.post(byAlice());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(1);
    await bot.post(byCarol());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
  });

  it('also across a restart; the report comes once, in the thread and the channel, with who and when', async () => {
    const before = await muted({}, { ...RESOLVED, ...SHORT });
    await before.post(byAlice());
    await before.pass(2);
    const bot = await before.restart();
    for (let one = 0; one < 2; one++) await bot.post(byAlice());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(1);
    await later(bot, 31 * MINUTE);
    await bot.pass(5);
    const [report] = broadcasts(bot);
    expect(textIn(report?.blocks)).toMatch(
      /M-1 is over\. .*It hid 3 matches\..*user alice.*3 ×.*key rotation/s,
    );
    expect(labelsOf(report as never)).toEqual(['Mute again…']);
    const again = await bot.restart();
    await later(again, 31 * MINUTE);
    expect(broadcasts(again)).toHaveLength(1);
    await again.post(byAlice());
    await again.pass(2);
    expect(alertMessages(again.workspace)).toHaveLength(2);
  });

  it('and when it hid nothing, its thread alone is told', async () => {
    const bot = await muted({}, SHORT);
    await later(bot, 31 * MINUTE);
    await bot.pass(5);
    const [report] = broadcasts(bot);
    expect(textIn(report?.blocks)).toContain('It hid nothing.');
    expect(labelsOf(report as never)).toEqual([]);
  });

  it('and whoever wonders about an event is told who muted it, and why', async () => {
    const bot = await muted({}, RESOLVED);
    const event = record();
    await bot.post(envelope(event));
    await bot.pass(2);
    const say = { as: ALICE, channel: 'C0SECURITY', text: `/trail explain ${String(event.eventID)}` };
    const answer = await told(bot, ALICE, () => bot.workspace.say(say));
    await bot.workspace.waitFor(
      () => textIn(ephemerals(bot.workspace, ALICE).at(-1)?.blocks).includes('Kept quiet') || undefined,
    );
    const text = textIn(ephemerals(bot.workspace, ALICE).at(-1)?.blocks ?? answer.blocks);
    expect(text).toContain('muted by Alice Martin until');
    expect(text).toContain('key rotation of the platform team');
  });
});

describe('before it is made', () => {
  it('the modal says what it would have hidden, and again whenever other fields are ticked', async () => {
    const bot = await withAlert();
    for (let one = 0; one < 3; one++) await bot.post(byAlice());
    await bot.post(byCarol());
    await bot.pass(2);
    const view = await openModal(bot);
    expect(textIn(view.blocks)).toContain('4 matches in 1 alert');
    const fields = view.blocks.find(({ block_id }) => block_id === 'mute_fields');
    const press = {
      type: 'checkboxes',
      action_id: 'mute_fields',
      block_id: 'mute_fields',
      selected_options: [],
    };
    expect(fields).toBeDefined();
    const values = { mute_fields: { mute_fields: { type: 'checkboxes', selected_options: [] } } };
    await bot.workspace.press({ as: ALICE, from: { view: view.id }, action: press, values });
    const text = () => textIn(bot.workspace.modals(ALICE).at(-1)?.blocks);
    await bot.workspace.waitFor(() => text().includes('5 matches in 2 alerts') || undefined);
    expect(text()).toContain('every match of this rule would be hidden');
  });

  it('it warns when an alert that was real would have been hidden', async () => {
    const bot = await withAlert();
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Resolve…');
    await submit(bot, ALICE, {
      disposition: { type: 'radio_buttons', selected_option: { value: 'true_positive' } },
    });
    await bot.pass(2);
    const view = await openModal(bot);
    expect(textIn(view.blocks)).toMatch(/It would have hidden A-1: +high, and resolved as “True positive”/);
  });

  it.each([
    ['no reason', { reason: { type: 'plain_text_input', value: '   ' } }, 'reason'],
    ['too long a time', { custom: { type: 'plain_text_input', value: '31d' } }, 'custom'],
    ['no time', { length: { type: 'static_select', selected_option: { value: 'custom' } } }, 'custom'],
  ])('%s is refused where it stands', async (_, filled, block) => {
    const bot = await muted({}, filled);
    const [view] = bot.workspace.modals(ALICE);
    expect(Object.keys(view?.errors ?? {})).toEqual([block]);
    expect(threadOf(bot)).toEqual([]);
  });

  it('whoever is no admin is told whom to ask', async () => {
    const bot = await withAlert({ yaml: `access: { admin: [${ALICE}] }` });
    const refusal = await told(bot, BOB, () =>
      choose(bot.workspace, BOB, alertMessage(bot), 'More', 'Mute pattern…'),
    );
    expect(textIn(refusal.blocks)).toContain('You may not mute alerts');
    expect(bot.workspace.modals(BOB)).toEqual([]);
  });

  it('values come from the event, whatever is sent back', async () => {
    const evil = {
      type: 'checkboxes',
      selected_options: [{ value: 'requestParameters.userName' }, { value: 'made.up' }],
    };
    const bot = await muted({}, { mute_fields: evil });
    expect(JSON.stringify(threadOf(bot).map(({ blocks }) => blocks))).not.toContain('made.up');
  });
});

describe('/trail mutes', () => {
  it('lists what holds, and ends it now: matches alert again and the report comes at once', async () => {
    const bot = await muted({}, { ...RESOLVED, ...SHORT });
    await bot.post(byAlice());
    await bot.pass(2);
    const list = await told(bot, ALICE, () =>
      bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: '/trail mutes' }),
    );
    expect(textIn(list.blocks)).toMatch(
      /M-1 · 1 hidden so far.*userIdentity\.arn is arn:aws:iam::111122223333:user\/alice/s,
    );
    await pressButton(bot.workspace, ALICE, list, 'End now');
    await bot.workspace.waitFor(() => broadcasts(bot)[0]);
    expect(textIn(broadcasts(bot)[0]?.blocks)).toContain('It hid 1 match.');
    await bot.pass(2);
    expect(threadOf(bot).flatMap(labelsOf)).toEqual(['Mute again…']);
    await bot.post(byAlice());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
    await later(bot, 31 * MINUTE);
    expect(broadcasts(bot)).toHaveLength(1);
  });

  it('sends a mute as a Sigma filter by direct message', async () => {
    const bot = await muted();
    const say = () => bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: '/trail mutes' });
    const list = await told(bot, ALICE, say);
    const done = await told(bot, ALICE, () =>
      pressButton(bot.workspace, ALICE, list, 'Export as Sigma filter'),
    );
    expect(textIn(done.blocks)).toContain('M-1 as a Sigma filter is in your direct messages');
    const sql = await openStoreForReading(bot.folder);
    const entries = sql ? await auditSince(sql, 0) : [];
    await sql?.close();
    expect(entries.at(-1)).toMatchObject({
      kind: 'question',
      userId: ALICE,
      detail: 'mute M-1 as a Sigma filter, with its event',
    });
  });

  it('offers the modal for an alert by its id', async () => {
    const bot = await withAlert();
    const offer = await told(bot, ALICE, () =>
      bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: '/trail mute a-1' }),
    );
    await pressButton(bot.workspace, ALICE, offer, 'Mute pattern…');
    const view = await bot.workspace.waitFor((workspace) => workspace.modals(ALICE).at(-1));
    expect(textIn(view.blocks)).toContain('1 match in 1 alert');
  });
});
