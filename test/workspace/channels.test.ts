import { describe, expect, test } from 'vitest';
import { ALICE, ALICE_DM, BOB, call, SECURITY, startStage } from './stage.ts';

describe('a channel', () => {
  test('that is shared with another company, or about to be, says so', async () => {
    const { workspace } = await startStage();
    const described = async () =>
      (await call(workspace, 'conversations.info', { channel: SECURITY })).channel;
    expect(await described()).toMatchObject({ is_ext_shared: false, is_pending_ext_shared: false });
    workspace.changeChannel(SECURITY, { shared: 'pending' });
    expect(await described()).toMatchObject({ is_ext_shared: false, is_pending_ext_shared: true });
    workspace.changeChannel(SECURITY, { shared: 'external' });
    expect(await described()).toMatchObject({
      is_ext_shared: true,
      is_shared: true,
      is_pending_ext_shared: false,
    });
  });

  test('that was renamed is found under its new name', async () => {
    const { workspace } = await startStage();
    workspace.changeChannel(SECURITY, { name: 'incidents' });
    expect(await call(workspace, 'conversations.info', { channel: SECURITY })).toMatchObject({
      channel: { name: 'incidents' },
    });
    expect(await call(workspace, 'chat.postMessage', { channel: '#incidents', text: 'm' })).toMatchObject({
      channel: SECURITY,
    });
  });

  test.each([
    ['private', 'groups', { is_private: true, is_group: true, is_mpim: false }],
    ['group', 'mpim', { is_private: true, is_mpim: true }],
  ] as const)('that is %s needs the scopes %s:…', async (visibility, family, described) => {
    const { workspace } = await startStage({ scopes: ['channels:read', 'channels:history'] });
    workspace.changeChannel(SECURITY, { visibility });
    const info = () => call(workspace, 'conversations.info', { channel: SECURITY });
    expect(await info()).toMatchObject({ error: 'missing_scope', needed: `${family}:read` });
    expect(await call(workspace, 'conversations.history', { channel: SECURITY })).toMatchObject({
      error: 'missing_scope',
      needed: `${family}:history`,
    });
    workspace.grant([`${family}:read`]);
    expect(await info()).toMatchObject({ channel: described });
    workspace.changeChannel(SECURITY, { botIn: false });
    expect(await info()).toMatchObject({ error: 'channel_not_found' });
  });
});

test.each([
  ['guest', { is_restricted: true, is_ultra_restricted: false, team_id: 'T0LOCAL001' }],
  ['single-channel guest', { is_restricted: true, is_ultra_restricted: true }],
  ['stranger', { is_stranger: true, team_id: 'T0OTHER001' }],
  ['member', { is_restricted: false, is_ultra_restricted: false, team_id: 'T0LOCAL001' }],
] as const)('a person can be a %s', async (standing, described) => {
  const { workspace } = await startStage();
  workspace.changePerson(BOB, standing);
  expect(await call(workspace, 'users.info', { user: BOB })).toMatchObject({ user: described });
  expect(await call(workspace, 'users.info', { user: ALICE })).toMatchObject({
    user: { is_restricted: false },
  });
});

test('where the manifest makes the messages tab read-only, nothing can be typed to the bot', async () => {
  const { workspace } = await startStage({ readOnlyMessages: true });
  for (const text of ['help', '/trail help']) {
    expect(await workspace.say({ as: ALICE, channel: ALICE_DM, text })).toEqual({
      ok: false,
      error: 'Sending messages to this app has been turned off.',
    });
  }
  expect(workspace.messages(ALICE_DM)).toEqual([]);
  expect(await workspace.say({ as: ALICE, channel: SECURITY, text: 'hello' })).toEqual({ ok: true });
});
