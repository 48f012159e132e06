import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createSlack, type SlackApp } from '../../src/slack/bolt.ts';
import type { Asked, Request } from '../../src/slack/desk.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { startWorkspace, type Workspace } from '../../src/workspace/workspace.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { answerIn, KEY, someAnswer, someAsked, someCall } from './answers.ts';
import { type DeskDouble, deskDouble } from './desk-double.ts';
import { controls, markupOf, nodes, visible } from './drawn.ts';
import { AT, someCard } from './samples.ts';
import { SECRET, serve, signed } from './signed.ts';

const CHANNEL = 'C0SECURITY';
const ALICE = 'U0ALICE01';
const BOB = 'U0BOB00001';

let clock: FakeClock;
let desk: DeskDouble;
let workspace: Workspace;
let slack: SlackApp;
let botUrl: string;
let stopServer: () => Promise<void>;

beforeEach(async () => {
  clock = fakeClock(AT);
  desk = deskDouble();
  const bot = { url: '' };
  const shared = { clock, botToken: 'xoxb-local-test', signingSecret: SECRET };
  workspace = await startWorkspace({ ...shared, port: 0, random: systemRandom, requestUrl: () => bot.url });
  slack = await createSlack({
    token: 'xoxb-local-test',
    signingSecret: SECRET,
    apiUrl: workspace.apiUrl,
    desk,
    clock,
    log: createLog('silent'),
  });
  const server = await serve(slack.requestListener);
  bot.url = server.url;
  botUrl = server.url;
  stopServer = server.stop;
});

afterEach(async () => {
  await slack.stop();
  await stopServer();
  await workspace.stop();
});

/** Types a command and waits for its answer. */
async function trail(text: string, channel = CHANNEL): Promise<StoredMessage> {
  expect(await workspace.say({ as: ALICE, channel, text: `/trail ${text}` })).toEqual({ ok: true });
  await slack.stop();
  return last(channel);
}

function last(channel = CHANNEL): StoredMessage {
  const message = workspace.messages(channel).at(-1);
  if (!message) throw new Error('there is no message');
  return message;
}

const said = (message: StoredMessage) => visible(message.blocks);

async function press(message: StoredMessage, label: string, as = ALICE): Promise<void> {
  const action = nodes(message.blocks ?? message.attachments)
    .concat(nodes(message.attachments))
    .find(
      (node) => (node.text as { text?: string } | undefined)?.text === label && node.action_id !== undefined,
    );
  if (!action) throw new Error(`no button "${label}" in: ${controls(message).join(', ')}`);
  const { channel, ts } = message;
  const what = { type: 'button', action_id: String(action.action_id), value: action.value };
  expect(await workspace.press({ as, from: { message: { channel, ts } }, action: what, values: {} })).toEqual(
    { ok: true },
  );
}

/** The same, and waits until everything is done that it set off. */
async function pressed(message: StoredMessage, label: string, as = ALICE): Promise<StoredMessage> {
  await press(message, label, as);
  await slack.stop();
  return last(message.channel);
}

/** A question that is answered when the test says so, or when it is cancelled. */
function slowDesk() {
  const finish: { answer(asked: Asked): void; fail(error: Error): void } = {
    answer: () => {},
    fail: () => {},
  };
  desk.answering = (request) =>
    new Promise((resolve, reject) => {
      finish.answer = resolve;
      finish.fail = reject;
      request.signal.addEventListener('abort', () =>
        resolve(someAsked({ id: 'cut', question: request.question })),
      );
    });
  return finish;
}

const request = (): Request => {
  const [one] = desk.requests;
  if (!one) throw new Error('nothing was asked');
  return one;
};

function hear(done: number, cost?: string): void {
  request().hear({ places: 51, done, requests: done, events: 1204, left: 40_000, soFar: someAnswer(), cost });
}

/** Starts a slow question and waits for the first sign of progress. */
async function slowTrail(text = `key ${KEY}`) {
  const finish = slowDesk();
  expect(await workspace.say({ as: ALICE, channel: CHANNEL, text: `/trail ${text}` })).toEqual({ ok: true });
  await clock.untilSleeping();
  const show = async (ms: number, look: (text: string) => boolean) => {
    const before = workspace.messages(CHANNEL).length;
    await clock.advance(ms);
    return workspace.waitFor(() => {
      const message = workspace.messages(CHANNEL).at(-1);
      return message && workspace.messages(CHANNEL).length >= before && look(said(message))
        ? message
        : undefined;
    });
  };
  return { finish, show };
}

type Show = Awaited<ReturnType<typeof slowTrail>>['show'];

/** Every sign of progress that the response_url has room for. */
async function showAll(show: Show): Promise<void> {
  await show(700, (text) => text.includes('Looking'));
  for (const [at, pause] of [2300, 6000].entries()) {
    await clock.untilSleeping();
    hear(at + 1);
    await show(pause, (text) => text.includes(`${at + 1} of 51`));
  }
}

