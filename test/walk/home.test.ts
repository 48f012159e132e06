import { describe, expect, it } from 'vitest';
import type { StoredView } from '../../src/workspace/view.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { DAILY, said } from '../support/on-call.ts';
import { alertMessage, directMessages, shows, submit, withAlert } from '../support/operating.ts';
import { ALICE, BOB, choose, textIn } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';

async function home(bot: Bot, person = ALICE): Promise<StoredView> {
  await bot.workspace.openHome(person);
  return bot.workspace.waitFor((workspace) => workspace.home(person));
}

/** Presses the first control on the Home that says this. */
async function press(bot: Bot, label: string, person = ALICE): Promise<void> {
  const view = bot.workspace.home(person);
  const { hash } = view ?? {};
  const found = (view?.blocks ?? []).flatMap((block) =>
    ((block.elements ?? []) as Record<string, unknown>[]).map((element) => ({ block, element })),
  );
  const one = found.find(({ element }) => (element.text as { text?: string } | undefined)?.text === label);
  if (!view || !one) throw new Error(`no "${label}" on the Home`);
  const { type, action_id, value } = one.element as Record<string, string>;
  const action = { type, action_id, value, block_id: String(one.block.block_id) };
  const pressed = await bot.workspace.press({
    as: person,
    from: { view: view.id },
    action,
    values: {},
  } as never);
  expect(pressed).toEqual({ ok: true });
  await bot.pass(2);
  await bot.workspace.waitFor((workspace) => workspace.home(person)?.hash !== hash || undefined);
}

const saysHome = (bot: Bot, person = ALICE) => textIn(bot.workspace.home(person)?.blocks);

const FILLED = {
  reason: { type: 'plain_text_input', value: 'key rotation of the platform team' },
  length: { type: 'static_select', selected_option: { value: '1d' } },
};

describe("the app's Home", () => {
  it('says who is on call, what is open and how the bot is doing; acknowledging there makes it mine', async () => {
    const bot = await withAlert({ yaml: DAILY });
    await home(bot);
    const before = saysHome(bot);
    expect(before).toContain('On call');
    expect(before).toMatch(/primary.* until /s);
    expect(before).toContain('You have no open alert.');
    expect(before).toContain('A-1 · HIGH · FIRING');
    expect(before).toContain('What Trailbot cannot see');
    await press(bot, 'Acknowledge');
    const after = saysHome(bot);
    expect(after).not.toContain('You have no open alert.');
    expect(after).toContain('A-1 · HIGH · ACKNOWLEDGED');
    expect(after.match(/A-1 ·/g)).toHaveLength(1);
    await shows(bot, 'ACKNOWLEDGED');
  });

  it('shows an alert in a window over it', async () => {
    const bot = await withAlert();
    await home(bot);
    await press(bot, 'Show');
    const view = await bot.workspace.waitFor((workspace) => workspace.modals(ALICE).at(-1));
    expect(JSON.stringify(view.blocks)).toContain('Access key');
    expect(view.blocks.map(({ type }) => type)).not.toContain('actions');
  });

  it('an alert that is resolved from there is gone from it', async () => {
    const bot = await withAlert();
    await home(bot);
    await press(bot, 'Resolve…');
    const disposition = { type: 'radio_buttons', selected_option: { value: 'expected' } };
    await submit(bot, ALICE, { disposition });
    await bot.workspace.waitFor(() => saysHome(bot).includes('No alert is open.') || undefined);
  });

  it('with 500 open alerts and 30 schedules Slack takes it, and the gravest alert stands first', async () => {
    const layer = `{ name: a, rotation: daily, start: 2026-01-05T09:00, people: [${ALICE}] }`;
    const names = Array.from({ length: 30 }, (_, index) => `s${index}`);
    const schedules = names.map((name) => `  ${name}: { time_zone: UTC, layers: [${layer}] }`);
    const bot = await startBot({
      yaml: ['rules: { levels: { access-key-for-another: low } }', 'schedules:', ...schedules].join('\n'),
    });
    await bot.post(envelope(record({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' })));
    const one = (index: number) => envelope(record({ userIdentity: user(`user-${index}`) }));
    for (let from = 0; from < 500; from += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => bot.post(one(from + index))));
    }
    await bot.pass(2);
    const view = await home(bot);
    expect(view.blocks.length).toBeLessThanOrEqual(100);
    const text = saysHome(bot);
    expect(text).toMatch(/1\u00a0CRITICAL.*500\u00a0LOW/s);
    expect(text).toContain('491 more are open');
    expect(text.indexOf('· CRITICAL ·')).toBeLessThan(text.indexOf('· LOW ·'));
    // What comes last is there, too.
    expect(text).toContain('How Trailbot is doing');
    expect(text).toContain('Investigate this');
  });

  it('a mute is ended there', async () => {
    const bot = await withAlert();
    await choose(bot.workspace, ALICE, alertMessage(bot), 'More', 'Mute pattern…');
    await submit(bot, ALICE, FILLED);
    await home(bot);
    expect(saysHome(bot)).toContain('key rotation of the platform team');
    await press(bot, 'End now');
    expect(saysHome(bot)).not.toContain('key rotation of the platform team');
  });

  it('says what was not delivered, why and what to do; Try again posts it once that is mended', async () => {
    const bot = await withAlert({ yaml: "routes: { channel: '#nowhere' }" });
    await home(bot);
    expect(saysHome(bot)).toContain('Not delivered');
    expect(saysHome(bot)).toMatch(/The message of A-1 in #nowhere.*invite the bot/s);
    await press(bot, 'Try again');
    const view = await bot.workspace.waitFor((workspace) => workspace.modals(ALICE).at(-1));
    expect(said(view as never)).toContain('It is being tried again.');
  });

  it('whoever may not act is told so there, and nothing changes', async () => {
    const bot = await withAlert({ yaml: `access: { respond: [${ALICE}] }` });
    await home(bot, BOB);
    await press(bot, 'Acknowledge', BOB);
    const view = await bot.workspace.waitFor((workspace) => workspace.modals(BOB).at(-1));
    expect(said(view as never)).toMatch(/may not/);
    expect(saysHome(bot, BOB)).toContain('A-1 · HIGH · FIRING');
    expect(directMessages(bot, BOB)).toEqual([]);
  });
});
