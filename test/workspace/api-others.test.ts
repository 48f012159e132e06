import { describe, expect, test } from 'vitest';
import { SECOND } from '../../src/kernel/time.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { ALICE, ALICE_DM, type ApiAnswer, BOB, BOT, call, SECURITY, startStage } from './stage.ts';

async function post(workspace: Workspace, text: string, more: object = {}): Promise<string> {
  const answer = await call(workspace, 'chat.postMessage', { channel: SECURITY, text, ...more });
  return String(answer.ts);
}

function textsOf(answer: ApiAnswer): unknown[] {
  const messages = Array.isArray(answer.messages) ? answer.messages : [];
  return messages.map((one: { text: unknown }) => one.text);
}

describe('conversations', () => {
  test('history is newest first, in pages, without replies and ephemerals', async () => {
    const { workspace } = await startStage({ rateLimit: false });
    const first = await post(workspace, 'm1');
    for (const text of ['m2', 'm3', 'm4', 'm5']) await post(workspace, text);
    await post(workspace, 'reply', { thread_ts: first });
    await post(workspace, 'broadcast', { thread_ts: first, reply_broadcast: true });
    await call(workspace, 'chat.postEphemeral', { channel: SECURITY, user: ALICE, text: 'secret' });
    const history = (more: object = {}) =>
      call(workspace, 'conversations.history', { channel: SECURITY, ...more });
    expect(textsOf(await history())).toEqual(['broadcast', 'm5', 'm4', 'm3', 'm2', 'm1']);
    const page = await history({ limit: 4 });
    expect(page).toMatchObject({ has_more: true });
    const metadata = page.response_metadata as { next_cursor: string };
    const next = await history({ limit: 4, cursor: metadata.next_cursor });
    expect(textsOf(next)).toEqual(['m2', 'm1']);
    expect(next).toMatchObject({ has_more: false, messages: [{}, { reply_count: 2, reply_users: [BOT] }] });
    expect(await history({ cursor: 'x' })).toMatchObject({ error: 'invalid_cursor' });
    expect(await history({ limit: 'many' })).toMatchObject({ error: 'invalid_limit' });
  });

  test('history can be cut by time', async () => {
    const { workspace, clock } = await startStage();
    const stamps: string[] = [];
    for (const text of ['m1', 'm2', 'm3']) {
      stamps.push(await post(workspace, text));
      await clock.advance(SECOND);
    }
    const history = (more: object) =>
      call(workspace, 'conversations.history', { channel: SECURITY, ...more });
    expect(textsOf(await history({ oldest: stamps[0] }))).toEqual(['m3', 'm2']);
    expect(textsOf(await history({ oldest: stamps[0], latest: stamps[1], inclusive: true }))).toEqual([
      'm2',
      'm1',
    ]);
    expect(await history({ oldest: 'yesterday' })).toMatchObject({ error: 'invalid_ts_oldest' });
  });

  test('metadata comes only on request', async () => {
    const { workspace } = await startStage();
    const metadata = { event_type: 'trail_alert', event_payload: { intent: 'i-1', version: 1 } };
    await post(workspace, 'm1', { metadata });
    const history = (more: object) =>
      call(workspace, 'conversations.history', { channel: SECURITY, ...more });
    expect(await history({ include_all_metadata: true })).toMatchObject({ messages: [{ metadata }] });
    expect(JSON.stringify(await history({}))).not.toContain('intent');
  });

  test('replies stand under their parent, also when asked to answer a reply', async () => {
    const { workspace } = await startStage();
    const parent = await post(workspace, 'parent');
    const reply = await post(workspace, 'first', { thread_ts: parent });
    await post(workspace, 'second', { thread_ts: reply });
    const replies = (ts: string) => call(workspace, 'conversations.replies', { channel: SECURITY, ts });
    expect(textsOf(await replies(parent))).toEqual(['parent', 'first', 'second']);
    expect(await replies('1.000001')).toMatchObject({ error: 'thread_not_found' });
  });

  test('list, info, members and open know channels and direct messages', async () => {
    const { workspace } = await startStage();
    const list = (args: object) => call(workspace, 'conversations.list', { ...args });
    expect(await list({})).toMatchObject({
      channels: [{ name: 'security-alerts' }, { name: 'cloud-ops' }, { name: 'general' }],
    });
    expect(await list({ types: 'im' })).toMatchObject({ channels: [{ user: ALICE }, { user: BOB }, {}] });
    workspace.changeChannel('C0CLOUDOPS', { archived: true });
    expect(await list({ exclude_archived: true })).toMatchObject({ channels: [{}, { name: 'general' }] });
    expect(await call(workspace, 'conversations.info', { channel: SECURITY })).toMatchObject({
      channel: { name: 'security-alerts', is_member: true, is_ext_shared: false, is_archived: false },
    });
    expect(await call(workspace, 'conversations.members', { channel: ALICE_DM })).toMatchObject({
      members: [ALICE, BOT],
    });
    expect(await call(workspace, 'conversations.open', { users: ALICE })).toMatchObject({
      channel: { id: ALICE_DM },
    });
    expect(await call(workspace, 'conversations.open', { users: 'U1' })).toMatchObject({
      error: 'user_not_found',
    });
    expect(await call(workspace, 'conversations.open', {})).toMatchObject({ error: 'invalid_arguments' });
  });
});