describe('/trail key', () => {
  test('is answered at once, to the asker alone, in one message', async () => {
    const answer = await trail(`key ${KEY} 30d`);
    expect(answer.ephemeralTo).toBe(ALICE);
    expect(said(answer)).toContain('Who used AKIA…7EXAMPLE, last 30 days');
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
    expect(desk.questions).toEqual([`key ${KEY} 30d`]);
    expect(request()).toMatchObject({ question: { kind: 'key', value: KEY }, operator: { userId: ALICE } });
  });

  test('with a mistake gets the sentence and the command to copy', async () => {
    expect(said(await trail('key AKIA'))).toContain(
      '"key AKIA" names no key. Try |/trail key AKIAIOSFODNN7EXAMPLE 30d',
    );
    expect(desk.requests).toEqual([]);
  });

  test('too often is refused in the words of the desk', async () => {
    desk.answering = async () => ({ refused: 'You have asked 30 questions in a minute; ask again in 20 s.' });
    expect(said(await trail(`key ${KEY}`))).toContain('ask again in 20 s');
  });

  test('that fails is told, without what went wrong inside', async () => {
    desk.answering = async () => {
      throw new Error('SQLITE_CORRUPT');
    };
    expect(said(await trail(`key ${KEY}`))).toMatch(/That did not work.*Please try again/);
  });
});

describe('who may ask, and where', () => {
  test('one who may not ask is refused, and it is written down', async () => {
    desk.closedTo = 'Ask the team lead for access.';
    expect(said(await trail(`key ${KEY}`))).toBe('Ask the team lead for access.');
    expect(desk.questions).toEqual([`(refused) key ${KEY}`]);
    expect(desk.requests).toEqual([]);
  });

  test('the channel is described to the desk, which may refuse it', async () => {
    const channels: unknown[] = [];
    desk.closedIn = (channel) => {
      channels.push(channel);
      return 'Ask in #security-alerts.';
    };
    expect(said(await trail(`key ${KEY}`, 'C0GENERAL0'))).toBe('Ask in #security-alerts.');
    expect(channels).toEqual([{ id: 'C0GENERAL0', name: 'general', kind: 'channel' }]);
    await trail(`key ${KEY}`, 'D0ALICE01');
    expect(channels[1]).toEqual({ id: 'D0ALICE01', name: undefined, kind: 'direct' });
  });

  test('Slack is asked about a channel once a minute', async () => {
    await trail(`key ${KEY}`);
    await trail('alerts');
    expect(workspace.calls('conversations.info')).toHaveLength(1);
    await clock.advance(61_000);
    await trail('alerts');
    expect(workspace.calls('conversations.info')).toHaveLength(2);
  });

  test('where Slack does not say what a channel is, nothing is answered but help', async () => {
    workspace.grant(['chat:write', 'commands', 'users:read']);
    expect(said(await trail(`key ${KEY}`))).toMatch(/does not answer here .*add channels:read/);
    expect(said(await trail('help'))).toContain('Who did what');
    expect(desk.requests).toEqual([]);
  });
});

describe('a question that takes long', () => {
  test('shows how far it has come, then the answer, all in one message', async () => {
    const { finish, show } = await slowTrail();
    hear(0, 'This asks 51 regions and takes about 50 s.');
    const first = await show(700, (text) => text.includes('Looking'));
    expect(said(first)).toContain('takes about 50 s');
    expect(controls(first)).toEqual([expect.stringMatching(/^Cancel → [0-9a-f]{16}$/)]);
    hear(17);
    await clock.untilSleeping();
    expect(said(await show(2300, (text) => text.includes('17 of 51')))).toContain('|ci-deploy made');
    hear(40);
    await clock.untilSleeping();
    await show(6000, (text) => text.includes('40 of 51'));
    finish.answer(someAsked());
    await slack.stop();
    expect(said(last())).toContain('Who used AKIA…7EXAMPLE');
    expect(controls(last()).join()).not.toContain('Cancel');
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
  });

  test('keeps uses of the response_url for the answer, however long it takes', async () => {
    workspace.faults.blocks('data_visualization');
    const { finish, show } = await slowTrail();
    await showAll(show);
    await clock.advance(20 * 60_000);
    finish.answer(someAsked());
    await slack.stop();
    expect(said(last())).toContain('in all, at most');
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
  });

  test('after half an hour is answered in a message of its own', async () => {
    const { finish, show } = await slowTrail();
    await showAll(show);
    await clock.advance(31 * 60_000);
    finish.answer(someAsked());
    await slack.stop();
    expect(said(last())).toContain('Who used AKIA…7EXAMPLE');
    expect(last().ephemeralTo).toBe(ALICE);
    expect(workspace.calls('chat.postEphemeral')).toHaveLength(1);
  });

  test('is cancelled by who asked, and what was found by then is the answer', async () => {
    const { show } = await slowTrail();
    const progress = await show(700, (text) => text.includes('Looking'));
    await press(progress, 'Cancel');
    await workspace.waitFor(() => said(last()).includes('Who used'));
    expect(request().signal.aborted).toBe(true);
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
  });

  test('cancelled too late says so', async () => {
    const { finish, show } = await slowTrail();
    const progress = await show(700, (text) => text.includes('Looking'));
    finish.answer(someAsked());
    await slack.stop();
    const told = await pressed(progress, 'Cancel');
    expect(said(told)).toContain('not running any more');
  });

  test('that fails at last says so in the end', async () => {
    const { finish, show } = await slowTrail();
    await show(700, (text) => text.includes('Looking'));
    finish.fail(new Error('disk full'));
    await slack.stop();
    expect(said(last())).toContain('That did not work');
  });

  test('is answered with what it has when the bot stops', async () => {
    const { show } = await slowTrail();
    await show(700, (text) => text.includes('Looking'));
    await slack.stop();
    expect(said(last())).toContain('Who used');
  });
});

