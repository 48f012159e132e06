import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { ALICE, alertMessages, BOB, choose, ephemerals, pressButton, textIn } from '../support/people.ts';
import { envelope, record } from '../support/records.ts';

const SECURITY = 'C0SECURITY';
const GENERAL = 'C0GENERAL0';
const DIRECT = BOB.replace(/^U/, 'D');
/** The one who makes the alerts, and the key that was made. */
const ACTED_WITH = 'AKIAIOSFODNN7EXAMPLE';
const MADE = 'AKIAI44QH8DHBEXAMPLE';

const withChannels = (channels: string) => startBot({ yaml: `access: { channels: ${channels} }` });

/** What Bob is told, and nobody else, because of `act`. */
async function told(bot: Bot, act: () => Promise<unknown>): Promise<string> {
  const before = ephemerals(bot.workspace, BOB).length;
  await bot.clock.advance(SECOND);
  const heard = bot.workspace.waitFor(() => ephemerals(bot.workspace, BOB)[before]);
  await act();
  return textIn((await heard).blocks);
}

const say = (bot: Bot, channel: string, text: string) =>
  told(bot, () => bot.workspace.say({ as: BOB, channel, text }));

const ask = (bot: Bot, channel: string) => say(bot, channel, '/trail alerts');

const ANSWERED = 'No alert is open';

describe('where questions are answered', () => {
  it('by default where alerts go, and in direct messages with the bot', async () => {
    const bot = await startBot();
    expect(await ask(bot, SECURITY)).toContain(ANSWERED);
    expect(await ask(bot, DIRECT)).toContain(ANSWERED);
    expect(await ask(bot, GENERAL)).toContain('not answered in this channel. Ask in #security-alerts or');
  });

  it('in a channel by its id, whatever it is called', async () => {
    const bot = await withChannels(`[${GENERAL}]`);
    expect(await ask(bot, GENERAL)).toContain(ANSWERED);
    bot.workspace.changeChannel(GENERAL, { name: 'everybody' });
    await bot.clock.advance(MINUTE);
    expect(await ask(bot, GENERAL)).toContain(ANSWERED);
    expect(await ask(bot, SECURITY)).toContain('not answered in this channel');
  });

  it('in a channel by its name, as long as it is called so', async () => {
    const bot = await withChannels("['#general']");
    expect(await ask(bot, GENERAL)).toContain(ANSWERED);
    bot.workspace.changeChannel(GENERAL, { name: 'everybody' });
    bot.workspace.changeChannel(SECURITY, { name: 'general' });
    await bot.clock.advance(MINUTE);
    expect(await ask(bot, GENERAL)).toContain('Ask in #general or in a direct message');
    expect(await ask(bot, SECURITY)).toContain(ANSWERED);
  });

  it('in a private channel that the bot is in', async () => {
    const bot = await withChannels('everywhere');
    bot.workspace.changeChannel(GENERAL, { visibility: 'private' });
    expect(await ask(bot, GENERAL)).toContain(ANSWERED);
    bot.workspace.changeChannel(SECURITY, { visibility: 'private', botIn: false });
    expect(await ask(bot, SECURITY)).toContain('Ask in a channel that the bot was invited to');
  });

  it.each(['external', 'pending'] as const)(
    'never in a channel shared with another company (%s), from a minute after it is',
    async (shared) => {
      const bot = await withChannels('everywhere');
      expect(await ask(bot, SECURITY)).toContain(ANSWERED);
      bot.workspace.changeChannel(SECURITY, { shared });
      await bot.clock.advance(MINUTE);
      expect(await ask(bot, SECURITY)).toContain('shared with another company. Ask in a direct message');
    },
  );

  it('not in group messages, and says where instead of asking for scopes', async () => {
    const bot = await startBot();
    bot.workspace.changeChannel(SECURITY, { visibility: 'group' });
    expect(await ask(bot, SECURITY)).toContain(
      'not answered in group messages. Ask in #security-alerts or in a direct message with the bot.',
    );
  });
});

