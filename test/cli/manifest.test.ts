import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

it('prints one manifest as YAML and as JSON, for the address of the configuration or the one given', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'trailbot.yaml'), 'public_url: https://bot.example/base\n');
  const yaml = await call(['manifest'], { folder });
  const json = await call(['manifest', '--json'], { folder });
  expect([yaml.code, json.code]).toEqual([0, 0]);
  expect(parse(yaml.out)).toEqual(JSON.parse(json.out));
  expect(parse(yaml.out)).toMatchObject({
    _metadata: { major_version: 1 },
    settings: {
      event_subscriptions: { request_url: 'https://bot.example/base/slack/events' },
      interactivity: { is_enabled: true, request_url: 'https://bot.example/base/slack/events' },
    },
  });
  const given = await call(['manifest', '--url', 'https://other.example/'], { folder });
  expect(given.out).toContain('request_url: https://other.example/slack/events');
});

it('prints the manifest for Socket Mode, without any address', async () => {
  const printed = await call(['manifest', '--socket'], { folder: temporaryFolder() });
  expect(printed.code).toBe(0);
  expect(printed.out).not.toMatch(/url|https/);
  expect(parse(printed.out)).toMatchObject({
    settings: { socket_mode_enabled: true, interactivity: { is_enabled: true } },
  });
});
