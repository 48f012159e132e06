import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { call } from '../cli/command.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { alertMessage, directMessages, submit } from '../support/operating.ts';
import { ALICE, alertMessages, BOB, choose, ephemerals, pressButton, textIn } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

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
    return /rules? match|No rule matches|not found|There is no alert|A-1 “|Event as JSON/.test(text)
      ? text
      : undefined;
  });
}

const trail = (bot: Bot, text: string) =>
  answered(bot, () => bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: `/trail ${text}` }));

/** Three denied calls from one address are an alert; one of them is none. */
const DENIED = `title: Denied call
id: 7d0c2c0e-51f0-4d0c-8f59-2f6d2f6a0c01
name: denied
level: low
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { errorCode: AccessDenied }
  condition: selection
---
title: Many denied
id: 7d0c2c0e-51f0-4d0c-8f59-2f6d2f6a0c02
level: high
correlation:
  type: event_count
  rules: [denied]
  group-by: [sourceIPAddress]
  timespan: 10m
  condition: { gte: 3 }
`;

const denied = (eventID: string, over: JsonObject = {}) =>
  envelope(
    record({
      userIdentity: user('alice'),
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      errorCode: 'AccessDenied',
      sourceIPAddress: '198.51.100.7',
      eventID,
      ...over,
    }),
  );
const idOf = (number: number) => `5f0e7c1a-1f1d-4c35-9a53-0d3f3a3c9c0${number}`;

/** A bot with these rules, or the ones above, and nothing else. */
async function botWith(rules = DENIED): Promise<Bot> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'my-rules'));
  writeFileSync(join(folder, 'my-rules', 'denied.yml'), rules);
  return startBot({ folder, yaml: 'rules: { paths: [my-rules] }' });
}

describe('why a correlation alerted', () => {
  const COUNT = '✓ 3 events (wanted: 3 or more) within 10 min for sourceIPAddress 198.51.100.7';

  async function threeDenied(): Promise<Bot> {
    const bot = await botWith();
    for (const number of [1, 2, 3]) await bot.post(denied(idOf(number)));
    await bot.pass(3);
    return bot;
  }

  it('is told with the count, its events, and the rule that it counts', async () => {
    const bot = await threeDenied();
    const [alert] = alertMessages(bot.workspace);
    if (!alert) throw new Error('no alert');
    const text = await answered(bot, () => choose(bot.workspace, ALICE, alert, 'More', 'Why did it alert?'));
    expect(text).toContain('A-1 “Many denied”');
    expect(text).toContain('high: 3 events within 10 min (198.51.100.7)');
    expect(text).toContain(COUNT);
    expect(text.match(/ec2:RunInstances\s+by user alice/g)?.length).toBeGreaterThanOrEqual(3);
    expect(text).toContain('Denied call · low · counts');
    expect(text).toContain('✓ errorCode: AccessDenied   (it is AccessDenied)');
    expect(await trail(bot, 'explain A-1')).toContain(COUNT);
  });

  it('is the same in a terminal', async () => {
    const { folder } = await threeDenied();
    const { code, out } = await call(['explain', 'A-1', '--data', folder, '--rules', 'my-rules'], { folder });
    expect(code).toBe(0);
    expect(out).toContain('Why A-1 was raised');
    expect(out).toContain('A-1 “Many denied” · high: 3 events within 10 min');
    expect(out).toContain(COUNT);
    const json = await call(['explain', 'A-1', '--data', folder, '--rules', 'my-rules', '--json'], {
      folder,
    });
    expect(JSON.parse(json.out)).toMatchObject([
      { counted: [{ alert: 'A-1', level: 'high', holds: true, events: [idOf(3), idOf(2), idOf(1)] }] },
    ]);
  });

  it('is said of an event that it counted', async () => {
    const bot = await threeDenied();
    const text = await trail(bot, `explain ${idOf(1)}`);
    expect(text).toContain('It counts towards “Many denied”: it is counted in A-1.');
    expect(text).toContain('By itself it alerts nobody.');
  });

  it('is not said of an event that it cannot count', async () => {
    const bot = await botWith();
    await bot.post(denied(idOf(1), { sourceIPAddress: null }));
    await bot.pass(3);
    const text = await trail(bot, `explain ${idOf(1)}`);
    expect(text).toContain('It does not count towards “Many denied”: sourceIPAddress is null.');
  });
});

