import { expect, test } from 'vitest';
import { drawAlert } from '../../src/slack/alert-message.ts';
import { alertIn, drawButtons } from '../../src/slack/buttons.ts';
import { STATES, someAlert, someCard } from './samples.ts';

/** A shortcut on a message of the bot, as Slack sends it: without what is undefined. */
function shortcut(message: object) {
  const own = { bot_id: 'B0BOT0001', app_id: 'A0TRAIL001' };
  return JSON.parse(JSON.stringify({ api_app_id: 'A0TRAIL001', message: { ...own, ...message } }));
}

test.each(Object.entries(STATES))('the message of an alert tells which it is: %s', (_, card) => {
  const { blocks, attachments } = drawAlert(card);
  expect(alertIn(shortcut({ blocks, attachments }))).toBe('A-1042');
  expect(alertIn(shortcut({ blocks }))).toBe('A-1042');
  expect(alertIn(shortcut({ attachments }))).toBe('A-1042');
  const profile = { app_id: undefined, bot_profile: { app_id: 'A0TRAIL001' } };
  expect(alertIn(shortcut({ blocks, ...profile }))).toBe('A-1042');
});

test.each([
  ['a person', { bot_id: undefined }],
  ['another app', { app_id: 'A0OTHER001' }],
  ['an unknown app', { app_id: undefined }],
  ['the bot, about something else', { blocks: [{ type: 'section', block_id: 'x' }, null, 7] }],
  ['the bot, in other words', { blocks: undefined, attachments: 'none' }],
])('a message of %s is about no alert', (_, change) => {
  const blocks = [{ type: 'header', block_id: 'h:A-1042:3' }];
  expect(alertIn(shortcut({ blocks, ...change }))).toBeUndefined();
});

const RUNNING = { state: 'running', next: { at: 1, who: [] }, paged: [] } as const;
const HALF = someAlert({ needs: 2, acknowledgements: [{ userId: 'U0ALICE01', at: 1 }] });

/** What the last control, the menu, offers. */
function menuOf(drawn: ReturnType<typeof drawButtons>): string[] {
  const last = drawn.elements.at(-1);
  return last?.type === 'overflow' ? last.options.map(({ text }) => text.text) : [];
}

test('while a second person is paged the menu hurries them, and what was asked before stays', () => {
  const drawn = drawButtons(HALF, RUNNING);
  expect(menuOf(drawn)).toEqual([
    'Escalate now',
    'Investigate',
    'Assign…',
    'Show event',
    'Why did it alert?',
  ]);
});

test.each(Object.entries({ ...STATES, 'half acknowledged': someCard({ ...HALF }) }))(
  'an alert has five controls and a menu of five at most, and always says why it alerted: %s',
  (_, { alert }) => {
    for (const chain of [undefined, RUNNING]) {
      const drawn = drawButtons(alert, chain);
      expect(drawn.elements.length).toBeLessThanOrEqual(5);
      expect(menuOf(drawn).length).toBeLessThanOrEqual(5);
      expect(menuOf(drawn)).toContain('Why did it alert?');
    }
  },
);
