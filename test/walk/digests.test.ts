import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/kernel/time.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { said } from '../support/on-call.ts';
import { alertMessages, BOB, ephemerals, pressButton } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';

const SECURITY = 'C0SECURITY';
/** Friday, 2026-11-20, at 08:59 in UTC. */
const BEFORE = Date.UTC(2026, 10, 20, 8, 59);

/** The rule that is hit by whoever makes a key for somebody else, as a low one. */
const LOW = 'rules: { levels: { access-key-for-another: low } }';

function started(yaml = '', at = BEFORE): Promise<Bot> {
  const digests = yaml.includes('digests:') ? '' : '\ndigests: {}';
  return startBot({ yaml: `${yaml}${digests}`, clock: fakeClock(at) });
}

const byUser = (name: string) => envelope(record({ userIdentity: user(name) }));

function digests(bot: Bot): StoredMessage[] {
  return alertMessages(bot.workspace).filter(({ text = '' }) => /^(Daily|Weekly) digest/.test(text));
}

async function passTo(bot: Bot, at: number): Promise<void> {
  await bot.clock.advance(Math.max(0, at - 2 * SECOND - bot.clock.now()));
  await bot.pass(4);
}

const NINE = Date.UTC(2026, 10, 20, 9);

describe('the daily digest', () => {
  it('says what is open at nine, in the channel, once', async () => {
    const bot = await started();
    await bot.post(byUser('carol'));
    await passTo(bot, NINE);
    const [digest, ...others] = digests(bot);
    expect(others).toEqual([]);
    expect(digest?.channel).toBe(SECURITY);
    expect(digest?.text).toBe('Daily digest: 1 open, 1 new');
    expect(said(digest)).toMatch(/Open\s+.*1 HIGH: A-1 .*1 min old/s);
    expect(JSON.stringify(digest?.blocks)).toContain('/archives/C0SECURITY/');
    await passTo(bot, NINE + 5 * MINUTE);
    expect(digests(bot)).toHaveLength(1);
  });

  it('counts what a silence hid, and speaks of mutes only where there was one', async () => {
    const bot = await started('silences: [{ match: [actor=carol], reason: a test }]');
    await bot.post(byUser('carol'));
    await passTo(bot, NINE);
    expect(said(digests(bot)[0])).toMatch(/Hidden\s+1 by silences of the configuration\./);
    expect(said(digests(bot)[0])).not.toContain('/trail mutes');
  });

  it('is not posted when there is nothing to say', async () => {
    const bot = await started();
    await passTo(bot, NINE + 5 * MINUTE);
    expect(digests(bot)).toEqual([]);
  });

  it('is not made up for by a bot that starts for the first time', async () => {
    const bot = await started('', Date.UTC(2026, 10, 23, 15));
    await bot.pass(5);
    expect(digests(bot)).toEqual([]);
  });

  it('comes once, whenever the bot is restarted around that time', async () => {
    const first = await started();
    await first.post(byUser('carol'));
    await first.pass(2);
    const second = await first.restart();
    await passTo(second, NINE);
    const third = await second.restart();
    await third.pass(65);
    expect(digests(third)).toHaveLength(1);
  });

  it('says how old an alert is that opened after its time, where it is made later', async () => {
    const before = await started("digests: { daily: '23:00' }");
    await before.pass(2);
    await before.clock.advance(3 * HOUR);
    await before.post(byUser('carol'));
    await before.pass(2);
    const { clock, folder } = before;
    await before.stop();
    await clock.advance(HOUR);
    // Its time today was two hours ago.
    const bot = await startBot({ yaml: "digests: { daily: '11:00' }", clock, folder });
    await bot.pass(2);
    expect(said(digests(bot)[0])).toMatch(/1 HIGH: A-1 .*, 1 h( \d+ s)? old/s);
  });

  it('is made up for on the same day when the bot was down at nine, and not on the next', async () => {
    const before = await started();
    await before.post(byUser('carol'));
    await before.pass(2);
    await before.stop();
    await before.clock.advance(5 * HOUR);
    const bot = await before.restart();
    await bot.pass(2);
    expect(digests(bot)).toHaveLength(1);
    expect(said(digests(bot)[0])).toContain('to 2026-11-20 09:00');
  });
});

