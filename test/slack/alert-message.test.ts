import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert, AlertFacts } from '../../src/alerts/alert.ts';
import { drawAlert, hasTwin } from '../../src/slack/alert-message.ts';
import { readValue } from '../../src/slack/buttons.ts';
import type { Card } from '../../src/work/notify.ts';
import { controls, expectInsideLimits, markupOf, nodes, visible } from './drawn.ts';
import { BURST, STATES, someCard, someFacts } from './samples.ts';

function state(name: string): Card {
  const card = STATES[name];
  if (!card) throw new Error(`no state ${name}`);
  return card;
}

describe('each state', () => {
  const words: Record<
    string,
    { head: RegExp; line: RegExp; color: string; push: string; buttons: string[] }
  > = {
    firing: {
      head: /^🔴 Root console login without MFA$/,
      line: /^\*HIGH · FIRING\* · <!date\^1795166100\^.*> · A-1042$/,
      color: '#d9480f',
      push: 'HIGH: Root console login without MFA in prod-core from 203.0.113.7. A-1042',
      buttons: ['Acknowledge', 'Resolve…', 'Snooze…', 'Investigate', 'More'],
    },
    burst: {
      head: /^🔴/,
      line: /\*HIGH · FIRING\* · \*137 more like this\* · first <!date.*>, last <!date.*> · A-1042$/,
      color: '#d9480f',
      push: 'HIGH: 138 × Root console login without MFA in prod-core. A-1042',
      buttons: ['Acknowledge', 'Resolve…', 'Snooze…', 'Investigate', 'More'],
    },
    acknowledged: {
      head: /^👀/,
      line: /\*HIGH · ACKNOWLEDGED\* by <@U0ALICE01> <!date.*> \(after 3 min\) · event <!date.*> · A-1042$/,
      color: '#1d9bd1',
      push: 'ACKNOWLEDGED by Alice: Root console login without MFA in prod-core. A-1042',
      buttons: ['Resolve…', 'Un-acknowledge', 'Snooze…', 'Investigate', 'More'],
    },
    snoozed: {
      head: /^💤/,
      line: /\*HIGH · SNOOZED\* by <@U0BOB0001> until <!date/,
      color: '#dddddd',
      push: 'SNOOZED by Bob until 2026-11-20 10:15 UTC: Root console login without MFA in prod-core. A-1042',
      buttons: ['Acknowledge', 'Resolve…', 'End snooze', 'Snooze…', 'More'],
    },
    'snoozed and acknowledged': {
      head: /^💤/,
      line: /SNOOZED.* · acknowledged by <@U0ALICE01>/,
      color: '#dddddd',
      push: 'SNOOZED by Bob until 2026-11-20 10:15 UTC: Root console login without MFA in prod-core. A-1042',
      buttons: ['Resolve…', 'Un-acknowledge', 'End snooze', 'Snooze…', 'More'],
    },
    resolved: {
      head: /^✅/,
      line: /\*HIGH · RESOLVED\* by <@U0BOB0001> <!date.*> · open 41 min, acknowledged in 3 min by <@U0ALICE01>/,
      color: '#2eb886',
      push: 'RESOLVED by Bob (expected activity): Root console login without MFA in prod-core. A-1042',
      buttons: ['Reopen', 'Investigate', 'More'],
    },
    reopened: {
      head: /^🔴/,
      line: /\*HIGH · FIRING AGAIN\*/,
      color: '#d9480f',
      push: 'HIGH: Root console login without MFA in prod-core from 203.0.113.7. A-1042',
      buttons: ['Acknowledge', 'Resolve…', 'Snooze…', 'Investigate', 'More'],
    },
  };

  test.each(Object.entries(words))('%s says so in words, sign and colour', (name, expected) => {
    const card = state(name);
    const message = drawAlert(card);
    expect(visible(message.blocks[0]?.type === 'header' ? message.blocks[0] : {})).toMatch(expected.head);
    expect(markupOf(message.blocks)[0]).toMatch(expected.line);
    expect(message.attachments?.[0]?.color).toBe(expected.color);
    expect(message.text).toBe(expected.push);
    expect(controls(message).map((one) => one.replace(/ → .*/, ''))).toEqual(expected.buttons);
    expectInsideLimits(message);
  });

  test.each(Object.keys(STATES))('%s: every control carries the alert and its version', (name) => {
    const card = state(name);
    const carried = controls(drawAlert(card)).flatMap((one) => one.split(' → ')[1]?.split(' ') ?? []);
    expect(carried.length).toBeGreaterThan(0);
    for (const value of carried) {
      expect(readValue(value)).toMatchObject({ alertId: 'A-1042', version: card.alert.version });
    }
  });
});