describe('guests', () => {
  it.each(['guest', 'single-channel guest', 'stranger'] as const)(
    'a %s gets no answer, neither in the channel nor in direct messages',
    async (standing) => {
      const bot = await startBot();
      bot.workspace.changePerson(BOB, standing);
      expect(await ask(bot, SECURITY)).toContain('Guests may not ask questions here.');
      expect(await ask(bot, DIRECT)).toContain('Guests may not ask questions here.');
      expect(await say(bot, DIRECT, 'who used AKIAIOSFODNN7EXAMPLE')).toContain('Guests may not');
    },
  );

  it('sees neither the event of an alert nor the Home', async () => {
    const { bot, alert } = await withAlert();
    bot.workspace.changePerson(BOB, 'guest');
    expect(await told(bot, () => choose(bot.workspace, BOB, alert, 'More', 'Show event'))).toContain(
      'Guests may not',
    );
    expect(await told(bot, () => pressButton(bot.workspace, BOB, alert, 'Investigate'))).toContain(
      'Guests may not',
    );
    await bot.workspace.openHome(BOB);
    const home = await bot.workspace.waitFor((workspace) => workspace.home(BOB));
    expect(textIn(home.blocks)).toContain('Guests may not');
  });

  it('is answered when named in access.ask', async () => {
    const bot = await startBot({ yaml: `access: { ask: [${BOB}] }` });
    bot.workspace.changePerson(BOB, 'guest');
    expect(await ask(bot, SECURITY)).toContain(ANSWERED);
  });

  it('where Slack does not say who is one, nobody is answered but those who are named', async () => {
    const bot = await startBot();
    bot.workspace.faults.call('users.info', { kind: 'refused', error: 'internal_error' });
    expect(await ask(bot, SECURITY)).toContain('cannot see whether you are a guest here');
    expect(await ask(bot, SECURITY)).toContain(ANSWERED);
  });
});

describe('direct messages with the bot', () => {
  it('a question is typed without a command', async () => {
    const bot = await startBot();
    expect(await say(bot, DIRECT, 'alerts')).toContain(ANSWERED);
    expect(await say(bot, DIRECT, 'help')).toContain('/trail key');
    expect(await say(bot, DIRECT, `key ${ACTED_WITH} 30d`)).toContain('AKIA…7EXAMPLE');
  });
});

async function withAlert(): Promise<{ bot: Bot; alert: StoredMessage }> {
  const bot = await startBot();
  await bot.post(envelope(record()));
  await bot.pass(2);
  const [alert] = alertMessages(bot.workspace);
  if (!alert) throw new Error('no alert');
  return { bot, alert };
}

/** The answer in the alert's thread. */
const inThread = (workspace: Workspace, alert: StoredMessage) =>
  workspace.messages(SECURITY).find((one) => one.threadTs === alert.ts && /Asked:/.test(textIn(one.blocks)));

describe('the keys of an alert', () => {
  it('stand masked wherever everybody reads them', async () => {
    const { bot, alert } = await withAlert();
    const shown = JSON.stringify([alert, bot.workspace.pushes()]);
    expect(shown).toContain('AKIA…');
    expect(shown).not.toContain(MADE);
    expect(shown).not.toContain(ACTED_WITH);
  });

  it('are found whole by Investigate, and by Investigate this', async () => {
    const { bot, alert } = await withAlert();
    await pressButton(bot.workspace, ALICE, alert, 'Investigate');
    const answer = await bot.workspace.waitFor((workspace) => inThread(workspace, alert));
    expect(textIn(answer.blocks)).toContain('Who used AKIA…7EXAMPLE');
    expect(textIn(answer.blocks)).toMatch(/1 call\b/);
    const { ts } = alert;
    const looks = () => bot.workspace.shortcut({ as: BOB, channel: SECURITY, ts, callbackId: 'investigate' });
    expect(await told(bot, looks)).toMatch(/Who used AKIA…7EXAMPLE.*1 call\b/s);
  });
});
