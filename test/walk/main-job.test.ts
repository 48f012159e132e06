import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../src/cli/samples/sample.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { HOUR } from '../../src/kernel/time.ts';
import { type Bot, startBot } from '../support/bot.ts';
import {
  ALICE,
  alertMessages,
  BOB,
  choose,
  ephemerals,
  labelsOf,
  pressButton,
  textIn,
} from '../support/people.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

/** Alice gives Bob a key: one shipped rule, one alert. */
const keyForBob = (over = {}) => envelope(record(over));

function onlyMessage(bot: Bot) {
  const messages = alertMessages(bot.workspace);
  expect(messages).toHaveLength(1);
  const [message] = messages;
  if (!message) throw new Error('no message');
  return message;
}

function samples(bot: Bot, name: string) {
  const made = SAMPLES.get(name)?.make(bot.clock.now(), systemRandom) ?? [];
  expect(made.length).toBeGreaterThan(0);
  return made;
}

describe('every event that a rule matches becomes exactly one alert, within seconds', () => {
  it('that says in words what happened, who did it and what to do next', async () => {
    const bot = await startBot({ yaml: 'accounts: {"111122223333": {name: prod-core}}' });
    const answer = await bot.post(keyForBob());
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ stored: 1, duplicates: 0, rejected: 0 });
    await bot.pass();
    const message = onlyMessage(bot);
    const text = textIn([message.blocks, message.attachments]);
    for (const part of [
      'user alice created access key',
      'First check',
      'Runbook',
      'bob',
      'CreateAccessKey',
      '203.0.113.5',
      'prod-core',
      'HIGH',
      'FIRING',
      'A-1',
    ]) {
      expect(text).toContain(part);
    }
    expect(message.text.length).toBeLessThanOrEqual(120);
    expect(message.text).toContain('prod-core');
    expect(labelsOf(message)).toEqual(['Acknowledge', 'Resolve…', 'Snooze…', 'Investigate', 'More']);
  });

  it('one for each thing that happened in an incident, and none for the noise around it', async () => {
    const bot = await startBot();
    for (const event of samples(bot, 'leaked-key')) await bot.post(event);
    await bot.pass(20);
    const texts = alertMessages(bot.workspace).map((message) => message.text);
    expect(texts).toHaveLength(5);
    // Of seven, the low one is in the digest alone, and a lesser one of the same actor is held back by the critical one.
    expect(
      bot.workspace.messages().filter(({ text }) => text.includes('1 lesser match was held back')),
    ).toHaveLength(1);
    expect(texts.join('\n')).not.toMatch(/<!channel>|<https/);
  });
});

describe('nothing is lost', () => {
  it('although Slack is away for a while', async () => {
    const bot = await startBot();
    bot.workspace.faults.call('chat.postMessage', { kind: 'server-error' }, 3);
    await bot.post(keyForBob());
    await bot.pass(1);
    expect(alertMessages(bot.workspace)).toEqual([]);
    await bot.pass(40);
    onlyMessage(bot);
  });

  it('although Slack asks to wait, and the wait is kept', async () => {
    const bot = await startBot();
    bot.workspace.faults.call('chat.postMessage', { kind: 'rate-limited', retryAfter: 30 });
    await bot.post(keyForBob());
    await bot.pass(29);
    expect(bot.workspace.calls('chat.postMessage')).toHaveLength(1);
    await bot.pass(3);
    onlyMessage(bot);
  });

  it('although somebody deleted the message of an open alert: it is posted anew', async () => {
    const bot = await startBot();
    await bot.post(keyForBob());
    await bot.pass();
    bot.workspace.faults.call('chat.update', { kind: 'refused', error: 'message_not_found' });
    await pressButton(bot.workspace, ALICE, onlyMessage(bot), 'Acknowledge');
    await bot.pass(5);
    expect(alertMessages(bot.workspace)).toHaveLength(2);
  });

  it('and what is no CloudTrail record is kept with the reason, and told to whoever asks for the status', async () => {
    const bot = await startBot();
    const answer = await bot.post({ 'detail-type': 'EC2 Instance State-change Notification', detail: {} });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ stored: 0, rejected: 1 });
    expect((await bot.app.status()).records.rejected).toBe(1);
    expect((await bot.post('this is no JSON')).status).toBe(400);
  });
});