describe('people and groups', () => {
  test('users are found by id and address', async () => {
    const { workspace } = await startStage();
    expect(await call(workspace, 'users.list')).toMatchObject({
      members: [{ id: ALICE }, { id: BOB }, {}, { id: BOT }],
    });
    const lookup = (email: string) => call(workspace, 'users.lookupByEmail', { email });
    expect(await lookup('bob@trail.example')).toMatchObject({ user: { id: BOB } });
    expect(await lookup('x@trail.example')).toMatchObject({ error: 'users_not_found' });
  });

  test('an update replaces all members of a group, and cannot empty it', async () => {
    const { workspace } = await startStage();
    const update = (users: string) =>
      call(workspace, 'usergroups.users.update', { usergroup: 'S0ONCALL01', users });
    expect(await update(`${BOB},U0CARLA001`)).toMatchObject({ usergroup: { users: [BOB, 'U0CARLA001'] } });
    expect(await call(workspace, 'usergroups.users.list', { usergroup: 'S0ONCALL01' })).toMatchObject({
      users: [BOB, 'U0CARLA001'],
    });
    expect(await update('')).toMatchObject({ error: 'no_users_provided' });
    expect(await update(BOT)).toMatchObject({ error: 'invalid_users' });
    expect(await call(workspace, 'usergroups.users.list', { usergroup: 'S1' })).toMatchObject({
      error: 'no_such_subteam',
    });
  });
});

describe('views', () => {
  const home = (text: string) => ({
    type: 'home',
    blocks: [{ type: 'header', text: { type: 'plain_text', text } }],
  });

  test('a Home tab is published, and a stale hash refused', async () => {
    const { workspace } = await startStage();
    const publish = (more: object) =>
      call(workspace, 'views.publish', { user_id: ALICE, view: home('x'), ...more });
    const { view } = await publish({});
    const { hash } = view as { hash: string };
    expect(await publish({ hash, view: home('y') })).toMatchObject({ ok: true });
    expect(await publish({ hash })).toMatchObject({ error: 'hash_conflict' });
    expect(await publish({ user_id: 'U1' })).toMatchObject({ error: 'user_not_found' });
    expect(await publish({ view: { ...home('x'), title: 'x' } })).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] invalid additional property: title [json-pointer:/view]'] },
    });
    expect(await publish({ view: '{' })).toMatchObject({ error: 'invalid_arguments' });
    expect(await call(workspace, 'views.publish', { user_id: ALICE })).toMatchObject({
      error: 'invalid_arguments',
    });
  });

  test('an update finds a view by its own or by the app’s id', async () => {
    const { workspace } = await startStage();
    await call(workspace, 'views.publish', {
      user_id: ALICE,
      view: { ...home('x'), external_id: 'home-alice' },
    });
    const update = (more: object) => call(workspace, 'views.update', { view: home('y'), ...more });
    expect(await update({ external_id: 'home-alice' })).toMatchObject({ ok: true });
    expect(await update({ view_id: workspace.home(ALICE)?.id })).toMatchObject({ ok: true });
    expect(await update({ view_id: 'V1' })).toMatchObject({ error: 'not_found' });
    expect(await update({})).toMatchObject({ error: 'invalid_arguments' });
  });
});