describe('where Slack refuses a block', () => {
  test('the chart is drawn as text, and from then on at once', async () => {
    workspace.faults.blocks('data_visualization');
    expect(said(await trail(`key ${KEY}`))).toContain('182 in all, at most 44');
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
    await trail(`key ${KEY}`);
    expect(workspace.messages(CHANNEL)).toHaveLength(2);
  });

  test('in a channel only the refused one is, because Slack says which', async () => {
    await trail(`key ${KEY}`);
    workspace.faults.blocks('table');
    await pressed(last(), 'Share in channel');
    const shared = workspace.messages(CHANNEL).find((one) => one.ephemeralTo === undefined);
    const types = shared?.blocks?.map(({ type }) => type);
    expect(types).toContain('data_visualization');
    expect(types).not.toContain('table');
    expect(workspace.calls('chat.postMessage').map(({ ok }) => ok)).toEqual([false, true]);
  });
});

describe('a response_url that another process has used up', () => {
  test.each(['used_url', 'expired_url'])('(%s) is no reason not to answer', async (error) => {
    const used = await serve((_, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ok: false, error }));
    });
    const body = new URLSearchParams({
      command: '/trail',
      text: `key ${KEY}`,
      team_id: 'T0LOCAL001',
      user_id: ALICE,
      channel_id: CHANNEL,
      trigger_id: 't1',
      response_url: used.url,
    });
    await fetch(botUrl, signed(body.toString(), clock.now()));
    await slack.stop();
    await used.stop();
    expect(said(last())).toContain('Who used');
    expect(workspace.calls('chat.postEphemeral')).toHaveLength(1);
  });
});

