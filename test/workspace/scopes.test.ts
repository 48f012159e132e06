import { expect, test } from 'vitest';
import { BOT_TOKEN, call, SECURITY, startStage } from './stage.ts';

test('what was not granted is refused with what is needed and what there is', async () => {
  const { workspace } = await startStage({ scopes: ['chat:write', 'channels:read'] });
  const provided = 'chat:write,channels:read';
  const refused = (needed: string) => ({ ok: false, error: 'missing_scope', needed, provided });
  const posted = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'm1' });
  expect(posted.ok).toBe(true);
  expect(await call(workspace, 'conversations.info', { channel: SECURITY })).toMatchObject({ ok: true });
  expect(await call(workspace, 'conversations.history', { channel: SECURITY })).toEqual(
    refused('channels:history'),
  );
  expect(await call(workspace, 'conversations.replies', { channel: 'D0ALICE01', ts: '1.000001' })).toEqual(
    refused('im:history'),
  );
  const types = 'public_channel,private_channel';
  expect(await call(workspace, 'conversations.list', { types })).toEqual(
    refused('channels:read,groups:read'),
  );
  expect(await call(workspace, 'conversations.list')).toMatchObject({ ok: true });
});

test.each([
  ['chat.postMessage', 'chat:write'],
  ['chat.postEphemeral', 'chat:write'],
  ['chat.update', 'chat:write'],
  ['users.info', 'users:read'],
  ['users.lookupByEmail', 'users:read.email'],
  ['usergroups.users.update', 'usergroups:write'],
  ['files.getUploadURLExternal', 'files:write'],
  ['reactions.add', 'reactions:write'],
  ['bookmarks.add', 'bookmarks:write'],
])('%s needs %s, whatever else is wrong with the call', async (method, needed) => {
  const { workspace } = await startStage({ scopes: [] });
  expect(await call(workspace, method)).toEqual({ ok: false, error: 'missing_scope', needed, provided: '' });
});

test.each(['auth.test', 'blocks.validate', 'views.open', 'views.publish'])(
  '%s needs no scope',
  async (method) => {
    const { workspace } = await startStage({ scopes: [] });
    expect((await call(workspace, method)).error).not.toBe('missing_scope');
  },
);

test('every answer lists the scopes, and they can be granted anew', async () => {
  const { workspace } = await startStage({ scopes: ['chat:write'] });
  const scopes = async () => {
    const headers = { authorization: `Bearer ${BOT_TOKEN}` };
    const answer = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST', headers });
    return answer.headers.get('x-oauth-scopes');
  };
  expect(await scopes()).toBe('chat:write');
  workspace.grant(['chat:write', 'users:read']);
  expect(await scopes()).toBe('chat:write,users:read');
});
