import { expect, test } from 'vitest';
import { auditSettings } from '../../src/app/settings-audit.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { auditSince } from '../../src/store/audit.ts';
import { fakeClock } from '../support/clock.ts';
import { temporaryStore } from '../support/store.ts';

function settings(text?: string): Config {
  const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error('the configuration is wrong');
  return read.config;
}

test('the log says which settings the bot took up, and a start with the same adds nothing', async () => {
  const db = await temporaryStore();
  const tools = { db, clock: fakeClock(), random: systemRandom, log: createLog('silent') };
  const first = settings('log: { level: info }\n');
  await auditSettings(tools, 'started', first, 63);
  await auditSettings(tools, 'started', first, 63);
  await auditSettings(tools, 'reloaded', first, 63);
  await auditSettings(tools, 'started', first, 63);
  await auditSettings(tools, 'started', settings('log: { level: warn }\n'), 63);
  await auditSettings(tools, 'started', settings(), 63);
  const entries = await auditSince(db, 0);
  const sha = 'SHA-256 [0-9a-f]{64}';
  expect(entries.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(new RegExp(`^started: trailbot\\.yaml, ${sha}; 63 rules$`)),
    expect.stringMatching(new RegExp(`^reloaded: trailbot\\.yaml, ${sha}; 63 rules$`)),
    expect.stringMatching(new RegExp(`^started: trailbot\\.yaml, ${sha}; 63 rules$`)),
    'started: no configuration file; 63 rules',
  ]);
  expect(entries[0]).toMatchObject({ userId: 'trailbot', kind: 'configuration' });
  expect(entries[2]?.detail.slice(-90)).not.toBe(entries[0]?.detail.slice(-90));
});