describe('an alert that is not there', () => {
  it('is answered with the newest there is, and nothing about AWS', async () => {
    const bot = await startBot();
    await bot.post(keyFor('bob', IDS.alerting));
    await bot.pass(3);
    const text = await trail(bot, 'explain A-12');
    expect(text).toContain('There is no alert A-12; the newest is A-1.');
    expect(text).not.toMatch(/36 characters|management events|has all that was asked/);
  });

  it('was never there where none was', async () => {
    expect(await trail(await startBot(), 'explain A-12')).toContain(
      'There is no alert A-12, and never was one',
    );
  });
});

describe('what was kept quiet', () => {
  it('names the rule by its title, and times as each reader has them', async () => {
    const rule = DENIED.slice(0, DENIED.indexOf('---'));
    const bot = await botWith(`${rule}trailbot: { first_seen: { of: [eventName], learn: 14d } }\n`);
    await bot.post(denied(idOf(1)));
    await bot.pass(3);
    for (const asked of ['explain', 'event']) {
      await trail(bot, `${asked} ${idOf(1)}`);
      const shown = JSON.stringify(ephemerals(bot.workspace, ALICE).at(-1)?.blocks);
      expect(shown).toMatch(/“Denied call”: .*still learning until .*"type":"date"/);
      expect(shown).not.toContain('7d0c2c0e-51f0-4d0c-8f59-2f6d2f6a0c01');
      expect(shown).not.toMatch(/until \d{4}-/);
    }
  });
});

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

  it('says of a low one that it stands in digests alone', async () => {
    const bot = await startBot({ yaml: 'rules: { levels: { access-key-for-another: low } }\n' });
    await bot.post(keyFor('bob', IDS.alerting));
    await bot.pass(3);
    expect(alertMessages(bot.workspace)).toEqual([]);
    expect(await trail(bot, `explain ${IDS.alerting}`)).toMatch(
      /A-\d is open: this would be counted into it/,
    );
    const file = join(temporaryFolder(), 'event.json');
    writeFileSync(file, JSON.stringify(keyFor('bob', IDS.alerting)));
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'trailbot.yaml'), 'rules: { levels: { access-key-for-another: low } }\n');
    const { out } = await call(['explain', file], { folder });
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'it would have no message, and stand in the next digest alone',
    );
  });

  it('says who has confirmed the same a short while ago', async () => {
    const bot = await startBot({ yaml: `people: { "arn:aws:iam::*:user/alice": ${BOB} }\n` });
    await bot.post(keyFor('bob', IDS.alerting));
    await bot.pass(3);
    const question = directMessages(bot, BOB).find(({ blocks }) => JSON.stringify(blocks).includes('actor:'));
    if (!question) throw new Error('nobody was asked');
    await pressButton(bot.workspace, BOB, question, 'Yes…');
    await submit(bot, BOB, { reason: { type: 'plain_text_input', value: 'key rotation' } });
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Resolve…');
    const disposition = { type: 'radio_buttons', selected_option: { value: 'expected' } };
    await submit(bot, ALICE, { disposition });
    await bot.pass(2);
    expect(await trail(bot, `explain ${IDS.alerting}`)).toMatch(
      /It would open no alert: .* said at .* that it was them \(A-1\)/,
    );
  });

  it('can be asked by the id of the alert', async () => {
    const bot = await startBot();
    await bot.post(keyFor('bob', IDS.alerting));
    await bot.pass(3);
    expect(await trail(bot, 'explain a-1')).toContain('1 rule matches');
  });
});