describe('buttons of an answer', () => {
  test('Timeline, Next page, Previous page and Summary turn the same message over', async () => {
    await trail(`key ${KEY}`);
    expect(said(await pressed(last(), 'Timeline'))).toContain('call 1 of ci-deploy');
    expect(said(await pressed(last(), 'Next page'))).toContain('call 11 of ci-deploy');
    expect(said(last())).toContain('page 2 of 3');
    expect(said(await pressed(last(), 'Previous page'))).toContain('call 1 of ci-deploy');
    expect(said(await pressed(last(), 'Summary'))).toContain('1,204 calls');
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
    expect(desk.requests).toHaveLength(1);
    expect(desk.questions.slice(1, 3)).toEqual([
      expect.stringMatching(/^page 1 of the timeline of key/),
      expect.stringMatching(/^page 2 of the timeline of key/),
    ]);
  });

  test('an answer that is forgotten is asked again', async () => {
    await trail(`key ${KEY}`);
    desk.remembered.clear();
    expect(said(await pressed(last(), 'Timeline'))).toContain('call 1 of ci-deploy');
    expect(desk.requests).toHaveLength(2);
  });

  test('one that nobody knows any more says so', async () => {
    desk.answering = async () => someAsked({ id: 'old' });
    await trail(`key ${KEY}`);
    desk.remembered.clear();
    expect(said(await pressed(last(), 'Timeline'))).toContain('Ask the question again');
  });

  test('one that is asked again too often is refused', async () => {
    await trail(`key ${KEY}`);
    desk.remembered.clear();
    desk.answering = async () => ({ refused: 'Ask again in 20 s.' });
    expect(said(await pressed(last(), 'Timeline'))).toBe('Ask again in 20 s.');
  });

  test('one that is asked again for long shows its progress in place', async () => {
    await trail(`key ${KEY}`);
    desk.remembered.clear();
    const finish = slowDesk();
    await press(last(), 'Timeline');
    await clock.untilSleeping();
    await clock.advance(700);
    await workspace.waitFor(() => said(last()).includes('Looking'));
    finish.answer(someAsked());
    await slack.stop();
    expect(said(last())).toContain('call 1 of ci-deploy');
    expect(workspace.messages(CHANNEL)).toHaveLength(1);
  });

  test('Only writes narrows it without asking', async () => {
    await trail(`key ${KEY}`);
    const narrowed = await pressed(last(), 'Only writes');
    expect(desk.requests).toHaveLength(1);
    expect(controls(narrowed).join()).not.toContain('Only writes');
    expect(controls(narrowed)[0]).toBe('Share in channel → q2:s');
  });

  test('Share shows it to everybody, and says whose it was', async () => {
    await trail(`key ${KEY}`);
    await pressed(last(), 'Share in channel');
    const shared = workspace.messages(CHANNEL).find((one) => one.ephemeralTo === undefined);
    expect(markupOf(shared?.blocks)).toEqual([`shared by <@${ALICE}>`]);
    expect(said(last())).toContain('everybody here sees the answer');
    expect(desk.questions.at(-1)).toMatch(/^share in C0SECURITY: key/);
  });

  test('Share where questions are not allowed any more is refused', async () => {
    await trail(`key ${KEY}`);
    desk.closedIn = () => 'Ask in #security-alerts.';
    expect(said(await pressed(last(), 'Share in channel'))).toBe('Ask in #security-alerts.');
    expect(workspace.calls('chat.postMessage')).toEqual([]);
  });

  test('Share where the bot is not in the channel says how to invite it', async () => {
    await trail(`key ${KEY}`);
    workspace.changeChannel(CHANNEL, { botIn: false });
    expect(said(await pressed(last(), 'Share in channel'))).toContain('/invite @trailbot');
  });

  test('on a shared answer a colleague gets an own copy, and the shared one stays', async () => {
    await trail(`key ${KEY}`);
    await pressed(last(), 'Share in channel');
    const shared = workspace.messages(CHANNEL).find((one) => one.ephemeralTo === undefined);
    if (!shared) throw new Error('nothing was shared');
    const copy = await pressed(shared, 'Timeline', BOB);
    expect(copy.ephemeralTo).toBe(BOB);
    expect(said(copy)).toContain('call 1 of ci-deploy');
    expect(workspace.messages(CHANNEL).find((one) => one.ts === shared.ts)).toEqual(shared);
    desk.closedTo = 'Ask the team lead for access.';
    await clock.advance(1000);
    expect(said(await pressed(shared, 'Timeline', BOB))).toBe('Ask the team lead for access.');
  });

  test('CSV comes by direct message', async () => {
    await trail(`key ${KEY}`);
    const told = await pressed(last(), 'CSV');
    expect(said(told)).toContain('The CSV with 1 call is in your direct messages');
    const [file] = last('D0ALICE01').fileIds ?? [];
    expect(file).toBeDefined();
    expect(last('D0ALICE01').text).toBe('1 call: key AKIA…7EXAMPLE 30d');
    expect(desk.questions.at(-1)).toMatch(/^CSV of key/);
  });

  test('CSV without the scope names the scope', async () => {
    await trail(`key ${KEY}`);
    workspace.grant(['chat:write', 'commands', 'users:read', 'channels:read', 'im:write']);
    expect(said(await pressed(last(), 'CSV'))).toContain('add files:write to the app and reinstall it');
  });

  test('Follow asks the further question, below', async () => {
    await trail(`key ${KEY}`);
    await pressed(last(), 'Follow 203.0.113.90');
    expect(desk.requests.at(-1)?.question).toMatchObject({ kind: 'address', value: '203.0.113.90' });
    expect(workspace.messages(CHANNEL)).toHaveLength(2);
    expect(desk.questions.at(-1)).toContain('203.0.113.90');
  });

  test('nothing that was pressed on counts, only who presses and what the id stands for', async () => {
    await trail(`key ${KEY}`);
    desk.closedTo = 'Ask the team lead for access.';
    for (const label of ['Timeline', 'Only writes', 'CSV', 'Share in channel', 'Follow 203.0.113.90']) {
      const message = workspace.messages(CHANNEL)[0];
      if (message) expect(said(await pressed(message, label))).toBe('Ask the team lead for access.');
    }
    expect(desk.requests).toHaveLength(1);
    expect(desk.questions.slice(1)).toEqual([
      expect.stringMatching(/^\(refused\) page 1 of the timeline of key AKIA/),
      expect.stringMatching(/^\(refused\) writes of key AKIA/),
      expect.stringMatching(/^\(refused\) CSV of key AKIA/),
      expect.stringMatching(/^\(refused\) share in C0SECURITY: key AKIA/),
      expect.stringMatching(/^\(refused\) follow-up of key AKIA/),
    ]);
  });

  test('what is asked again is written down before, however it ends', async () => {
    await trail(`key ${KEY}`);
    desk.remembered.clear();
    desk.answering = async () => ({ refused: 'Ask again in 20 s.' });
    for (const label of ['Timeline', 'Only writes', 'CSV', 'Share in channel', 'Follow 203.0.113.90']) {
      const message = workspace.messages(CHANNEL)[0];
      if (message) expect(said(await pressed(message, label))).toBe('Ask again in 20 s.');
    }
    expect(desk.questions).toHaveLength(6);
    expect(desk.questions[3]).toMatch(/^CSV of key AKIA/);
  });

  test('an answer in which no call writes offers no narrowing to them', async () => {
    const calls = [someCall({ readOnly: true })];
    desk.answering = async () => someAsked({ material: { ...someAsked().material, calls } });
    expect(controls(await trail(`key ${KEY}`)).join()).not.toContain('Only writes');
  });
});

