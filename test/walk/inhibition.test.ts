import { describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../../src/kernel/time.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { submit } from '../support/operating.ts';
import { ALICE, alertMessages, pressButton, textIn } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';

/** The graver one is of the rule that is made critical here; the lesser one is medium. */
const YAML = `
rules:
  levels: { cloudtrail-stopped: critical, access-key-for-another: medium }
`;

const grave = (over = {}) =>
  envelope(
    record({
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'StopLogging',
      requestParameters: { name: 'main' },
      responseElements: null,
      ...over,
    }),
  );
const lesser = (name = 'alice') => envelope(record({ userIdentity: user(name) }));

function messageOf(bot: Bot, id: string) {
  const message = alertMessages(bot.workspace).find(({ blocks }) =>
    JSON.stringify(blocks).includes(`${id}:`),
  );
  if (!message) throw new Error(`there is no message of ${id}`);
  return message;
}

function heldNote(bot: Bot) {
  return bot.workspace.messages().filter(({ text }) => text.includes('held back'));
}

async function withGrave(yaml = YAML) {
  const bot = await startBot({ yaml });
  await bot.post(grave());
  await bot.pass(2);
  return bot;
}

describe('a critical alert quiets the lesser ones of the same actor and account while it is open', () => {
  it('says so once in its thread, with how many, also across a restart', async () => {
    const before = await withGrave();
    await before.post(lesser());
    await before.pass(2);
    const bot = await before.restart();
    await bot.post(lesser());
    await bot.post(lesser());
    await bot.pass(60);
    expect(alertMessages(bot.workspace)).toHaveLength(1);
    const [note, ...others] = heldNote(bot);
    expect(others).toEqual([]);
    expect(note?.threadTs).toBe(messageOf(bot, 'A-1').ts);
    expect(textIn(note?.blocks)).toContain('3 lesser matches were held back.');
  });

  it('and nobody else', async () => {
    const bot = await withGrave();
    await bot.post(lesser('carol'));
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
  });

  it('but never a graver one, nor an alert of its own rule', async () => {
    const bot = await startBot({ yaml: YAML });
    await bot.post(lesser());
    await bot.pass(2);
    await bot.post(grave());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
  });

  it('for an hour, and no longer', async () => {
    const bot = await withGrave(
      `${YAML}watch: { canary: false, sweep: false, silence: false, trails: false }`,
    );
    await bot.clock.advance(HOUR + SECOND);
    await bot.post(lesser());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
  });

  it('until it is resolved; and as a false positive it gives back what it held, each once', async () => {
    const bot = await withGrave();
    await bot.post(lesser());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(1);
    await pressButton(bot.workspace, ALICE, messageOf(bot, 'A-1'), 'Resolve…');
    await submit(bot, ALICE, {
      disposition: { type: 'radio_buttons', selected_option: { value: 'false_positive' } },
    });
    await bot.pass(3);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
    const again = await bot.restart();
    await again.pass(3);
    expect(alertMessages(again.workspace)).toHaveLength(2);
  });

  it('not at all where the configuration says so', async () => {
    const bot = await withGrave(`${YAML}inhibitions: []\n`);
    await bot.post(lesser());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
  });
});

describe('a mute window', () => {
  const WINDOW = `
mute_windows: [{ match: [rule=access-key-for-another], intervals: [night], reason: patch night }]
time_intervals: { night: { location: Europe/Berlin, times: [{ from: '22:00', to: '24:00' }, { from: '00:00', to: '06:00' }] } }
`;

  it('hides matches while its calendar says so, and does nothing outside of it', async () => {
    // 23:30 in Berlin.
    const clock = fakeClock(Date.UTC(2026, 10, 20, 22, 30));
    const bot = await startBot({ yaml: WINDOW, clock });
    await bot.post(lesser());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toEqual([]);
    await clock.advance(7 * HOUR);
    await bot.post(lesser());
    await bot.pass(2);
    expect(alertMessages(bot.workspace)).toHaveLength(1);
  });
});
