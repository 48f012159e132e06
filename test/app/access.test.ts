import { describe, expect, test } from 'vitest';
import { refusalFor, refusalIn } from '../../src/app/access.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import type { AskedIn } from '../../src/slack/desk.ts';

function settings(yaml: string): Config {
  const read = readConfig({ text: yaml, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  return read.config;
}

const access = (members: string) => settings(`access: { ${members} }`);

describe('who', () => {
  test('by default everybody may ask and act, but guests may not', () => {
    const config = settings('');
    for (const right of ['ask', 'respond'] as const) {
      expect(refusalFor(config, right, 'U0ALICE01')).toBeUndefined();
      expect(refusalFor(config, right, 'U0GUEST01', true)).toMatch(
        /^Guests may not .*list U0GUEST01 in access\./,
      );
    }
  });

  test('those who are listed may, guests too; nobody else', () => {
    const config = access('ask: [U0ALICE01, U0GUEST01]');
    expect(refusalFor(config, 'ask', 'U0ALICE01')).toBeUndefined();
    expect(refusalFor(config, 'ask', 'U0GUEST01', true)).toBeUndefined();
    expect(refusalFor(config, 'ask', 'U0BOB00001')).toBe(
      'You may not ask questions here. Ask <@U0ALICE01>, <@U0GUEST01>, or have your id U0BOB00001 added to access.ask in the configuration.',
    );
    expect(refusalFor(config, 'respond', 'U0BOB00001')).toBeUndefined();
  });
});

describe('where', () => {
  const channel = (kind: AskedIn['kind'], name?: string, id = 'C0AUDIT001'): AskedIn => ({ id, name, kind });
  const everywhere = access('channels: everywhere');
  const some = access("channels: ['#audit', C0INCIDENT]");

  test('by default in the channels that alerts go to', () => {
    const config = settings(
      "routes: { channel: '#alerts', routes: [{ match: [level=low], channel: '#low' }] }",
    );
    expect(refusalIn(config, channel('channel', 'alerts'))).toBeUndefined();
    expect(refusalIn(config, channel('channel', 'low'))).toBeUndefined();
    expect(refusalIn(config, channel('channel', 'general'))).toBe(
      'Questions are not answered in this channel. Ask in #alerts, #low or in a direct message with the bot, or have the channel added to access.channels in the configuration.',
    );
  });

  test('a channel is named by its name or its id, and by nothing else', () => {
    expect(refusalIn(some, channel('channel', 'audit'))).toBeUndefined();
    expect(refusalIn(some, channel('channel', 'renamed', 'C0INCIDENT'))).toBeUndefined();
    expect(refusalIn(some, channel('channel', 'audit-2'))).toContain('not answered in this channel');
    expect(refusalIn(some, channel('channel', undefined))).toContain('not answered in this channel');
    expect(refusalIn(access("channels: ['#undefined']"), channel('channel'))).toContain('not answered');
    expect(refusalIn(everywhere, channel('channel', 'general'))).toBeUndefined();
  });

  test.each([
    ['external', 'shared with another company. Ask in a direct message with the bot.'],
    ['group', 'in group messages. Ask in #audit, C0INCIDENT or in a direct message with the bot.'],
    ['between people', 'between people. Ask in #audit, C0INCIDENT or in a direct message with the bot.'],
  ] as const)('%s: never, even where it is listed or everywhere is allowed', (kind, words) => {
    expect(refusalIn(some, channel(kind, 'audit'))).toContain(words);
    expect(refusalIn(some, channel(kind, 'audit', 'C0INCIDENT'))).toContain(words);
    expect(refusalIn(everywhere, channel(kind, 'audit'))).toMatch(/^Questions are not answered/);
  });

  test('in a direct message with the bot always', () => {
    expect(refusalIn(some, channel('direct'))).toBeUndefined();
  });
});