/** Somebody who reads an answer that lacks calls must know. */
function partialAsked(): Asked {
  const { calls, coverage } = someAsked().material;
  const trouble = { kind: 'cancelled', what: 'cancelled', remedy: '' } as const;
  const place = { account: '111122223333', region: 'eu-west-1', requests: 1, events: 9, throttled: 0 };
  const places = [
    { ...place, state: 'done' as const },
    { ...place, region: 'us-east-1', state: 'partial' as const, trouble },
  ];
  return someAsked({ material: { calls, coverage: { ...coverage, lookup: { places, took: 10 } } } });
}

const NOT_COMPLETE = 'ot complete: it was cancelled; 1 of 2 places was not read to the end';

describe('an answer that is not complete', () => {
  beforeEach(async () => {
    desk.answering = async () => partialAsked();
    await trail(`key ${KEY}`);
  });

  test('says so to those it is shared with', async () => {
    desk.draw = (asked, view) => ({ ...answerIn(asked, view), coverage: asked.material.coverage });
    expect(said(await pressed(last(), 'Share in channel'))).toContain(`It is n${NOT_COMPLETE}.`);
    const shared = workspace.messages(CHANNEL).find((one) => one.ephemeralTo === undefined);
    expect(said(shared ?? last())).toContain(`N${NOT_COMPLETE}`);
  });

  test('says so as a file: in its name, its message and the reply', async () => {
    expect(said(await pressed(last(), 'CSV'))).toContain(`It is n${NOT_COMPLETE}.`);
    expect(last('D0ALICE01').text).toContain('not complete (it was cancelled; 1 of 2 places');
    expect(JSON.stringify(workspace.calls('files.getUploadURLExternal'))).toContain(
      'trailbot-key-not-complete.csv',
    );
  });
});

/** Everybody's messages that show the answer. */
const shownToAll = () =>
  workspace
    .messages(CHANNEL)
    .filter((one) => one.ephemeralTo === undefined && said(one).includes('Who used'));

describe('Share', () => {
  test('tapped twice is done once; a minute later again', async () => {
    const answer = await trail(`key ${KEY}`);
    await press(answer, 'Share in channel');
    await clock.advance(1000);
    expect(said(await pressed(answer, 'Share in channel'))).toMatch(/just shared|sees the answer/);
    expect(shownToAll()).toHaveLength(1);
    await clock.advance(60_000);
    await pressed(answer, 'Share in channel');
    expect(shownToAll()).toHaveLength(2);
  });

  test('in a thread is called so, and goes there', async () => {
    await workspace.say({ as: ALICE, channel: CHANNEL, text: 'what is this?' });
    const { ts } = last();
    const answer = await mention(`@trailbot key ${KEY}`, { threadTs: ts });
    await pressed(answer, 'Share in thread');
    expect(shownToAll()).toMatchObject([{ threadTs: ts }]);
    expect(controls(shownToAll()).join()).not.toContain('Share');
  });

  test('is not offered in a direct message, where nobody else is', async () => {
    expect(controls(await trail(`key ${KEY}`, 'D0ALICE01')).join()).not.toContain('Share');
  });

  test('whose reply is lost is not called a failure, and not done twice', async () => {
    const answer = await trail(`key ${KEY}`);
    workspace.faults.call('chat.postMessage', { kind: 'lost-reply' });
    expect(said(await pressed(answer, 'Share in channel'))).toContain('did not say whether');
    expect(shownToAll()).toHaveLength(1);
  });

  test('is tried again when Slack has trouble', async () => {
    const answer = await trail(`key ${KEY}`);
    workspace.faults.call('chat.postMessage', { kind: 'server-error', status: 503 });
    await press(answer, 'Share in channel');
    await clock.untilSleeping();
    await clock.advance(2000);
    await workspace.waitFor(() => said(last()).includes('sees the answer'));
    expect(shownToAll()).toHaveLength(1);
  });

  test('that failed can be tried again at once', async () => {
    const answer = await trail(`key ${KEY}`);
    workspace.faults.call('chat.postMessage', { kind: 'refused', error: 'restricted_action' });
    expect(said(await pressed(answer, 'Share in channel'))).toContain('That did not work');
    await clock.advance(1000);
    await pressed(answer, 'Share in channel');
    expect(shownToAll()).toHaveLength(1);
  });
});

