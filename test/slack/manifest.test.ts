import { expect, test } from 'vitest';
import { manifest, SCOPES } from '../../src/slack/manifest.ts';
import { MANIFEST_SCOPES } from '../../src/workspace/api/scopes.ts';

test('every address is the one given, and every text fits', () => {
  const made = manifest('https://trail.example');
  const urls = JSON.stringify(made).match(/https:[^"]+/g);
  expect(urls).toEqual(Array(3).fill('https://trail.example/slack/events'));
  expect(made).toMatchObject({
    display_information: { description: expect.stringMatching(/^.{1,140}$/) },
    settings: {
      event_subscriptions: { bot_events: ['app_home_opened', 'app_mention', 'message.im'] },
      socket_mode_enabled: false,
    },
  });
});

test('it asks for nothing without a reason, and for all that "no message twice" needs', () => {
  expect(manifest('https://trail.example')).toMatchObject({
    oauth_config: {
      scopes: {
        bot: [
          'chat:write',
          'commands',
          'users:read',
          'users:read.email',
          'usergroups:read',
          'channels:history',
          'groups:history',
          'channels:read',
          'groups:read',
          'app_mentions:read',
          'im:write',
          'im:history',
          'files:write',
        ],
      },
    },
  });
  for (const reason of Object.values(SCOPES)) expect(reason.length).toBeGreaterThan(10);
});

test('it asks to change user groups only where a schedule has one', () => {
  const asked = (userGroups: boolean) => JSON.stringify(manifest(undefined, { userGroups }));
  expect(asked(false)).not.toContain('usergroups:write');
  expect(asked(true)).toContain('usergroups:write');
});

test('the bot can be written to in its direct messages, where questions may always be asked', () => {
  expect(manifest('https://trail.example')).toMatchObject({
    features: { app_home: { messages_tab_enabled: true, messages_tab_read_only_enabled: false } },
  });
});

test('the local workspace grants exactly what it asks for', () => {
  expect(MANIFEST_SCOPES).toEqual(Object.keys(SCOPES));
});
