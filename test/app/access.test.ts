import { describe, expect, test } from 'vitest';
import { refusalFor, refusalIn } from '../../src/app/access.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { Fault } from '../../src/kernel/problem.ts';
import type { AskedIn } from '../../src/slack/desk.ts';
import { type Members, RIGHTS } from '../../src/work/rights.ts';

function settings(yaml: string): Config {
  const read = readConfig({ text: yaml, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  return read.config;
}

const access = (members: string) => settings(`access: { ${members} }`);

const [ALICE, BOB, CARLA] = ['U0ALICE01', 'U0BOB00001', 'U0CARLA001'];
const GROUP = 'S0RESPOND1';

/** Slack's word on who is in which group; silent about all others. */
const membersIn = (groups: Record<string, readonly string[]>): Members => ({
  membersOf: async (id) => groups[id] ?? Promise.reject(Fault.never('Slack refused: no_such_subteam')),
});

describe('who', () => {
  test('by default everybody may do everything, but guests may not', async () => {
    const config = settings('');
    for (const right of RIGHTS) {
      expect(await refusalFor(config, right, ALICE)).toBeUndefined();
      expect(await refusalFor(config, right, 'U0GUEST01', true)).toMatch(
        /^Guests may not .*list U0GUEST01 in access\./,
      );
    }
  });

  test('those who are listed may, guests too; nobody else', async () => {
    const config = access('ask: [U0ALICE01, U0GUEST01]');
    expect(await refusalFor(config, 'ask', ALICE)).toBeUndefined();
    expect(await refusalFor(config, 'ask', 'U0GUEST01', true)).toBeUndefined();
    expect(await refusalFor(config, 'ask', BOB)).toBe(
      'You may not ask questions here. Ask <@U0ALICE01>, <@U0GUEST01>, or have your id U0BOB00001 added to access.ask in the configuration.',
    );
    expect(await refusalFor(config, 'respond', BOB)).toBeUndefined();
  });

  test('an admin may act on alerts, and whoever acts on alerts may ask; not the other way round', async () => {
    const config = access(`ask: [${CARLA}], respond: [${BOB}], admin: [${ALICE}]`);
    const may = async (userId: string) => {
      const refused = await Promise.all(RIGHTS.map((right) => refusalFor(config, right, userId)));
      return RIGHTS.filter((_, at) => refused[at] === undefined);
    };
    expect(await may(ALICE)).toEqual(['ask', 'respond', 'admin']);
    expect(await may(BOB)).toEqual(['ask', 'respond']);
    expect(await may(CARLA)).toEqual(['ask']);
    expect(await refusalFor(config, 'admin', BOB)).toBe(
      'You may not mute alerts or change the shifts of others here. Ask <@U0ALICE01>, or have your id U0BOB00001 added to access.admin in the configuration.',
    );
  });

  test('who is admin where nothing is said: whoever may act on alerts', async () => {
    const config = access(`respond: [${BOB}]`);
    expect(await refusalFor(config, 'admin', BOB)).toBeUndefined();
    expect(await refusalFor(config, 'admin', ALICE)).toContain('Ask <@U0BOB00001>');
  });

  test('that everybody may act on alerts lets nobody in who may not ask', async () => {
    expect(await refusalFor(access(`ask: [${ALICE}]`), 'ask', BOB)).toContain('You may not ask questions');
  });
});

describe('user groups', () => {
  const config = access(`respond: [${ALICE}, ${GROUP}]`);
  const members = membersIn({ [GROUP]: [BOB] });

  test('a member may, and everybody else is told of the group', async () => {
    expect(await refusalFor(config, 'respond', BOB, false, members)).toBeUndefined();
    expect(await refusalFor(config, 'respond', CARLA, false, members)).toBe(
      'You may not act on alerts here. Ask <@U0ALICE01>, <!subteam^S0RESPOND1>, or have your id U0CARLA001 added to access.respond in the configuration.',
    );
  });

  test('where Slack is silent nobody is in the group, and the person hears why and whom to ask', async () => {
    const silent = membersIn({});
    expect(await refusalFor(config, 'respond', BOB, false, silent)).toBe(
      'Slack does not say who is in <!subteam^S0RESPOND1>, so you may not act on alerts for now (Slack refused: no_such_subteam). Ask <@U0ALICE01>.',
    );
    expect(await refusalFor(access(`respond: [${GROUP}]`), 'respond', BOB, false, silent)).toContain(
      'Ask whoever runs Trailbot to mend that, or to list your id U0BOB00001 in access.respond.',
    );
    expect(await refusalFor(config, 'respond', BOB)).toContain('not connected to Slack yet');
  });

  test('of several groups one is enough, though Slack is silent about another', async () => {
    const two = access(`respond: [S0UNKNOWN1, ${GROUP}]`);
    expect(await refusalFor(two, 'respond', BOB, false, members)).toBeUndefined();
    expect(await refusalFor(two, 'respond', CARLA, false, members)).toContain(
      'who is in <!subteam^S0UNKNOWN1>,',
    );
  });

  test('whoever is named needs no group, and Slack is not asked', async () => {
    const asked: string[] = [];
    const counting: Members = {
      membersOf: async (id) => {
        asked.push(id);
        return [];
      },
    };
    expect(await refusalFor(config, 'respond', ALICE, false, counting)).toBeUndefined();
    expect(asked).toEqual([]);
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
