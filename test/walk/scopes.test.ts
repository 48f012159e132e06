import { expect, it } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { SCOPES } from '../../src/slack/manifest.ts';
import { type Bot, type BotOptions, startBot } from '../support/bot.ts';
import { alertMessages } from '../support/people.ts';
import { envelope, record } from '../support/records.ts';

/** Slack takes the alert, and its answer is lost. */
async function loseAnAnswer(options: BotOptions): Promise<{ bot: Bot; logged: string }> {
  const lines: string[] = [];
  const log = createLog('warn', { write: (line) => void lines.push(line) });
  const bot = await startBot({ ...options, log });
  bot.workspace.faults.call('chat.postMessage', { kind: 'lost-reply' });
  await bot.post(envelope(record()));
  await bot.pass(20);
  return { bot, logged: lines.join('\n') };
}

const without = (scope: string) => Object.keys(SCOPES).filter((one) => one !== scope);

it('with the scopes of the manifest the alert is in Slack once', async () => {
  const { bot, logged } = await loseAnAnswer({});
  expect(bot.workspace.calls('conversations.history').length).toBeGreaterThan(0);
  expect(alertMessages(bot.workspace)).toHaveLength(1);
  expect(logged).not.toContain('missing_scope');
});

it.each(['channels:history', 'channels:read', 'groups:read'])(
  'an installation without %s gets it again rather than not at all, and the log says why',
  async (scope) => {
    const { bot, logged } = await loseAnAnswer({ scopes: without(scope) });
    expect(alertMessages(bot.workspace)).toHaveLength(2);
    expect(logged).toMatch(new RegExp(`missing_scope; add [a-z:,]*${scope}`));
    expect(logged).toContain('posting again');
  },
);

it('without users:read people are called by their handle, and everything else works', async () => {
  const { bot } = await loseAnAnswer({ scopes: without('users:read') });
  expect(alertMessages(bot.workspace)).toHaveLength(1);
});