describe('nothing is doubled', () => {
  it('although an event is delivered three times: at once, hours apart, before and after a restart', async () => {
    const bot = await startBot();
    const event = keyForBob();
    await Promise.all([bot.post(event), bot.post(event), bot.post(event)]);
    await bot.pass(3);
    await bot.clock.advance(5 * HOUR);
    expect(await (await bot.post(event)).json()).toMatchObject({ stored: 0, duplicates: 1 });
    const again = await bot.restart();
    expect((await again.post(event)).status).toBe(200);
    await again.pass(60);
    onlyMessage(again);
    expect((await again.app.status()).records.stored).toBe(1);
  });

  it('although Slack took the message and its answer was lost', async () => {
    const bot = await startBot();
    bot.workspace.faults.call('chat.postMessage', { kind: 'lost-reply' });
    await bot.post(keyForBob());
    await bot.pass(20);
    onlyMessage(bot);
    expect(bot.workspace.calls('chat.postMessage')).toHaveLength(1);
  });

  it('although Slack delivers a press twice: it is done once and answered once', async () => {
    const bot = await startBot();
    await bot.post(keyForBob());
    await bot.pass();
    bot.workspace.faults.delivery({ kind: 'twice' });
    await pressButton(bot.workspace, ALICE, onlyMessage(bot), 'Acknowledge');
    await bot.pass(2);
    expect(ephemerals(bot.workspace, ALICE)).toEqual([]);
    expect(textIn(onlyMessage(bot).blocks)).toContain('ACKNOWLEDGED');
  });
});

describe('a burst is one message', () => {
  it('of 200 denied calls, with a counter and what was called', async () => {
    const bot = await startBot();
    for (const event of samples(bot, 'burst')) await bot.post(event);
    await bot.pass(50);
    // The low alert about the single calls stands in the next digest.
    const message = onlyMessage(bot);
    const said = textIn([message.blocks, message.attachments]);
    expect(said).toContain('Many different calls denied');
    expect(said).toMatch(/1\d\d more like this/);
    expect(JSON.stringify(message.attachments)).toContain('"table"');
    expect(bot.workspace.calls('chat.update').length).toBeLessThanOrEqual(3);
  });

  it('of state changes shown at once and counters seldom', async () => {
    const bot = await startBot();
    await bot.post(keyForBob());
    await bot.pass(3);
    for (let minute = 0; minute < 3; minute++) {
      for (let second = 0; second < 45; second++) {
        await bot.post(keyForBob());
        await bot.pass(1);
      }
    }
    expect(bot.workspace.calls('chat.update').length).toBeLessThanOrEqual(5);
  });
});

describe('silence is never mistaken for safety: if the bot cannot see, it says so', () => {
  const asks = async (bot: Bot, command: string) => {
    const before = ephemerals(bot.workspace, ALICE).length;
    const said = bot.workspace.waitFor(() => ephemerals(bot.workspace, ALICE)[before]);
    await bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: command });
    return textIn(await said);
  };

  it('that no event has ever arrived, and what to check', async () => {
    const bot = await startBot();
    expect(await asks(bot, '/trail status')).toMatch(/nothing received yet: check that the EventBridge/);
    expect(await asks(bot, '/trail alerts')).toContain('/trail status says whether events arrive at all');
  });

  it('when the last event arrived, and what is never seen', async () => {
    const bot = await startBot();
    await bot.post(keyForBob());
    await bot.clock.advance(2 * HOUR);
    const said = await asks(bot, '/trail status');
    expect(said).toContain('(2 h ago)');
    expect(said).toMatch(/Not seen .*no read-only calls/);
  });
});