test('the message says who, what, from where, which account, when, why, and where to read on', () => {
  const behind = ['alice@example.com (source identity)', 'via lambda.amazonaws.com'];
  const message = drawAlert(someCard({ facts: someFacts({ behind, errorMessage: 'not authorized' }) }));
  const text = visible(message);
  for (const part of [
    'The account root user signed in without MFA.',
    'Why  |Root can do everything',
    'Actor  |root @ 111122223333| |arn:aws:iam::111122223333:root| · without MFA',
    'Behind  |alice@example.com (source identity)| · |via lambda.amazonaws.com',
    'Did  |signin.amazonaws.com ConsoleLogin| → |Success',
    'Error  |not authorized',
    'From  |203.0.113.7',
    'Client  |Mozilla/5.0',
    'Where  |prod-core| |111122223333| · |us-east-1| · eventID |3f0c8a7e',
    'Request|  |bucketName| |acme-backups',
    '<https://runbooks.example/root-login|Runbook>',
    'Open in CloudTrail>',
    '· rule `root-console-login`|by Trailbot',
  ]) {
    expect(text).toContain(part);
  }
});

test('what a rule says to check first stands in a line of its own', () => {
  const text = (why: string) => visible(drawAlert(someCard({ why })));
  expect(text('Root can do everything. First check: who it was.')).toContain(
    'Why  |Root can do everything.|First check  |who it was.|',
  );
  expect(text('First check: who it was.')).not.toContain('Why  |');
  expect(text('Root can do everything. First check:')).not.toContain('First check');
});

test('fields of one part of the record share a line, and others keep their path', () => {
  const fields = [
    ['requestParameters.userName', 'bob'],
    ['responseElements.user.arn', 'arn:aws:iam::111122223333:user/bob'],
    ['requestParameters.path', '/'],
    ['sharedEventID', '0ddba11'],
    ['serviceEventDetails.state', 'on'],
  ] as const;
  expect(visible(drawAlert(someCard({ facts: someFacts({ fields }) })))).toContain(
    [
      'Request|  |userName| |bob| · |path| |/',
      'Response|  |user.arn| |arn:aws:iam::111122223333:user/bob',
      'sharedEventID|  |0ddba11',
      'serviceEventDetails.state|  |on',
    ].join('|'),
  );
});

test('who acknowledged and resolved is named once', () => {
  const { alert } = state('resolved');
  const line = markupOf(drawAlert(someCard({ ...alert, acknowledgedBy: alert.resolvedBy })))[0];
  expect(line).toContain('acknowledged in 3 min · event');
});

test('a resolved message keeps the outcome and the note', () => {
  expect(visible(drawAlert(state('resolved')))).toContain(
    'Outcome  |Expected activity| — |break-glass drill CHG-771',
  );
});

test('a burst is a table, and a list where tables are refused', () => {
  const card = state('burst');
  const table = nodes(drawAlert(card)).find((node) => node.type === 'table');
  expect(visible(table)).toContain('iam:ListUsers|61|198.51.100.24');
  expect(hasTwin(card)).toBe(true);
  const twin = drawAlert(card, { classic: true });
  expect(nodes(twin).some((node) => node.type === 'table')).toBe(false);
  expect(visible(twin)).toContain('iam:ListUsers| × 61| from |198.51.100.24');
  expect(hasTwin(state('firing'))).toBe(false);
});

test('the block ids change with the version', () => {
  const ids = (version: number) =>
    nodes(drawAlert(someCard({ version }, BURST))).flatMap((node) =>
      node.block_id ? [String(node.block_id)] : [],
    );
  expect(ids(1).filter((id) => ids(2).includes(id))).toEqual([]);
});

test('without runbook, console link or author there is no empty line', () => {
  const bare = someCard({
    runbook: undefined,
    author: undefined,
    why: undefined,
    facts: someFacts({ consoleUrl: undefined }),
  });
  const message = drawAlert(bare);
  expect(nodes(message).filter((node) => node.type === 'context')).toHaveLength(2);
  expect(markupOf(message)).toContain('rule `root-console-login`');
  expect(visible(message)).not.toContain('by ');
});

const HOSTILE = [
  '<!channel>',
  '<@U0ALICE01>',
  '<!subteam^S1>',
  '<https://evil.example|AWS console>',
  'https://evil.example',
  ':white_check_mark: approved',
  '*b* _i_ ~s~ `c`',
  '\u202Egnp.exe',
  '\u200B\u2066',
  '&lt;!here&gt;',
  '@here',
  'line\nline',
];

const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(' '));

const hostileFacts: fc.Arbitrary<AlertFacts> = fc
  .record({
    summary: hostileText,
    actor: hostileText,
    actorArn: hostileText,
    behind: fc.array(hostileText, { maxLength: 7 }),
    eventSource: hostileText,
    eventName: hostileText,
    outcome: hostileText,
    errorMessage: hostileText,
    sourceAddress: hostileText,
    userAgent: hostileText,
    account: hostileText,
    accountName: hostileText,
    region: hostileText,
    eventId: hostileText,
    fields: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 12 }),
    consoleUrl: hostileText,
  })
  .map((facts) => someFacts(facts));

