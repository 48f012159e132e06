import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clean,
  codeName,
  cut,
  dateTime,
  leaf,
  link,
  markup,
  mention,
  plain,
  pushText,
  rawCell,
  sentence,
} from '../../src/slack/text.ts';

test('controls, bidirectional marks and zero-width characters are gone, line ends are visible', () => {
  expect(clean('a\u202Egpj.exe\u2066b\u200B\u200D\uFEFFc\u0007\u009Bd', 50)).toBe('agpj.exebcd');
  expect(clean('one\r\ntwo\nthree\u2028four\tfive', 50)).toBe('one⏎two⏎three⏎four five');
  expect(clean('\u{E0041}\u3164\u115F\u00AD', 50)).toBe('');
});

test('a cut never halves a character and never exceeds the cap', () => {
  expect(cut('abcdef', 4)).toBe('abc…');
  expect(cut('ab😀😀', 4)).toBe('ab…');
  expect(clean('\uD800x', 10)).toBe('\uFFFDx');
});

test('what is empty after cleaning is still something that Slack takes', () => {
  expect(leaf('\u200B')).toEqual({ type: 'text', text: '(empty)' });
  expect(rawCell('')).toEqual({ type: 'raw_text', text: '(empty)' });
  expect(plain('', 10)).toEqual({ type: 'plain_text', text: '(empty)', emoji: false });
});

test('push text renders nothing: no mention, link, emoji or style', () => {
  const hostile =
    '<!channel> <@U1> @here @everyone <https://e.example|x> https://e.example :white_check_mark: *b* `c` ~d~ &lt;';
  const push = pushText(hostile, 300);
  expect(push).not.toMatch(/[<>@&*`~]|:\S/);
  expect(push).toContain('white_check_mark');
});

test('a rule name becomes a code span that it cannot leave', () => {
  expect(codeName('root-login')).toBe('`root-login`');
  expect(codeName('x` <!channel> *b*')).toBe('`x-channel-b-`');
  expect(codeName('')).toBe('`-`');
});

test('only a Slack user id becomes a mention', () => {
  expect(mention('U0ALICE01')).toBe('<@U0ALICE01>');
  expect(mention('!channel')).toBe('`-channel`');
  expect(mention(undefined)).toBe('somebody');
});

test('in a sentence people and user groups are mentions, and nothing else is', () => {
  expect(sentence('Ask <@U0ALICE01>, <!subteam^S0RESPOND1> or <!channel> <!subteam^X> <@here>.')).toEqual([
    { type: 'text', text: 'Ask ' },
    { type: 'user', user_id: 'U0ALICE01' },
    { type: 'text', text: ', ' },
    { type: 'usergroup', usergroup_id: 'S0RESPOND1' },
    { type: 'text', text: ' or <!channel> <!subteam^X> <@here>.' },
  ]);
});

test('only plain web addresses become links, and cannot end early', () => {
  expect(link('https://r.example/a?b=1&c=2', 'Runbook')).toBe('<https://r.example/a?b=1&amp;c=2|Runbook>');
  expect(link('https://r.example/a|b>c', 'Runbook')).toBe('<https://r.example/a%7cb%3Ec|Runbook>');
  for (const bad of [
    'javascript:alert(1)',
    'not a url',
    'https://u:p@r.example/',
    `https://r.example/${'x'.repeat(1000)}`,
  ]) {
    expect(link(bad, 'Runbook'), bad).toBeUndefined();
  }
});

test('a time is shown in the zone of the reader, an impossible one in words', () => {
  expect(dateTime(1_795_165_200_000, '{time}')).toBe('<!date^1795165200^{time}|2026-11-20 09:00:00 UTC>');
  for (const impossible of [-1, Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
    expect(dateTime(impossible, '{time}')).toBe('at an unknown time');
  }
});

test('a template is markup of its own literals and of other markup', () => {
  expect(markup`by ${mention('U0ALICE01')} after ${3} min`).toBe('by <@U0ALICE01> after 3 min');
});

test('in a sentence of the bot people are mentions and nothing else is', () => {
  expect(sentence('<@U0ALICE01> resolved <!channel> it')).toEqual([
    { type: 'user', user_id: 'U0ALICE01' },
    { type: 'text', text: ' resolved <!channel> it' },
  ]);
});

test('any text stays inside its cap', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.integer({ min: 1, max: 100 }),
      (text, max) => {
        expect(clean(text, max).length).toBeLessThanOrEqual(max);
        expect(clean(text, max)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(pushText(text, max)).not.toMatch(/[<>@&*`~]|:\S/);
      },
    ),
  );
});