describe('files, marks and the rest', () => {
  test('a file can be shared only after its bytes have come', async () => {
    const { workspace } = await startStage();
    const begun = await call(workspace, 'files.getUploadURLExternal', { filename: 'a.png', length: 4 });
    const complete = () =>
      call(workspace, 'files.completeUploadExternal', {
        files: [{ id: begun.file_id, title: 'A' }],
        channel_id: SECURITY,
      });
    expect(await complete()).toMatchObject({ error: 'file_not_found' });
    expect(await call(workspace, 'files.info', { file: begun.file_id })).toMatchObject({
      error: 'file_not_found',
    });
    const upload = () => fetch(String(begun.upload_url), { method: 'POST', body: 'data' });
    expect(await (await upload()).text()).toBe('OK - 4');
    expect((await upload()).status).toBe(404);
    expect(await complete()).toMatchObject({ files: [{ id: begun.file_id, title: 'A', size: 4 }] });
    expect(await complete()).toMatchObject({ error: 'file_not_found' });
    expect(await call(workspace, 'files.info', { file: begun.file_id })).toMatchObject({
      file: { mimetype: 'image/png', channels: [SECURITY] },
    });
    expect(await call(workspace, 'files.getUploadURLExternal', { filename: 'a', length: 0 })).toMatchObject({
      error: 'invalid_arguments',
    });
  });

  test('a reaction is added once and removed once', async () => {
    const { workspace } = await startStage();
    const timestamp = await post(workspace, 'm1');
    const react = (method: string, name = 'eyes') =>
      call(workspace, method, { channel: SECURITY, timestamp, name });
    expect(await react('reactions.add')).toEqual({ ok: true });
    expect(await react('reactions.add')).toMatchObject({ error: 'already_reacted' });
    expect(workspace.messages()).toMatchObject([{ reactions: [{ name: 'eyes', users: [BOT] }] }]);
    expect(await react('reactions.remove')).toEqual({ ok: true });
    expect(await react('reactions.remove')).toMatchObject({ error: 'no_reaction' });
    expect(await react('reactions.add', 'no such thing')).toMatchObject({ error: 'invalid_name' });
  });

  test('bookmarks come, change and go', async () => {
    const { workspace } = await startStage();
    const mark = (method: string, args: object) => call(workspace, method, { channel_id: SECURITY, ...args });
    const link = 'https://a.example/oncall';
    const added = await mark('bookmarks.add', { title: 'On call: Alice', type: 'link', link });
    const { id } = added.bookmark as { id: string };
    await mark('bookmarks.edit', { bookmark_id: id, title: 'On call: Bob' });
    expect(await mark('bookmarks.list', {})).toMatchObject({
      bookmarks: [{ id, title: 'On call: Bob', link }],
    });
    expect(await mark('bookmarks.remove', { bookmark_id: id })).toEqual({ ok: true });
    expect(await mark('bookmarks.remove', { bookmark_id: id })).toMatchObject({ error: 'not_found' });
    expect(await mark('bookmarks.add', { title: 'x', type: 'link', link: 'javascript:1' })).toMatchObject({
      error: 'invalid_link',
    });
  });

  test('blocks.validate reports every mistake with its constraint', async () => {
    const { workspace } = await startStage();
    const validate = (args: object) => call(workspace, 'blocks.validate', { ...args });
    expect(await validate({ blocks: [{ type: 'divider' }] })).toEqual({ ok: true });
    expect(await validate({ blocks: JSON.stringify([{ type: 'x' }]) })).toMatchObject({
      error: 'invalid_blocks',
      errors: [
        { pointer: '/blocks/0/type', code: 'unsupported_type', constraint: { type: 'type', got: 'x' } },
      ],
    });
    expect(await validate({ message: { attachments: [{ x: 1 }] } })).toMatchObject({
      error: 'invalid_message',
    });
    expect(await validate({ message: [] })).toMatchObject({ error: 'invalid_message' });
    expect(await validate({ view: { type: 'modal' } })).toMatchObject({ error: 'invalid_view' });
    expect(await validate({})).toMatchObject({ error: 'invalid_arguments' });
    expect(await validate({ blocks: [], view: {} })).toMatchObject({ error: 'invalid_arguments' });
  });

  test('team.info, bots.info and api.test answer', async () => {
    const { workspace } = await startStage();
    expect(await call(workspace, 'team.info')).toMatchObject({ team: { id: 'T0LOCAL001' } });
    expect(await call(workspace, 'bots.info', { bot: 'B0LOCAL001' })).toMatchObject({
      bot: { user_id: BOT },
    });
    expect(await call(workspace, 'bots.info', { bot: 'B1' })).toMatchObject({ error: 'bot_not_found' });
    expect(await call(workspace, 'api.test', { foo: 'bar' })).toEqual({ ok: true, args: { foo: 'bar' } });
    expect(await call(workspace, 'api.test', { error: 'my_error' })).toMatchObject({ error: 'my_error' });
  });
});
