import { describe, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { drawAlert } from '../../src/slack/alert-message.ts';
import { drawPost } from '../../src/slack/posts/drawers.ts';
import type { Card } from '../../src/work/notify.ts';
import { controls, expectInsideLimits, markupOf, nodes, visible } from './drawn.ts';
import { AT, someCard } from './samples.ts';

const [ALICE, BOB, CAROL] = ['U0ALICE01', 'U0BOB0001', 'U0CAROL01'];
const MINUTE = 60_000;

/** Everything that a message can show of who has the alert. */
const CASES: Readonly<Record<string, { card: Card; line: RegExp; push: string; controls: string[] }>> = {
  'needs two, and nobody has acknowledged': {
    card: someCard({ needs: 2 }),
    line: /^\*HIGH · FIRING\* · needs 2 people · /,
    push: 'HIGH: Root console login without MFA in prod-core from 203.0.113.7. A-1042',
    controls: ['Acknowledge', 'Resolve…', 'Snooze…', 'Investigate', 'More'],
  },
  'needs two, and one has acknowledged': {
    card: someCard({
      needs: 2,
      version: 2,
      acknowledgements: [{ userId: ALICE, at: AT }],
      assignee: ALICE,
    }),
    line: /^\*HIGH · FIRING\* · 1 of 2 acknowledged \(<@U0ALICE01>\) · /,
    push: 'HIGH, 1 of 2 acknowledged (Alice): Root console login without MFA in prod-core from 203.0.113.7. A-1042',
    controls: ['Acknowledge', 'Resolve…', 'Un-acknowledge', 'Snooze…', 'More'],
  },
  'needs three, and two have acknowledged': {
    card: someCard({
      needs: 3,
      version: 3,
      acknowledgements: [ALICE, BOB].map((userId) => ({ userId, at: AT })),
      assignee: ALICE,
    }),
    line: /· 2 of 3 acknowledged \(<@U0ALICE01> and <@U0BOB0001>\)/,
    push: 'HIGH, 2 of 3 acknowledged (Alice and 1 more): Root console login without MFA in prod-core from 203.0.113.7. A-1042',
    controls: ['Acknowledge', 'Resolve…', 'Un-acknowledge', 'Snooze…', 'More'],
  },
  'given to somebody': {
    card: someCard({ version: 2, assignee: BOB, assignedBy: ALICE }),
    line: /^\*HIGH · FIRING\* · given to <@U0BOB0001> by <@U0ALICE01> · /,
    push: 'HIGH: Root console login without MFA in prod-core from 203.0.113.7. A-1042',
    controls: ['Acknowledge', 'Resolve…', 'Snooze…', 'Investigate', 'More'],
  },
  'acknowledged by two': {
    card: someCard(held({ needs: 2, acknowledgements: [ALICE, BOB].map((userId) => ({ userId, at: AT })) })),
    line: /^\*HIGH · ACKNOWLEDGED\* by <@U0ALICE01> and <@U0BOB0001> /,
    push: 'ACKNOWLEDGED by Bob: Root console login without MFA in prod-core. A-1042',
    controls: ['Resolve…', 'Un-acknowledge', 'Snooze…', 'Investigate', 'More'],
  },
  'acknowledged, and given on': {
    card: someCard(held({ assignee: CAROL, assignedBy: BOB })),
    line: /ACKNOWLEDGED\* by <@U0BOB0001> .*\(after 3 min\) · given to <@U0CAROL01> by <@U0BOB0001> · /,
    push: 'ACKNOWLEDGED by Bob: Root console login without MFA in prod-core. A-1042',
    controls: ['Resolve…', 'Un-acknowledge', 'Snooze…', 'Investigate', 'More'],
  },
  'acknowledged by somebody else than whom it was given to': {
    card: someCard(held({ takenFrom: CAROL })),
    line: /ACKNOWLEDGED\* by <@U0BOB0001> .*, who took it from <@U0CAROL01> · /,
    push: 'ACKNOWLEDGED by Bob: Root console login without MFA in prod-core. A-1042',
    controls: ['Resolve…', 'Un-acknowledge', 'Snooze…', 'Investigate', 'More'],
  },
};

function held(over: Partial<Alert>): Partial<Alert> {
  return {
    state: 'acknowledged',
    version: 3,
    acknowledgements: [{ userId: BOB, at: AT + 3 * MINUTE }],
    acknowledgedBy: BOB,
    acknowledgedAt: AT + 3 * MINUTE,
    assignee: BOB,
    heldSince: AT + 3 * MINUTE,
    ...over,
  };
}

describe('the message says who has the alert', () => {
  test.each(Object.entries(CASES))('%s', (_, { card, line, push, controls: expected }) => {
    const message = drawAlert(card);
    expect(markupOf(message.blocks)[0]).toMatch(line);
    expect(message.text).toBe(push);
    expect(message.text.length).toBeLessThanOrEqual(120);
    expect(controls(message).map((one) => one.replace(/ → .*/, ''))).toEqual(expected);
    expectInsideLimits(message);
  });
});

describe('the message says who is on call', () => {
  const chained = (chain: Card['chain'], over: Partial<Alert> = {}): Card => ({ ...someCard(over), chain });
  const running: Card['chain'] = {
    state: 'running',
    paged: [ALICE],
    next: { at: AT + 5 * MINUTE, who: [BOB] },
  };

  test('who was paged, and who is next by name: a mention would wake them before their time', () => {
    const message = drawAlert(chained(running));
    expect(visible(message.blocks)).toContain('On call  |');
    const people = nodes(message.blocks).filter(({ type }) => type === 'user');
    expect(people.map(({ user_id }) => user_id)).toEqual([ALICE]);
    expect(visible(message.blocks)).toContain(' paged| · next |Bob| |at ');
    expect(nodes(message.blocks).find(({ type }) => type === 'date')).toMatchObject({
      fallback: '2026-11-20 09:20:00 UTC',
    });
    expect(message.text).toBe(
      'HIGH: Root console login without MFA in prod-core from 203.0.113.7. On call: Alice. A-1042',
    );
  });

  test.each([
    ['that nobody answered', { state: 'ended', paged: [ALICE, BOB] }, ' · nobody answered'],
    ['that nobody could be paged', { state: 'ended', paged: [] }, 'nobody could be paged'],
    ['that nobody is paged yet', { ...running, paged: [] }, 'nobody paged yet| · next |Bob'],
    ['that it waits', { state: 'waiting', paged: [ALICE] }, ' · goes on when the snooze is over'],
  ] as const)('%s', (_, chain, words) => {
    const message = drawAlert(chained(chain));
    expect(visible(message.blocks)).toContain(words);
    expectInsideLimits(message);
  });

  test('nothing of it once somebody has the alert', () => {
    const stopped: Card['chain'] = { state: 'stopped', paged: [ALICE] };
    expect(visible(drawAlert(chained(stopped, held({}))))).not.toContain('On call');
  });

  test('a long title makes room for who is on call and for the id', () => {
    const { text } = drawAlert(chained(running, { title: 'A very long title '.repeat(12) }));
    expect(text.length).toBeLessThanOrEqual(120);
    expect(text).toMatch(/ On call: Alice\. A-1042$/);
  });

  test('and can be hurried only while somebody is left to be paged', () => {
    const options = (card: Card) =>
      nodes(drawAlert(card)).flatMap((node) =>
        node.type === 'overflow'
          ? (node.options as { text: { text: string } }[]).map(({ text }) => text.text)
          : [],
      );
    expect(options(chained(running))).toEqual([
      'Escalate now',
      'Assign…',
      'Mute pattern…',
      'Show event',
      'Why did it alert?',
    ]);
    expect(options(chained({ state: 'ended', paged: [ALICE] }))).not.toContain('Escalate now');
    expect(options(chained(running, held({})))).not.toContain('Escalate now');
    const counted = { needs: 2, version: 2, acknowledgements: [{ userId: ALICE, at: AT }], assignee: ALICE };
    expect(options(chained(running, counted))).toHaveLength(5);
  });
});

describe('what is said besides stays inside the limits, and is text whatever people write', () => {
  const hostile = '<!channel> <https://evil.example|x> *b* '.repeat(20);
  const card = someCard(held({ title: hostile, confirmBy: AT + 30 * MINUTE }));
  test.each([
    ['alert_given', { by: ALICE, to: BOB, note: hostile.slice(0, 500) }],
    ['alert_assigned', { by: ALICE, to: BOB, note: hostile.slice(0, 500) }],
    ['alert_unreached', { userId: BOB, reason: hostile }],
    ['alert_reminder', { userId: BOB, had: 240 * MINUTE, confirmBy: AT + 30 * MINUTE }],
    ['alert_expired', { userId: BOB, had: 270 * MINUTE }],
  ])('%s', (kind, content) => {
    const message = drawPost(kind, { content, card, link: 'https://example.slack.com/archives/C1/p1' });
    expectInsideLimits(message);
    expect(message.text.length).toBeLessThanOrEqual(120);
    expect(message.text).not.toMatch(/[<>]/);
    expect(markupOf(message)).toEqual([]);
    expect(nodes(message).filter(({ type }) => type === 'broadcast')).toEqual([]);
  });
});
