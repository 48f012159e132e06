import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/kernel/time.ts';
import type { Bot } from '../support/bot.ts';
import { bellOf, page, pages, thread } from '../support/escalation.ts';
import { alertMessage, later, shows, threadOf } from '../support/operating.ts';
import { ALICE, BOB, labelsOf, pressButton, textIn } from '../support/people.ts';

describe('an escalation that nobody answers', () => {
  const once = (end: string) => `
escalations:
  security: { steps: [{ page: [${ALICE}], wait: 2m }], repeat: 1, at_end: ${end} }
routes: { escalation: security, repeat: never }
`;

  /** What was said of it in the channel, besides the alert's own message. */
  const ends = (bot: Bot) =>
    bot.workspace.messages('C0SECURITY').filter(({ text, broadcast, threadTs, ts }) => {
      const seen = threadTs === undefined || threadTs === ts || broadcast === true;
      return seen && text.startsWith('NOBODY ANSWERED');
    });

  it('begins again as often as it says, then says so loudly in the thread and in the channel, once', async () => {
    const bot = await bellOf(once('here'));
    await later(bot, 2 * MINUTE);
    expect(pages(bot)).toEqual([2, 0, 0]);
    const again = await bot.restart();
    await later(again, 2 * MINUTE);
    expect(textIn(threadOf(again).at(-1)?.blocks)).toContain('Nobody answered.');
    const [end, ...others] = ends(again);
    expect(others).toEqual([]);
    // In a thread @here would notify nobody.
    expect(end?.threadTs).toBeUndefined();
    expect(JSON.stringify(end?.blocks)).toContain('"range":"here"');
    expect(end?.text).toMatch(/^NOBODY ANSWERED: .* A-1$/);
    const last = await again.restart();
    await later(last, 20 * MINUTE);
    expect(pages(last)).toEqual([2, 0, 0]);
    expect(threadOf(last)).toHaveLength(3);
    expect(ends(last)).toHaveLength(1);
    expect(textIn(alertMessage(last).blocks)).toContain('nobody answered');
  });

  it('has a button there, and says who has it once somebody has pressed', async () => {
    const bot = await bellOf(once('here'));
    await later(bot, 2 * MINUTE);
    await later(bot, 2 * MINUTE);
    const [end] = ends(bot);
    if (!end) throw new Error('nothing was said in the channel');
    await pressButton(bot.workspace, BOB, end, 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await bot.pass(3);
    for (const one of [ends(bot)[0], threadOf(bot).at(-1)]) {
      expect(JSON.stringify(one?.blocks)).toContain(`"user_id":"${BOB}"`);
      expect(one && labelsOf(one)).toEqual([]);
    }
  });

  it('calls everybody who is online only where that is wanted, and another channel where one is named', async () => {
    const bot = await bellOf(once("'#general'"));
    await later(bot, 2 * MINUTE);
    await later(bot, 2 * MINUTE);
    expect(JSON.stringify(threadOf(bot).at(-1)?.blocks)).not.toContain('broadcast');
    expect(threadOf(bot).at(-1)?.broadcast).toBe(true);
    const general = bot.workspace.messages('C0GENERAL0').filter(({ user }) => user === 'U0TRAILBOT');
    expect(general.map(({ text }) => text)).toEqual([expect.stringMatching(/^NOBODY ANSWERED/)]);
  });

  it('is said again while nobody has the alert, every so long, and no more once somebody has', async () => {
    const bot = await bellOf(once('here').replace('never', '3m'));
    for (let minute = 0; minute < 9; minute++) await later(bot, MINUTE);
    const said = thread(bot).filter((text) => text.startsWith('Nobody has acknowledged this for'));
    expect(said).toHaveLength(2);
    expect(threadOf(bot).at(-1)?.broadcast).toBe(true);
    await pressButton(bot.workspace, ALICE, page(bot, ALICE), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    const before = threadOf(bot).length;
    await later(bot, 10 * MINUTE);
    expect(threadOf(bot)).toHaveLength(before);
  });
});
