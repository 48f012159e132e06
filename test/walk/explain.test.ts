import { describe, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { ALICE, alertMessages, choose, ephemerals, textIn } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';

const IDS = {
  alerting: '5f0e7c1a-1f1d-4c35-9a53-0d3f3a3c9b11',
  quiet: '5f0e7c1a-1f1d-4c35-9a53-0d3f3a3c9b12',
};

/** A key that alice makes for somebody. */
const keyFor = (userName: string, eventID: string) =>
  envelope(
    record({
      userIdentity: user('alice'),
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      requestParameters: { userName },
      eventID,
    }),
  );

async function answered(bot: Bot, ask: () => Promise<unknown>): Promise<string> {
  const before = ephemerals(bot.workspace, ALICE).length;
  await ask();
  return bot.workspace.waitFor(() => {
    const text = textIn(ephemerals(bot.workspace, ALICE)[before]?.blocks);
    return /rules? match|No rule matches|not found/.test(text) ? text : undefined;
  });
}

const trail = (bot: Bot, text: string) =>
  answered(bot, () => bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: `/trail ${text}` }));

describe('why an event alerted, or not', () => {
  it('is in the menu of its alert, clause by clause, for the one who asks', async () => {
    const bot = await startBot();
    await bot.post(keyFor('bob', IDS.alerting));
    await bot.pass(3);
    const [alert] = alertMessages(bot.workspace);
    if (!alert) throw new Error('no alert');
    const text = await answered(bot, () => choose(bot.workspace, ALICE, alert, 'More', 'Why did it alert?'));
    expect(text).toContain('“Access key created for another user”');
    expect(text).toContain('✓ eventName: CreateAccessKey   (it is CreateAccessKey)');
    expect(text).toContain('A-1 is open: this would be counted into it.');
  });

  it('is answered for an event that made no alert too, with the rule that came nearest', async () => {
    const bot = await startBot({ yaml: 'rules: { disabled: [access-key-for-self] }\n' });
    await bot.post(keyFor('alice', IDS.quiet));
    await bot.pass(3);
    expect(alertMessages(bot.workspace)).toEqual([]);
    const text = await trail(bot, `explain ${IDS.quiet}`);
    expect(text).toContain('No rule matches');
    expect(text).toContain('the nearest is “Access key created for another user”, 1 clause away');
    expect(text).toContain('✗ not filter_self');
  });

  it('can be asked by the id of the alert', async () => {
    const bot = await startBot();
    await bot.post(keyFor('bob', IDS.alerting));
    await bot.pass(3);
    expect(await trail(bot, 'explain a-1')).toContain('1 rule matches');
    expect(await trail(bot, 'explain A-99')).toContain('not found');
  });
});