describe('one person', () => {
  test('has at most three questions running; a fourth is refused, not that of a colleague', async () => {
    slowDesk();
    for (let at = 1; at <= 3; at++) {
      await workspace.say({ as: ALICE, channel: CHANNEL, text: `/trail key ${KEY}` });
      await clock.untilSleeping(at);
    }
    await workspace.say({ as: ALICE, channel: CHANNEL, text: `/trail key ${KEY}` });
    const refused = await workspace.waitFor(() => {
      const message = workspace.messages(CHANNEL).at(-1);
      return message && said(message).includes('Wait for one of them') && message;
    });
    expect(said(refused)).toContain('You have 3 questions running');
    await workspace.say({ as: BOB, channel: CHANNEL, text: `/trail key ${KEY}` });
    await clock.untilSleeping(4);
    expect(desk.requests.map(({ operator }) => operator.userId)).toEqual([ALICE, ALICE, ALICE, BOB]);
    await slack.stop();
    expect(said(await trail(`key ${KEY}`))).toContain('Who used');
  });
});

describe('an answer that Slack does not take at once', () => {
  const TROUBLE = { kind: 'server-error', status: 503 } as const;

  test('is sent again', async () => {
    workspace.faults.call('chat.postEphemeral', TROUBLE, 2);
    await workspace.say({ as: ALICE, channel: CHANNEL, text: `@trailbot key ${KEY}` });
    for (const [at, pause] of [2000, 8000].entries()) {
      await workspace.waitFor(() => workspace.calls('chat.postEphemeral').length === at + 1);
      await clock.untilSleeping();
      await clock.advance(pause);
    }
    await workspace.waitFor(() => last().ephemeralTo === ALICE && said(last()).includes('Who used'));
    expect(desk.requests).toHaveLength(1);
  });

  test('is kept when Slack goes on refusing it, with a button that shows it', async () => {
    workspace.faults.call('chat.postEphemeral', { kind: 'refused', error: 'msg_blocks_too_long' });
    const told = await mention(`@trailbot key ${KEY}`);
    expect(said(told)).toContain('The answer was found, but it could not be shown');
    expect(said(await pressed(told, 'Show the answer'))).toContain('Who used');
    expect(desk.requests).toHaveLength(1);
  });

  test('as a file is uploaded again', async () => {
    const answer = await trail(`key ${KEY}`);
    workspace.faults.call('conversations.open', { kind: 'rate-limited', retryAfter: 5 });
    await press(answer, 'CSV');
    await clock.untilSleeping();
    await clock.advance(5000);
    await workspace.waitFor(() => said(last()).includes('is in your direct messages'));
  });
});

/** Says something to the bot and waits for what it sets off. */
async function mention(
  text: string,
  more: { threadTs?: string; channel?: string } = {},
): Promise<StoredMessage> {
  const channel = more.channel ?? CHANNEL;
  await workspace.say({ as: ALICE, channel, text, ...(more.threadTs ? { threadTs: more.threadTs } : {}) });
  await slack.stop();
  return last(channel);
}

describe('a mention', () => {
  test('is a question in words', async () => {
    const answer = await mention(`@trailbot who used ${KEY} since yesterday?`);
    expect(answer.ephemeralTo).toBe(ALICE);
    expect(said(answer)).toContain('Who used AKIA…7EXAMPLE');
    expect(desk.questions).toEqual([`who used ${KEY} since yesterday?`]);
  });

  test('in a thread is answered there', async () => {
    await workspace.say({ as: ALICE, channel: CHANNEL, text: 'what is this?' });
    const { ts } = last();
    expect(await mention(`@trailbot key ${KEY}`, { threadTs: ts })).toMatchObject({
      threadTs: ts,
      ephemeralTo: ALICE,
    });
  });

  test('asking for help gets help, also where nothing else is answered', async () => {
    desk.closedIn = () => 'Ask in #security-alerts.';
    expect(said(await mention('@trailbot help'))).toContain('Who did what');
    expect(said(await mention('@trailbot'))).toContain('Who did what');
    expect(said(await mention(`@trailbot key ${KEY}`))).toBe('Ask in #security-alerts.');
  });

  test('that is no question gets the list of what can be asked', async () => {
    expect(said(await mention('@trailbot good morning'))).toContain('is not a question that Trailbot knows');
  });

  test('delivered twice, and edited, is answered once', async () => {
    workspace.faults.delivery({ kind: 'twice' });
    await mention(`@trailbot key ${KEY}`);
    expect(desk.requests).toHaveLength(1);
  });

  test('that takes long is noted once, with a way to cancel, then answered', async () => {
    const finish = slowDesk();
    await workspace.say({ as: ALICE, channel: CHANNEL, text: `@trailbot key ${KEY}` });
    await clock.untilSleeping();
    await clock.advance(1500);
    const note = await workspace.waitFor(() =>
      said(last()).includes('message of its own') ? last() : undefined,
    );
    expect(controls(note)[0]).toContain('Cancel');
    // It cannot be edited later: its button is not one that cries.
    expect(said(note)).toContain('Until then, Cancel ends the search');
    expect(JSON.stringify(note)).not.toContain('danger');
    finish.answer(someAsked());
    await slack.stop();
    expect(said(last())).toContain('Who used');
  });
});

