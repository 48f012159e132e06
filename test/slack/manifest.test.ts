import { expect, test } from 'vitest';
import { manifest, OPTIONAL_SCOPES, SCOPES } from '../../src/slack/manifest.ts';

test('every address is the one given, and every text fits', () => {
  const made = manifest('https://trail.example');
  const urls = JSON.stringify(made).match(/https:[^"]+/g);
  expect(urls).toEqual(Array(3).fill('https://trail.example/slack/events'));
  expect(made).toMatchObject({
    display_information: { description: expect.stringMatching(/^.{1,140}$/) },
    settings: { event_subscriptions: { bot_events: ['app_home_opened'] }, socket_mode_enabled: false },
  });
});

test('it asks for nothing without a reason', () => {
  expect(manifest('https://trail.example')).toMatchObject({
    oauth_config: {
      scopes: {
        bot: ['chat:write', 'commands', 'users:read'],
        bot_optional: ['channels:history', 'groups:history', 'channels:read', 'groups:read'],
      },
    },
  });
  for (const reason of Object.values({ ...SCOPES, ...OPTIONAL_SCOPES }))
    expect(reason.length).toBeGreaterThan(10);
});