const hostileCard: fc.Arbitrary<Card> = fc
  .record({
    facts: hostileFacts,
    base: fc.constantFrom(...Object.values(STATES)),
    text: fc.record({
      title: hostileText,
      ruleName: hostileText,
      why: hostileText,
      author: hostileText,
      runbook: hostileText,
      note: hostileText,
    }),
    samples: fc.array(fc.record({ call: hostileText, count: fc.nat(), from: hostileText }), { maxLength: 9 }),
    name: hostileText,
  })
  .map(({ facts, base, text, samples, name }) => ({
    alert: { ...base.alert, ...text, facts },
    samples,
    names: new Map([
      ['U0ALICE01', name],
      ['U0BOB0001', name],
    ]),
  }));

/** Markup that this program makes itself; whatever else is left must be harmless letters. */
const OURS =
  /<!date\^\d+\^(\{date_short_pretty\} )?\{time(_secs)?\}\|[\d: -]+UTC>|<@U0(ALICE01|BOB0001)>|<https?:\/\/[^<>|`\s]+\|(Runbook|Open in CloudTrail)>|`[\p{L}\p{N}._-]+`|\*[A-Z]+ · [A-Z ]+\*|\*[\d,]+ more like this\*/gu;

function expectHarmless(message: ReturnType<typeof drawAlert>): void {
  for (const text of markupOf(message)) expect(text.replace(OURS, '')).not.toMatch(/[<>@*_~`&]|:\S/);
  for (const node of nodes(message)) {
    expect(['link', 'emoji', 'user', 'usergroup', 'broadcast', 'channel', 'team', 'markdown']).not.toContain(
      node.type,
    );
    if (node.type === 'plain_text') expect(node.emoji).toBe(false);
    if (typeof node.text === 'string') expect(node.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    if (typeof node.fallback === 'string') expect(node.fallback).toBe(message.text);
  }
  expect(message.text.length).toBeLessThanOrEqual(120);
  expect(message.text).toMatch(/A-1042$/);
  // The one colon before a digit is that of our own time.
  expect(message.text.replace(/ until [\d-]+ \d\d:\d\d UTC: /, ' ')).not.toMatch(/[<>@&*`~]|:\S/);
}

test('whatever an attacker writes anywhere, it pings nobody, links nowhere and fakes no status', () => {
  fc.assert(
    fc.property(hostileCard, fc.boolean(), (card, classic) => {
      const message = drawAlert(card, { classic });
      expectHarmless(message);
      expectInsideLimits(message);
    }),
    { numRuns: 300 },
  );
});

test.each(Object.keys(STATES))('%s: fields of a megabyte still make a message that Slack takes', (name) => {
  const huge = '😀<!channel>'.repeat(90_000);
  const base = state(name).alert;
  const facts = Object.fromEntries(
    Object.entries(someFacts()).map(([key, value]) => [key, typeof value === 'string' ? huge : value]),
  ) as unknown as AlertFacts;
  const alert: Alert = {
    ...base,
    title: huge,
    ruleName: huge,
    author: huge,
    why: huge,
    runbook: `https://r.example/${huge}`,
    note: huge,
    facts: {
      ...facts,
      errorMessage: huge,
      behind: Array<string>(50).fill(huge),
      fields: Array<readonly [string, string]>(200).fill([huge, huge]),
    },
    count: Number.MAX_SAFE_INTEGER,
  };
  const samples = Array.from({ length: 50 }, () => ({
    call: huge,
    count: Number.MAX_SAFE_INTEGER,
    from: huge,
  }));
  for (const given of [samples, []]) {
    const message = drawAlert({ alert, samples: given, names: new Map([['U0BOB0001', huge]]) });
    expectInsideLimits(message);
    expectHarmless(message);
  }
});

test('impossible times are words, not a crash', () => {
  const card = someCard({ firstAt: Number.NaN, lastAt: 1e17, count: 3, facts: someFacts({ eventTime: -5 }) });
  expect(visible(drawAlert(card))).toContain('at an unknown time');
});

test('an option of the snooze menu names the length', () => {
  const message = drawAlert(someCard({ id: 'A-7', version: 12 }));
  expect(controls(message)).toContain(
    'Snooze… → A-7:12:30m A-7:12:1h A-7:12:4h A-7:12:next-am A-7:12:custom',
  );
});

test.each(Object.keys(STATES))('%s: no access key stands whole anywhere in the message', (name) => {
  const key = 'AKIAI44QH8DHBEXAMPLE';
  const { alert, samples } = state(name);
  const facts = someFacts({
    summary: `${key} was made by ${key}`,
    actor: key,
    behind: [`via ${key}`],
    errorMessage: `not authorized: ${key}`,
    userAgent: key,
    fields: [
      ['userIdentity.accessKeyId', key],
      // Cut in the middle, a key would not be known for one.
      ['responseElements.accessKey', `${'x'.repeat(235)} ${key}`],
    ],
  });
  const whole = { ...alert, title: `Key ${key}`, why: `why ${key}`, note: `note ${key}`, facts };
  for (const classic of [true, false]) {
    const message = drawAlert({ alert: whole, samples, names: new Map() }, { classic });
    const text = JSON.stringify(message);
    expect(text).not.toContain('AKIAI44');
    expect(text).toContain('AKIA…BEXAMPLE');
    expect(message.text).toContain('AKIA…');
    expect(message.attachments?.[0]?.fallback).toBe(message.text);
  }
});