describe('what is low', () => {
  it('is posted nowhere, pages nobody and stands in the digest, by rule and actor', async () => {
    const bot = await started(`${LOW}
routes: { channel: '#security-alerts', escalation: all }
escalations: { all: { steps: [{ page: [${BOB}] }] } }`);
    for (const name of ['carol', 'carol', 'dave']) await bot.post(byUser(name));
    await bot.pass(5);
    expect(bot.workspace.messages().filter((one) => one.user === 'U0TRAILBOT')).toEqual([]);
    await passTo(bot, NINE);
    const [digest] = digests(bot);
    expect(said(digest)).toMatch(
      /access-key-for-another by user carol: 2 events.*access-key-for-another by user dave: 1 event\b/s,
    );
    // Not every workspace takes tables, and a digest that is refused is read by nobody.
    expect(digest?.blocks?.map(({ type }) => type)).not.toContain('table');
    expect(said(digest)).toContain('no new alert');
    expect(said(digest)).toContain('2 LOW, the oldest: A-1');
  });

  it('is listed and taken by /trail alerts, and still has no message', async () => {
    const bot = await started(LOW);
    await bot.post(byUser('carol'));
    await bot.pass(2);
    await bot.workspace.say({ as: BOB, channel: SECURITY, text: '/trail alerts' });
    const list = await bot.workspace.waitFor((workspace) => ephemerals(workspace, BOB).at(-1));
    const block = list.blocks?.find(({ type }) => type === 'section');
    const { value } = (block?.accessory ?? {}) as { value: string };
    const from = { message: { channel: list.channel, ts: list.ts } };
    const action = { type: 'button', action_id: 'alert_show', block_id: String(block?.block_id), value };
    expect(await bot.workspace.press({ as: BOB, from, action, values: {} })).toEqual({ ok: true });
    const shown = await bot.workspace.waitFor((workspace) => ephemerals(workspace, BOB).at(1));
    await pressButton(bot.workspace, BOB, shown, 'Acknowledge');
    await bot.pass(3);
    expect(alertMessages(bot.workspace)).toEqual([]);
    expect((await bot.app.status()).alerts).toMatchObject({ firing: 0, acknowledged: 1 });
  });

  it('is posted once digests are for nothing alone: what comes new, without a flood of what was low before', async () => {
    const before = await started(LOW);
    await before.post(byUser('carol'));
    await before.pass(2);
    const { clock, folder } = before;
    await before.stop();
    const bot = await startBot({ yaml: `${LOW}\ndigests: { only: none }`, clock, folder });
    await bot.post(byUser('carol'));
    await bot.post(byUser('dave'));
    await bot.pass(3);
    expect(alertMessages(bot.workspace)).toHaveLength(1);
    expect(JSON.stringify(alertMessages(bot.workspace))).toContain('dave');
  });

  it('is posted, and pages, when its rule becomes more serious', async () => {
    const before = await started(LOW);
    await before.post(byUser('carol'));
    await before.pass(2);
    const { clock, folder } = before;
    await before.stop();
    const bot = await startBot({ clock, folder });
    await bot.post(byUser('carol'));
    await bot.pass(3);
    const [message] = alertMessages(bot.workspace);
    expect(JSON.stringify(message)).toContain('HIGH');
  });
});

describe('the weekly digest', () => {
  const MONDAY = Date.UTC(2026, 10, 23, 9);

  it('says in one line that a week was quiet', async () => {
    const bot = await started('', MONDAY - MINUTE);
    await passTo(bot, MONDAY);
    const [digest, ...others] = digests(bot);
    expect(others).toEqual([]);
    expect(said(digest)).toBe(
      'Weekly digest  No alert is open, and none opened since 2026-11-23 08:59. /trail status says whether events arrive.',
    );
  });

  it('does not say of what has just opened that nobody acted on it', async () => {
    const bot = await started('digests: { daily: never }', MONDAY - HOUR);
    await bot.post(byUser('carol'));
    await bot.pass(3);
    await passTo(bot, MONDAY);
    expect(said(digests(bot)[0])).toContain('1 new alert');
    expect(said(digests(bot)[0])).not.toContain('Never acted on');
  });

  it('says what nobody acted on', async () => {
    const bot = await started('digests: { daily: never }', MONDAY - 5 * HOUR);
    for (const name of ['carol', 'dave', 'erin', 'frank']) await bot.post(byUser(name));
    await bot.pass(3);
    await passTo(bot, MONDAY);
    const [digest] = digests(bot);
    expect(said(digest)).toContain('access-key-for-another: 4 alerts');
    expect(said(digest)).toContain('Never acted on');
  });
});
