import { describe, expect, test } from 'vitest';
import { SECOND } from '../../src/kernel/time.ts';
import {
  ALICE,
  ALICE_DM,
  BOB,
  BOT,
  BOT_TOKEN,
  buttons,
  call,
  SECURITY,
  section,
  startStage,
} from './stage.ts';

describe('who may call', () => {
  test('a call needs the token, which must be the right one, and a method that exists', async () => {
    const { workspace } = await startStage();
    const bare = (headers: Record<string, string>) =>
      fetch(`${workspace.apiUrl}auth.test`, { method: 'POST', headers }).then((response) => response.json());
    expect(await bare({})).toEqual({ ok: false, error: 'not_authed' });
    expect(await bare({ authorization: 'Bearer xoxb-other' })).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await call(workspace, 'chat.postPigeon')).toMatchObject({ ok: false, error: 'unknown_method' });
    expect(await call(workspace, 'auth.test')).toMatchObject({
      ok: true,
      user_id: BOT,
      team_id: 'T0LOCAL001',
    });
  });

  test('forms, JSON and multipart mean the same, and a broken body is refused in words', async () => {
    const { workspace } = await startStage();
    const send = async (body: string | FormData | URLSearchParams, type?: string) => {
      const headers = { authorization: `Bearer ${BOT_TOKEN}`, ...(type ? { 'content-type': type } : {}) };
      const response = await fetch(`${workspace.apiUrl}users.info`, { method: 'POST', headers, body });
      return response.json();
    };
    const form = new FormData();
    form.set('user', BOB);
    const bob = { ok: true, user: { id: BOB, real_name: 'Bob Tanaka' } };
    expect(await send(new URLSearchParams({ user: BOB }))).toMatchObject(bob);
    expect(await send(JSON.stringify({ user: BOB }), 'application/json; charset=utf-8')).toMatchObject(bob);
    expect(await send(form)).toMatchObject(bob);
    expect(await send('{"user":', 'application/json')).toMatchObject({ error: 'invalid_json' });
    expect(await send('[1]', 'application/json')).toMatchObject({ error: 'json_not_object' });
    expect(await send('x', 'multipart/form-data; boundary=y')).toMatchObject({ error: 'invalid_form_data' });
    expect(await send('x', 'text/xml')).toMatchObject({ error: 'invalid_post_type' });
  });

  test('a body beyond the limit gets 413', async () => {
    const { workspace } = await startStage({ maxBodyBytes: 1000 });
    const response = await fetch(`${workspace.apiUrl}api.test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ x: 'x'.repeat(2000) }),
    });
    expect(response.status).toBe(413);
  });

  test('calls are remembered without the token', async () => {
    const { workspace, clock } = await startStage();
    await call(workspace, 'users.info', { user: BOB, token: BOT_TOKEN });
    await call(workspace, 'users.info', { user: 'U0NOBODY' });
    expect(workspace.calls('users.info')).toEqual([
      { method: 'users.info', args: { user: BOB }, ok: true, at: clock.now() },
      {
        method: 'users.info',
        args: { user: 'U0NOBODY' },
        ok: false,
        error: 'user_not_found',
        at: clock.now(),
      },
    ]);
  });
});

describe('chat.postMessage', () => {
  test('takes a channel by id, #name or person, and gives every message its own increasing ts', async () => {
    const { workspace } = await startStage();
    const stamps: unknown[] = [];
    for (const channel of [SECURITY, '#security-alerts', 'security-alerts', ALICE]) {
      const answer = await call(workspace, 'chat.postMessage', { channel, text: 'x' });
      if (answer.ok) stamps.push(answer.ts);
      else expect([channel, answer.error]).toEqual(['security-alerts', 'channel_not_found']);
    }
    expect(workspace.messages(SECURITY).map((one) => one.ts)).toEqual(stamps.slice(0, 2));
    expect(stamps.slice(0, 2)).toEqual(['2051319845.000000', '2051319845.000001']);
    expect(workspace.messages(ALICE_DM)).toHaveLength(1);
  });

  test('names blocks and elements that the app has not named', async () => {
    const { workspace } = await startStage();
    const element = { type: 'button', text: { type: 'plain_text', text: 'x' } };
    await call(workspace, 'chat.postMessage', {
      channel: SECURITY,
      blocks: [
        { type: 'divider', block_id: 'b1' },
        { type: 'actions', elements: [element, element] },
      ],
      attachments: [{ color: '#d9480f', blocks: [{ type: 'divider' }] }],
    });
    expect(workspace.messages(SECURITY)).toMatchObject([
      {
        blocks: [
          { block_id: 'b1' },
          { block_id: 'b2', elements: [{ action_id: 'a1' }, { action_id: 'a2' }] },
        ],
        attachments: [{ blocks: [{ block_id: 't11' }], fallback: '[no preview available]' }],
      },
    ]);
  });

  const refusals: [error: string, args: Record<string, unknown>][] = [
    ['invalid_arguments', { text: 'x' }],
    ['channel_not_found', { channel: '#nowhere', text: 'x' }],
    ['no_text', { channel: SECURITY }],
    ['no_text', { channel: SECURITY, text: '  ', blocks: [], attachments: [] }],
    ['msg_too_long', { channel: SECURITY, text: 'x'.repeat(40_001) }],
    ['msg_too_long', { channel: SECURITY, markdown_text: 'x'.repeat(12_001) }],
    ['markdown_text_conflict', { channel: SECURITY, markdown_text: 'x', text: 'x' }],
    ['msg_blocks_too_long', { channel: SECURITY, blocks: Array(5).fill(section('x'.repeat(3000))) }],
    ['invalid_blocks_format', { channel: SECURITY, blocks: '[{' }],
    ['invalid_blocks_format', { channel: SECURITY, blocks: { type: 'divider' } }],
    ['invalid_attachments', { channel: SECURITY, attachments: [{ colour: 'red' }] }],
    ['invalid_blocks', { channel: SECURITY, attachments: [{ blocks: [{ type: 'x' }] }] }],
    ['too_many_attachments', { channel: SECURITY, attachments: Array(101).fill({ text: 'x' }) }],
    ['thread_not_found', { channel: SECURITY, text: 'x', thread_ts: '1.000001' }],
    ['invalid_metadata_format', { channel: SECURITY, text: 'x', metadata: '{' }],
    ['invalid_metadata_schema', { channel: SECURITY, text: 'x', metadata: { event_type: 'x' } }],
    [
      'metadata_too_large',
      {
        channel: SECURITY,
        text: 'x',
        metadata: { event_type: 'x', event_payload: { x: 'x'.repeat(16_000) } },
      },
    ],
  ];
  test.each(refusals)('%s', async (error, args) => {
    const { workspace } = await startStage();
    expect(await call(workspace, 'chat.postMessage', args)).toMatchObject({ ok: false, error });
    expect(workspace.messages()).toEqual([]);
  });

  test('names each mistake in blocks by its place, as Slack does', async () => {
    const { workspace } = await startStage();
    const blocks = [{ type: 'divider' }, { type: 'header', text: { type: 'plain_text', text: '' } }];
    expect(await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'x', blocks })).toEqual({
      ok: false,
      error: 'invalid_blocks',
      errors: ['must be more than 0 characters [json-pointer:/blocks/1/text/text]'],
      response_metadata: {
        messages: ['[ERROR] must be more than 0 characters [json-pointer:/blocks/1/text/text]'],
      },
    });
  });

  test('is refused in archived channels and where the bot is not', async () => {
    const { workspace } = await startStage();
    workspace.changeChannel(SECURITY, { archived: true });
    workspace.changeChannel('C0GENERAL0', { botIn: false });
    const post = (channel: string) => call(workspace, 'chat.postMessage', { channel, text: 'x' });
    expect(await post(SECURITY)).toMatchObject({ error: 'is_archived' });
    expect(await post('#general')).toMatchObject({ error: 'not_in_channel' });
    expect(await call(workspace, 'conversations.join', { channel: 'C0GENERAL0' })).toMatchObject({
      ok: true,
    });
    expect(await post('#general')).toMatchObject({ ok: true });
  });

  test('one message a second a channel after a short burst, then 429 with Retry-After', async () => {
    const { workspace, clock } = await startStage();
    const post = (channel: string) => call(workspace, 'chat.postMessage', { channel, text: 'x' });
    for (let index = 0; index < 10; index += 1) expect((await post(SECURITY)).ok).toBe(true);
    const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: SECURITY, text: 'x' }),
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await response.json()).toEqual({ ok: false, error: 'ratelimited' });
    expect((await post('C0GENERAL0')).ok).toBe(true);
    await clock.advance(SECOND);
    expect((await post(SECURITY)).ok).toBe(true);
    expect(await post(SECURITY)).toMatchObject({ error: 'ratelimited' });
  });

  test('without a limit where a test wants none', async () => {
    const { workspace } = await startStage({ rateLimit: false });
    for (let index = 0; index < 20; index += 1) {
      expect((await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'x' })).ok).toBe(true);
    }
  });
});

describe('chat.update and chat.delete', () => {
  test('an edit keeps what it does not mention, and an empty list takes away', async () => {
    const { workspace } = await startStage();
    const { ts } = await call(workspace, 'chat.postMessage', {
      channel: SECURITY,
      text: 'one',
      blocks: [section('one'), buttons('ack')],
      attachments: [{ text: 'more' }],
    });
    await call(workspace, 'chat.update', { channel: SECURITY, ts, text: 'two' });
    expect(workspace.messages()).toMatchObject([{ text: 'two', edited: true, blocks: [{}, {}] }]);
    await call(workspace, 'chat.update', {
      channel: SECURITY,
      ts,
      blocks: [section('two')],
      attachments: [],
    });
    expect(workspace.messages()).toMatchObject([{ text: 'two', blocks: [{}], attachments: [] }]);
  });

  test('only the bot’s own messages can be changed, and only those that are there', async () => {
    const { workspace } = await startStage();
    await workspace.say({ as: ALICE, channel: SECURITY, text: 'mine' });
    const ts = workspace.messages(SECURITY)[0]?.ts;
    await call(workspace, 'chat.postEphemeral', { channel: SECURITY, user: BOB, text: 'for Bob' });
    const ephemeral = workspace.messages(SECURITY)[1]?.ts;
    const change = (method: string, more: object) =>
      call(workspace, method, { channel: SECURITY, text: 'x', ...more });
    expect(await change('chat.update', { ts })).toMatchObject({ error: 'cant_update_message' });
    expect(await change('chat.delete', { ts })).toMatchObject({ error: 'cant_delete_message' });
    expect(await change('chat.update', { ts: '1.000001' })).toMatchObject({ error: 'message_not_found' });
    expect(await change('chat.update', { ts: ephemeral })).toMatchObject({ error: 'message_not_found' });
    expect(await change('chat.update', { ts: ephemeral, channel: 'C1' })).toMatchObject({
      error: 'channel_not_found',
    });
    expect(await change('chat.update', {})).toMatchObject({ error: 'invalid_arguments' });
  });

  test('a deleted message is gone', async () => {
    const { workspace } = await startStage();
    const { ts } = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'one' });
    expect(await call(workspace, 'chat.delete', { channel: SECURITY, ts })).toMatchObject({ ok: true });
    expect(workspace.messages()).toEqual([]);
  });

  test('a permalink leads to the page, at the message', async () => {
    const { workspace } = await startStage();
    const { ts } = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'one' });
    const { permalink } = await call(workspace, 'chat.getPermalink', { channel: SECURITY, message_ts: ts });
    const response = await fetch(String(permalink), { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(`/#${SECURITY}/${ts}`);
  });
});