describe('Investigate this', () => {
  async function investigate(text: string): Promise<StoredMessage> {
    await workspace.say({ as: BOB, channel: CHANNEL, text });
    const { ts } = last();
    expect(await workspace.shortcut({ as: ALICE, channel: CHANNEL, ts, callbackId: 'investigate' })).toEqual({
      ok: true,
    });
    await slack.stop();
    return last();
  }

  test('one thing in the message is looked into', async () => {
    const answer = await investigate(`somebody found ${KEY} in a repository`);
    expect(answer.ephemeralTo).toBe(ALICE);
    expect(desk.requests).toMatchObject([
      { question: { kind: 'key', value: KEY }, operator: { userId: ALICE } },
    ]);
    expect(said(answer)).toContain('Who used');
  });

  test('of several things one is chosen', async () => {
    const offer = await investigate(`${KEY} from 203.0.113.90`);
    expect(controls(offer)).toHaveLength(2);
    expect(JSON.stringify(offer)).not.toContain(KEY);
    expect(desk.questions).toEqual([
      expect.stringMatching(/^investigate message \d+\.\d+ in C0SECURITY: key AKIA.*, ip 203\.0\.113\.90/),
    ]);
    await pressed(offer, 'AKIA…7EXAMPLE');
    expect(desk.requests).toMatchObject([{ question: { kind: 'key', value: KEY } }]);
    await pressed(offer, '203.0.113.90');
    expect(desk.requests[1]).toMatchObject({ question: { value: '203.0.113.90' } });
  });

  test('nothing to look into says what it looks for', async () => {
    expect(said(await investigate('good morning'))).toContain('It looks for access keys, ARNs, addresses');
  });

  test('an alert is looked into by its id: its text shows no whole key', async () => {
    const card = someCard({ channel: CHANNEL });
    desk.current = card.alert;
    await slack.notifier.post(card, 'intent-1');
    const { ts } = last();
    await workspace.shortcut({ as: ALICE, channel: CHANNEL, ts, callbackId: 'investigate' });
    await slack.stop();
    expect(desk.requests).toMatchObject([{ question: { kind: 'key', value: KEY } }]);
    expect(desk.questions.at(-1)).toMatch(/^investigate A-1042: key AKIA/);
    expect(last()).toMatchObject({ ephemeralTo: ALICE });
  });

  test('one who may not ask is refused', async () => {
    desk.closedTo = 'Ask the team lead for access.';
    expect(said(await investigate(KEY))).toBe('Ask the team lead for access.');
    expect(desk.questions).toEqual([
      expect.stringMatching(/^\(refused\) investigate message \d+\.\d+ in C0SECURITY: key AKIA/),
    ]);
  });
});

