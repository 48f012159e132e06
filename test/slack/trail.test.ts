import { WebClient } from '@slack/web-api';
import { beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { readQuestion } from '../../src/questions/reading/read-question.ts';
import type { Message } from '../../src/slack/alert-message.ts';
import { createNewBlocks } from '../../src/slack/ask/new-blocks.ts';
import type { Place } from '../../src/slack/ask/place.ts';
import { createRunning } from '../../src/slack/ask/running.ts';
import { askerOf } from '../../src/slack/asker.ts';
import { drawEvent } from '../../src/slack/event-view.ts';
import { drawHome } from '../../src/slack/home/home.ts';
import { createPeople } from '../../src/slack/people.ts';
import type { SlackTools } from '../../src/slack/slack-tools.ts';
import { answerTyped } from '../../src/slack/trail.ts';
import { COMMANDS } from '../../src/slack/trail-help.ts';
import { fakeClock } from '../support/clock.ts';
import { KEY } from './answers.ts';
import { type DeskDouble, deskDouble } from './desk-double.ts';
import { controls, expectInsideLimits, nodes, visible } from './drawn.ts';
import { AT, someAlert, someRecord, someRule, someStatus } from './samples.ts';

const ALICE = { userId: 'U0ALICE01', teamId: 'T0TEAM001', name: 'alice' };

let desk: DeskDouble;

beforeEach(() => {
  desk = deskDouble();
});

function tools(): SlackTools {
  const clock = fakeClock(AT + 720_000);
  const shared = { client: new WebClient(), clock, log: createLog('silent') };
  return {
    ...shared,
    desk,
    people: createPeople(shared),
    gate: { refusal: async () => desk.closedTo, refusalOf: async () => desk.closedTo },
    running: createRunning(),
    newBlocks: createNewBlocks(shared.log),
    publicUrl: 'https://trail.example',
  };
}

async function ask(text: string): Promise<Message> {
  const given = tools();
  const asker = askerOf(ALICE, { ...given, channel: 'D0ALICE01', thread: undefined, respond: undefined });
  const answers: Message[] = [];
  const place: Place = {
    open: false,
    inPlace: true,
    pauses: () => [],
    progress: async () => {},
    answer: async (draw) => {
      answers.push(draw(new Set()));
    },
  };
  await answerTyped(given, { text, asker, place, deliveryId: 'd1' });
  const [message, ...others] = answers;
  if (!message || others.length > 0) throw new Error(`${answers.length} answers`);
  expectInsideLimits(message);
  expect(nodes(message.blocks).some((node) => node.type === 'link' || node.emoji === true)).toBe(false);
  return message;
}

const EXAMPLES = COMMANDS.flatMap(({ commands }) => commands.map(({ example }) => example));

describe('/trail help', () => {
  test.each(['', 'help', ' HELP '])('"%s" lists what can be asked', async (text) => {
    const answer = visible(await ask(text));
    for (const example of EXAMPLES) expect(answer).toContain(example);
  });

  test('every example works as it stands', async () => {
    desk.read = (text) => readQuestion(text, AT);
    for (const example of EXAMPLES) {
      const answer = visible(await ask(example.replace('/trail ', '')));
      expect(answer, example).not.toMatch(/is not a question|What else can be asked/);
    }
  });

  test('a slip gets the corrected command to copy', async () => {
    const answer = visible(await ask('alrets mine'));
    expect(answer).toContain('Did you mean |/trail alerts mine');
  });

  test('a slip in a question is corrected as the question is read', async () => {
    desk.read = (text) => readQuestion(text, AT);
    const answer = visible(await ask(`kee ${KEY} 30x`));
    expect(answer).toContain('/trail kee| is not a question that Trailbot knows. Did you mean |/trail key ');
    expect(answer).toContain(' 30d|? What it can answer:');
  });

  test('a sentence is answered with what was not understood in it', async () => {
    desk.read = (text) => readQuestion(text, AT);
    const answer = visible(await ask('what is love'));
    expect(answer).toContain('“love” is not understood');
    expect(answer).toContain('/trail who love 2d');
    expect(answer).not.toContain('What it can answer');
  });

  test.each(['mute 203.0.113.7', 'please mute user alice'])('"%s" asks nothing', async (text) => {
    desk.read = (typed) => readQuestion(typed, AT);
    expect(visible(await ask(text))).toContain('/trail mute A-12');
    expect(desk.requests).toEqual([]);
  });

  test('what nobody can mean gets the list', async () => {
    expect(visible(await ask('<!channel> hello'))).toContain('is not a question that Trailbot knows');
  });

  test.each(['timeline all', 'unmute'])('"%s" is said to be beyond this version', async (text) => {
    const answer = visible(await ask(text));
    expect(answer).toContain('cannot be answered by this version');
    expect(answer.split('cannot be answered')[1]).not.toContain(`/trail ${text.split(' ')[0]}`);
  });

  test('every question is written down; who may not ask is told so', async () => {
    await ask('status');
    desk.closedTo = 'Ask the team lead for access.';
    expect(visible(await ask('rules'))).toBe('Ask the team lead for access.');
    expect(desk.questions).toEqual(['status', '(refused) rules']);
  });
});

describe('/trail alerts', () => {
  test('lists id, severity, state, title, actor, count and age, with a button each', async () => {
    desk.current = someAlert({ count: 138 });
    const answer = await ask('alerts');
    expect(visible(answer)).toContain(
      '🔴 A-1042 · HIGH · FIRING · Root console login without MFA · root @ 111122223333 · 138 × · 12 min old',
    );
    expect(controls(answer)).toEqual(['Show → A-1042:1']);
  });

  test('asks for the states that were meant', async () => {
    const asked: unknown[] = [];
    desk.alerts = async (filter) => {
      asked.push(filter);
      return [];
    };
    await ask('alerts');
    await ask('alerts all');
    await ask('alerts MINE');
    expect(asked).toEqual([
      { states: ['firing', 'acknowledged', 'resolved'], limit: 11 },
      { states: ['firing', 'acknowledged'], mine: 'U0ALICE01', limit: 11 },
    ]);
  });

  test('shows the ten gravest of those that are open, and says how many there are', async () => {
    const gravest = Array.from({ length: 10 }, (_, at) => someAlert({ id: `A-${at}` }));
    const levels = [
      { level: 'critical', number: 1 },
      { level: 'low', number: 511 },
    ] as const;
    desk.home.open = async () => ({ levels, gravest });
    const answer = await ask('alerts');
    expect(controls(answer)).toHaveLength(10);
    expect(visible(answer)).toContain('the gravest 10 of 512: 1 critical, 511 low');
  });

  test('shows the ten newest of all and says that there are more', async () => {
    desk.alerts = async ({ limit }) => Array.from({ length: limit }, (_, at) => someAlert({ id: `A-${at}` }));
    const answer = await ask('alerts all');
    expect(controls(answer)).toHaveLength(10);
    expect(visible(answer)).toContain('newest 10');
  });

  test('silence is not taken for safety', async () => {
    desk.current = undefined;
    expect(visible(await ask('alerts'))).toContain('/trail status says whether events arrive at all');
  });

  test('a wrong selection is corrected', async () => {
    expect(visible(await ask('alerts opne'))).toContain('/trail alerts open');
  });
});

describe('Show event', () => {
  const id = '3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11';

  const show = async () => {
    const message = drawEvent(id, await desk.events(id), desk.names());
    expectInsideLimits(message);
    return visible(message);
  };

  test('tells who did what, when, from where, which alerts, then the JSON', async () => {
    const answer = await show();
    for (const part of [
      'Who  |root @ 111122223333',
      'signin.amazonaws.com ConsoleLogin| → |Success',
      'Alerts  |A-1042',
    ]) {
      expect(answer).toContain(part);
    }
    expect(answer).toContain('"eventName": "ConsoleLogin"');
  });

  test('says why it did not alert', async () => {
    desk.events = async () => [
      {
        record: someRecord(),
        receivedAt: AT,
        alertIds: [],
        suppressed: [{ ruleId: 'r1', reason: 'quiet after resolve' }],
      },
    ];
    expect(await show()).toContain('Kept quiet  |r1: quiet after resolve');
  });

  test('a huge record is cut to what Slack takes, and says so', async () => {
    const body = { requestParameters: { policy: 'x"\n\u202E'.repeat(300_000) } };
    desk.events = async () =>
      Array.from({ length: 5 }, () => ({
        record: someRecord({ body }),
        receivedAt: AT,
        alertIds: [],
        suppressed: [],
      }));
    const answer = await show();
    expect(answer).toContain('more characters are stored but do not fit here');
    expect(answer).toContain('and 2 more copies');
    expect(answer).toContain('\\u202e');
  });

  test('an unknown one is said to be unknown, and why that can be', async () => {
    desk.events = async () => [];
    expect(await show()).toContain('not stored here');
  });

  test('no access key is shown whole, in the JSON neither', async () => {
    const record = someRecord({ accessKeyId: KEY, body: { userIdentity: { accessKeyId: KEY } } });
    desk.events = async () => [{ record, receivedAt: AT, alertIds: [], suppressed: [] }];
    const answer = await show();
    expect(answer).not.toContain(KEY);
    expect(answer).toContain('"accessKeyId": "AKIA…7EXAMPLE"');
  });
});

describe('/trail rules', () => {
  test('lists name, level and title', async () => {
    expect(visible(await ask('rules'))).toContain('root-console-login| HIGH |Root console login without MFA');
  });

  test.each(['root-console-login', 'ROOT-CONSOLE-LOGIN', '7e1b3c52-0000-4000-8000-000000000001'])(
    'shows %s in full',
    async (name) => {
      const answer = visible(await ask(`rules ${name}`));
      expect(answer).toContain('rules/signin/root-console-login.yml:1');
      expect(answer).toContain('Author  |Trailbot');
    },
  );

  test('a wrong name is corrected', async () => {
    expect(visible(await ask('rules root-consol-login'))).toContain('/trail rules root-console-login');
  });

  test('a thousand rules still fit', async () => {
    desk.rules = () =>
      Array.from({ length: 1000 }, (_, at) =>
        someRule({ name: `${'n'.repeat(90)}${at}`, title: 't'.repeat(200) }),
      );
    expect(visible(await ask('rules'))).toContain('1000 loaded');
  });

  test('no rules is trouble, and said so', async () => {
    desk.rules = () => [];
    expect(visible(await ask('rules'))).toContain('nothing can alert');
  });
});

describe('/trail status', () => {
  test('says what arrives, waits and failed, and what cannot be seen', async () => {
    desk.status = async () =>
      someStatus({
        jobs: { due: 4, parked: 2, lastError: 'Slack refused: is_archived; unarchive the channel' },
      });
    const answer = visible(await ask('status'));
    for (const part of [
      '12 min 4 s ago',
      '1,204 stored, 3 wait for the rules',
      'the oldest for 2 s',
      '2 were not understood',
      '2 firing, 1 acknowledged, 40 resolved',
      '4 waiting, 2 given up| · last error: |Slack refused: is_archived',
      '25 loaded',
      'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    ]) {
      expect(answer).toContain(part);
    }
  });

  test('when nothing has come yet it says where to look', async () => {
    desk.status = async () => someStatus({ lastReceivedAt: undefined });
    expect(visible(await ask('status'))).toMatch(
      /nothing received yet: check .*https:\/\/trail\.example\/events/,
    );
  });

  test('a refused reload is told with its mistakes', async () => {
    const problem = {
      file: 'rules/x.yml',
      line: 3,
      column: 5,
      what: 'unknown key "levl"',
      remedy: 'write level',
    };
    desk.status = async () =>
      someStatus({ rules: { loaded: 25, loadedAt: AT, problems: Array.from({ length: 9 }, () => problem) } });
    const answer = visible(await ask('status'));
    expect(answer).toContain('rules/x.yml:3:5: unknown key "levl"; write level');
    expect(answer).toContain('and 4 more');
  });
});

describe('the Home', () => {
  test('shows what is open, most severe first, and how the bot is doing', async () => {
    const gravest = [someAlert({ id: 'A-2', level: 'critical' }), someAlert({ id: 'A-1', level: 'low' })];
    const levels = gravest.map(({ level }) => ({ level, number: 1 }));
    Object.assign(desk.home, { open: async () => ({ levels, gravest }) });
    desk.current = undefined;
    const home = visible(await drawHome(tools(), ALICE));
    expect(home.indexOf('A-2 · CRITICAL')).toBeLessThan(home.indexOf('A-1 · LOW'));
    expect(home).toContain('How Trailbot is doing');
  });

  test('shows nothing to one who may not ask', async () => {
    desk.closedTo = 'Ask the team lead for access.';
    expect(visible(await drawHome(tools(), ALICE))).toBe('Ask the team lead for access.');
  });
});