describe('phones', () => {
  test('ring for everybody when the bot posts, with the text as a lock screen shows it', async () => {
    const { workspace } = await startStage();
    const text =
      'HIGH: <https://a.example|Root login> &lt;b&gt; <!date^1^{time}|09:00 UTC>\nOn call: <@U0BOB00001> in <#C0GENERAL0>';
    await call(workspace, 'chat.postMessage', { channel: SECURITY, text: text + ' x'.repeat(200) });
    const [push] = workspace.pushes(ALICE);
    expect(push?.title).toBe('Trailbot in #security-alerts');
    expect(push?.body).toMatch(/^HIGH: Root login <b> 09:00 UTC On call: @Bob Tanaka in #general x x.*…$/);
    expect(push?.body).toHaveLength(180);
    expect(workspace.pushes().map((one) => one.to)).toEqual([ALICE, BOB, 'U0CARLA001']);
  });

  test('ring in a thread and for edits only for those whom it concerns', async () => {
    const { workspace } = await startStage();
    const { ts } = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'one' });
    await call(workspace, 'chat.update', { channel: SECURITY, ts, text: '<!channel> two' });
    expect(workspace.pushes()).toHaveLength(3);
    await workspace.say({ as: ALICE, channel: SECURITY, threadTs: String(ts), text: 'on it' });
    await call(workspace, 'chat.postMessage', {
      channel: SECURITY,
      thread_ts: ts,
      text: '<@U0BOB00001> look',
    });
    expect(
      workspace
        .pushes()
        .slice(3)
        .map((one) => one.to),
    ).toEqual([ALICE, BOB]);
    await call(workspace, 'chat.postMessage', { channel: ALICE, text: 'only you' });
    expect(workspace.pushes().slice(5)).toMatchObject([{ to: ALICE, title: 'Trailbot', body: 'only you' }]);
  });

  test('ring for a mention in blocks, but not for text that only looks like one', async () => {
    const { workspace } = await startStage();
    await workspace.say({ as: ALICE, channel: SECURITY, text: 'a thread' });
    const ts = workspace.messages()[0]?.ts;
    const leaf = (element: object) => [
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] },
    ];
    const reply = (blocks: object[]) =>
      call(workspace, 'chat.postMessage', { channel: SECURITY, thread_ts: ts, text: 'x', blocks });
    await reply(leaf({ type: 'text', text: '<@U0BOB00001> <!channel>' }));
    await reply([section('&lt;@U0BOB00001&gt;')]);
    expect(workspace.pushes(BOB)).toEqual([]);
    await reply(leaf({ type: 'user', user_id: BOB }));
    await reply([section('<@U0BOB00001>')]);
    expect(workspace.pushes(BOB)).toHaveLength(2);
  });

  test('say so when an app has given no text', async () => {
    const { workspace } = await startStage();
    await call(workspace, 'chat.postMessage', { channel: SECURITY, blocks: [{ type: 'divider' }] });
    expect(workspace.pushes(ALICE)).toMatchObject([{ body: "This content can't be displayed." }]);
  });
});