describe('Investigate on an alert', () => {
  async function alert(): Promise<StoredMessage> {
    const card = someCard({ channel: CHANNEL });
    desk.current = card.alert;
    await slack.notifier.post(card, 'intent-1');
    return last();
  }

  test('answers in the thread of the alert, for everybody', async () => {
    const message = await alert();
    const answer = await pressed(message, 'Investigate');
    expect(answer).toMatchObject({ threadTs: message.ts });
    expect(answer.ephemeralTo).toBeUndefined();
    expect(markupOf(answer.blocks)).toEqual([`asked by <@${ALICE}>`]);
    expect(desk.questions.at(-1)).toMatch(/^investigate A-1042: key AKIA/);
  });

  test('shows its progress there, which only who asked can cancel', async () => {
    const message = await alert();
    slowDesk();
    await press(message, 'Investigate');
    await clock.untilSleeping();
    await clock.advance(700);
    const progress = await workspace.waitFor(() => (said(last()).includes('Looking') ? last() : undefined));
    expect(progress.threadTs).toBe(message.ts);
    await press(progress, 'Cancel', BOB);
    await workspace.waitFor(() => said(last()).includes('Only the person who asked'));
    expect(request().signal.aborted).toBe(false);
    await press(progress, 'Cancel');
    await workspace.waitFor(() =>
      workspace.messages(CHANNEL).some((one) => one.ts === progress.ts && said(one).includes('Who used')),
    );
  });

  test('a page of it is turned for the one who presses alone, in the thread', async () => {
    const answer = await pressed(await alert(), 'Investigate');
    const page = await pressed(answer, 'Timeline', BOB);
    expect(page).toMatchObject({ ephemeralTo: BOB, threadTs: answer.threadTs });
  });

  test('stands in the menu of a snoozed alert, beside Show event', async () => {
    const snoozed = { channel: CHANNEL, version: 2, snoozedBy: ALICE, snoozedUntil: AT + 3_600_000 };
    const card = someCard(snoozed);
    desk.current = card.alert;
    await slack.notifier.post(card, 'intent-1');
    const { ts } = last();
    const choose = async (choice: string) => {
      const action = {
        type: 'overflow',
        action_id: 'alert_more',
        selected_option: { value: `A-1042:2:${choice}` },
      };
      await workspace.press({ as: ALICE, from: { message: { channel: CHANNEL, ts } }, action, values: {} });
      await slack.stop();
      await clock.advance(1000);
      return last();
    };
    expect(said(await choose('event'))).toContain('Who  |root @ 111122223333');
    expect(said(await choose('investigate'))).toContain('Who used AKIA…7EXAMPLE');
    expect(last().threadTs).toBe(ts);
  });

  test('of a private copy is answered privately: it has no thread', async () => {
    desk.current = someCard({ channel: CHANNEL }).alert;
    await trail('alerts');
    const copy = await pressed(last(), 'Show');
    const answer = await pressed(copy, 'Investigate');
    expect(answer.ephemeralTo).toBe(ALICE);
    expect(answer.threadTs).toBeUndefined();
  });

  describe('whose progress stands in the thread', () => {
    async function waiting() {
      const message = await alert();
      const finish = slowDesk();
      await press(message, 'Investigate');
      await clock.untilSleeping();
      await clock.advance(700);
      const progress = await workspace.waitFor(() => said(last()).includes('Looking') && last());
      await clock.untilSleeping();
      const now = () => workspace.messages(CHANNEL).find((one) => one.ts === progress.ts);
      return { message, finish, progress, now };
    }

    test('is edited into it after a while when Slack has trouble', async () => {
      const { finish, now } = await waiting();
      workspace.faults.call('chat.update', { kind: 'server-error', status: 503 }, 3);
      finish.answer(someAsked());
      for (const [at, pause] of [2000, 8000, 20_000].entries()) {
        await workspace.waitFor(() => workspace.calls('chat.update').length === at + 1);
        await clock.untilSleeping();
        await clock.advance(pause);
      }
      await workspace.waitFor(() => said(now() ?? last()).includes('Who used'));
    });

    test('is posted anew when somebody has deleted that', async () => {
      const { message, finish } = await waiting();
      workspace.faults.call('chat.update', { kind: 'refused', error: 'message_not_found' });
      finish.answer(someAsked());
      await slack.stop();
      expect(last().threadTs).toBe(message.ts);
      expect(said(last())).toContain('Who used');
    });

    test('is replaced by what went wrong when the answer cannot be shown', async () => {
      const { finish, now } = await waiting();
      workspace.faults.call('chat.update', { kind: 'refused', error: 'msg_blocks_too_long' });
      finish.answer(someAsked());
      await slack.stop();
      const left = now() ?? last();
      expect(said(left)).toContain('it could not be shown');
      expect(controls(left)).toEqual(['Show the answer → q1:s']);
      expect(said(await pressed(left, 'Show the answer', BOB))).toContain('Who used');
    });

    test('is taken away when the question fails', async () => {
      const { finish, now } = await waiting();
      finish.fail(new Error('disk full'));
      await slack.stop();
      expect(said(now() ?? last())).toContain('could not be answered');
      expect(controls(now())).toEqual([]);
      expect(last()).toMatchObject({ ephemeralTo: ALICE });
    });
  });

  test('in a thread waits when Slack says that it is too fast', async () => {
    const message = await alert();
    workspace.faults.call('chat.postMessage', { kind: 'rate-limited', retryAfter: 3 });
    await press(message, 'Investigate');
    await clock.untilSleeping();
    await workspace.waitFor(() => workspace.calls('chat.postMessage').length === 2);
    await clock.untilSleeping();
    await clock.advance(3000);
    await workspace.waitFor(() => last().threadTs === message.ts);
    expect(said(last())).toContain('Who used');
  });

  test('an alert that names nothing to look into says so', async () => {
    const message = await alert();
    desk.subjectOf = async (id) => ({ refused: `${id} names no key, actor or address to look into.` });
    expect(said(await pressed(message, 'Investigate'))).toContain('A-1042 names no key, actor or address');
  });

  test('one who may not ask is refused, to that person alone', async () => {
    const message = await alert();
    desk.closedTo = 'Ask the team lead for access.';
    expect(await pressed(message, 'Investigate')).toMatchObject({ ephemeralTo: ALICE });
    expect(desk.questions).toEqual([expect.stringMatching(/^\(refused\) investigate A-1042: key AKIA/)]);
    expect(desk.requests).toEqual([]);
  });
});