describe('a human owns it', () => {
  it('acknowledging shows who, changes the buttons and the colour', async () => {
    const bot = await startBot();
    await bot.post(keyForBob());
    await bot.pass();
    const before = onlyMessage(bot);
    expect(await pressButton(bot.workspace, ALICE, before, 'Acknowledge')).toEqual({ ok: true });
    await bot.pass(2);
    const after = onlyMessage(bot);
    expect(textIn(after.blocks)).toContain('ACKNOWLEDGED');
    expect(textIn(after.blocks)).toContain(`<@${ALICE}>`);
    expect(after.attachments?.[0]?.color).not.toBe(before.attachments?.[0]?.color);
    expect(labelsOf(after)).toEqual(['Resolve…', 'Un-acknowledge', 'Snooze…', 'Investigate', 'More']);
  });

  it('a press on a message that has changed since changes nothing and says politely what happened', async () => {
    const bot = await startBot();
    await bot.post(keyForBob());
    await bot.pass();
    const before = onlyMessage(bot);
    await pressButton(bot.workspace, ALICE, before, 'Acknowledge');
    await pressButton(bot.workspace, BOB, before, 'Acknowledge');
    await bot.pass(2);
    const said = textIn(ephemerals(bot.workspace, BOB));
    expect(said).toMatch(/Nothing changed\. .*acknowledged A-1/);
    expect(textIn(onlyMessage(bot).blocks)).toContain(`<@${ALICE}>`);
  });

  it('a snooze says until when, and the alert comes back by itself', async () => {
    const bot = await startBot();
    await bot.post(keyForBob());
    await bot.pass();
    await choose(bot.workspace, ALICE, onlyMessage(bot), 'Snooze…', '30 minutes');
    await bot.pass(2);
    expect(textIn(onlyMessage(bot).blocks)).toContain('SNOOZED');
    await bot.clock.advance(HOUR / 2);
    await bot.pass(5);
    expect(textIn(onlyMessage(bot).blocks)).toContain('FIRING');
  });
});

describe('rules and settings', () => {
  const rule = (title: string) => `
title: ${title}
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: CreateAccessKey }, condition: selection }
`;

  it('are reloaded all or nothing: a mistake leaves the rules before it in force, and says so', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'my-rules'));
    const file = join(folder, 'my-rules', 'key.yml');
    writeFileSync(file, rule('First title'));
    const bot = await startBot({ folder, yaml: 'rules: { paths: [my-rules] }' });
    writeFileSync(file, `${rule('Second title')}\nlevle: low\nlevel: nonsense\n`);
    expect(bot.app.reload().length).toBeGreaterThan(0);
    expect((await bot.app.status()).rules.problems.length).toBeGreaterThan(0);
    await bot.post(keyForBob({ requestParameters: { userName: 'one' } }));
    await bot.pass();
    expect(textIn(onlyMessage(bot).blocks)).toContain('First title');
    writeFileSync(file, rule('Third title'));
    expect(bot.app.reload()).toEqual([]);
    expect((await bot.app.status()).rules.problems).toEqual([]);
    expect(bot.app.rules).toBe(1);
  });
});

describe('/trail', () => {
  it.each([
    ['/trail help', /alerts/],
    ['/trail alerts', /A-1/],
    ['/trail status', /record/],
    ['/trail event 3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11', /CreateAccessKey/],
    ['/trail rules', /43/],
    ['/trail allerts', /alerts/],
  ])('%s answers only the one who asked', async (command, answer) => {
    const bot = await startBot();
    await bot.post(keyForBob({ eventID: '3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11' }));
    await bot.pass();
    const said = bot.workspace.waitFor(() => ephemerals(bot.workspace, BOB)[0]);
    await bot.workspace.say({ as: BOB, channel: 'C0SECURITY', text: command });
    expect(textIn(await said)).toMatch(answer);
    expect(ephemerals(bot.workspace, ALICE)).toEqual([]);
  });
});
