import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { DigestDay } from '../../../src/alerts/digest-time.ts';
import { DAY, HOUR, MINUTE } from '../../../src/kernel/time.ts';
import { drawDigest } from '../../../src/slack/posts/digest.ts';
import { changeAlert, insertAlert } from '../../../src/store/alerts.ts';
import { rememberOperator } from '../../../src/store/operators.ts';
import type { Database } from '../../../src/store/sql.ts';
import { insertSuppression } from '../../../src/store/suppressions.ts';
import { contentOf, type Digest } from '../../../src/work/digest/digest.ts';
import { readDigests } from '../../../src/work/digest/read-figures.ts';
import { checkMessage } from '../../../src/workspace/limits/message.ts';
import { ALICE, anAlert, BOB } from '../../support/alerts.ts';
import { temporaryStore } from '../../support/store.ts';

/** Friday, 2026-11-20, 09:00 UTC, and the day before it. */
const UNTIL = Date.UTC(2026, 10, 20, 9);
const TODAY: DigestDay = { kind: 'daily', day: '2026-11-20', from: UNTIL - DAY, until: UNTIL };
const SECURITY = '#security-alerts';

/** Writes an alert as it came to be: opened so long before nine, and what became of it since. */
async function put(db: Database, id: string, ago: number, over: Partial<Alert> = {}): Promise<void> {
  const alert = anAlert({
    id,
    fingerprint: id,
    openedAt: UNTIL - ago,
    facts: factsOf('user alice'),
    ...over,
  });
  await insertAlert(db, alert);
  const { state, acknowledgedAt, assignee, resolvedAt, resolvedBy, disposition } = alert;
  await changeAlert(db, id, 1, { state, acknowledgedAt, assignee, resolvedAt, resolvedBy, disposition });
}

function factsOf(actor: string): Alert['facts'] {
  return { ...anAlert().facts, actor };
}

async function digestsOf(db: Database, day = TODAY, now = day.until) {
  const linkTo = async () => undefined;
  return readDigests({ db, linkTo, usualChannel: () => SECURITY }, day, now);
}

const taken = (who: string, at: number) =>
  ({ state: 'acknowledged', assignee: who, acknowledgedAt: at }) as const;
const expected = (who: string, at: number) =>
  ({ state: 'resolved', resolvedBy: who, resolvedAt: at, disposition: 'expected' }) as const;

describe('the figures of a day', () => {
  it('are those that a person would count', async () => {
    const db = await temporaryStore();
    for (const person of [ALICE, BOB]) await rememberOperator(db, person, UNTIL - DAY);
    // Open since the day before yesterday, and nobody has it.
    await put(db, 'A-1', 50 * HOUR, { level: 'critical', title: 'CloudTrail was stopped' });
    // Acknowledged after an hour and five hours before nine: left lying.
    await put(db, 'A-2', 6 * HOUR, taken(BOB.userId, UNTIL - 5 * HOUR));
    // Acknowledged after 10 minutes, a moment ago: not left.
    await put(db, 'A-3', 20 * MINUTE, taken(ALICE.userId, UNTIL - 10 * MINUTE));
    // Opened before the day, resolved within it, after 30 hours.
    await put(db, 'A-4', 30 * HOUR, { ...expected(ALICE.userId, UNTIL - 1), level: 'medium' });
    // Resolved before the day: nothing of it counts.
    await put(db, 'A-5', 60 * HOUR, expected(ALICE.userId, UNTIL - 40 * HOUR));
    // At nine sharp another day has begun.
    await put(db, 'A-6', 0, { level: 'medium' });
    await put(db, 'A-7', HOUR, { channel: '#audit' });
    const digests = await digestsOf(db);
    expect([...digests.keys()].sort()).toEqual(['#audit', SECURITY]);
    const title = 'Root signed in to the console';
    expect(digests.get(SECURITY)).toMatchObject({
      open: [
        { level: 'critical', number: 1, oldest: { id: 'A-1', title: 'CloudTrail was stopped' } },
        { level: 'high', number: 2, oldest: { id: 'A-2' } },
        { level: 'medium', number: 1, oldest: { id: 'A-6' } },
      ],
      left: { number: 1, alerts: [{ id: 'A-2', title, who: 'Bob' }] },
      opened: 2,
      acknowledged: { number: 2, median: (HOUR + 10 * MINUTE) / 2 },
      resolved: { number: 1, median: 30 * HOUR - 1 },
      noisy: [{ rule: 'root-sign-in', alerts: 2, events: 2 }],
      hidden: [],
    });
  });

  it('suggest a mute where all alerts of a rule were expected and of one actor', async () => {
    const db = await temporaryStore();
    for (let one = 1; one <= 41; one++) {
      await put(db, `A-${one}`, one * MINUTE, {
        ...expected(ALICE.userId, UNTIL - 1),
        facts: factsOf('role deploy'),
      });
    }
    const digest = (await digestsOf(db)).get(SECURITY);
    expect(digest?.noisy).toEqual([
      { rule: 'root-sign-in', alerts: 41, events: 41, suggestion: { why: 'expected', actor: 'role deploy' } },
    ]);
    expect(visible(digest)).toContain(
      'root-sign-in: 41 alerts, all resolved as expected, all of role deploy: mute that actor, or add a filter.',
    );
  });

  it('suggest a filter where they were of several, and less noise where nobody ever acted', async () => {
    const db = await temporaryStore();
    for (let one = 1; one <= 3; one++) {
      await put(db, `A-${one}`, HOUR, {
        ...expected(ALICE.userId, UNTIL - 1),
        facts: factsOf(`user ${one}`),
      });
      await put(db, `A-${one + 10}`, 5 * HOUR, { ruleId: 'other', ruleName: 'other' });
      await put(db, `A-${one + 20}`, HOUR, { ruleId: 'recent', ruleName: 'recent' });
    }
    expect((await digestsOf(db)).get(SECURITY)?.noisy).toEqual([
      { rule: 'other', alerts: 3, events: 3, suggestion: { why: 'unattended', actor: 'user alice' } },
      { rule: 'recent', alerts: 3, events: 3 },
      { rule: 'root-sign-in', alerts: 3, events: 3, suggestion: { why: 'expected' } },
    ]);
  });

  it('count what was hidden, in the channel of what hid it', async () => {
    const db = await temporaryStore();
    await put(db, 'A-1', HOUR, { channel: '#audit' });
    const hide = (key: string, over: object) =>
      insertSuppression(
        db,
        { recordKey: key, ruleId: 'nowhere', kind: 'silence', reason: 'r', ...over },
        UNTIL - HOUR,
      );
    await hide('1', { kind: 'inhibition', source: 'A-1' });
    await hide('2', { kind: 'inhibition', source: 'A-1' });
    await hide('3', {});
    await hide('4', { kind: 'learning' });
    const digests = await digestsOf(db);
    expect(digests.get('#audit')?.hidden).toEqual([['inhibition', 2]]);
    expect(digests.get(SECURITY)?.hidden).toEqual([['silence', 1]]);
  });

  it('of a week say what nobody acted on, how alerts were resolved and who carried them', async () => {
    const db = await temporaryStore();
    await rememberOperator(db, BOB, UNTIL);
    await put(db, 'A-1', 3 * DAY, { ...expected(BOB.userId, UNTIL - DAY), assignee: BOB.userId });
    await put(db, 'A-2', 3 * DAY, { ...expected(ALICE.userId, UNTIL - DAY), disposition: 'true_positive' });
    await put(db, 'A-3', 2 * DAY, { ruleId: 'other', ruleName: 'other' });
    await put(db, 'A-4', 2 * DAY, taken(BOB.userId, UNTIL - DAY));
    const digest = (await digestsOf(db, { ...TODAY, kind: 'weekly', from: UNTIL - 7 * DAY })).get(SECURITY);
    expect(digest?.week).toEqual({
      unattended: [{ rule: 'other', alerts: 1, events: 1 }],
      outcomes: [
        {
          rule: 'root-sign-in',
          outcomes: [
            ['true_positive', 1],
            ['expected', 1],
          ],
        },
      ],
      carried: [
        { who: 'Bob', alerts: 2, resolved: 1 },
        { who: ALICE.userId, alerts: 1, resolved: 1 },
      ],
    });
  });
});

describe('whatever the amount', () => {
  it('a digest of five hundred open alerts with the longest names stays within what Slack takes', async () => {
    const db = await temporaryStore();
    const long = (text: string) => `<!channel> *${text}* `.repeat(40);
    await db.tx(async (sql) => {
      for (let one = 1; one <= 500; one++) {
        const level = (['low', 'medium', 'high', 'critical'] as const)[one % 4] ?? 'high';
        const rule = `${long('rule')}${one % 50}`;
        const open = anAlert({
          id: `A-${one}`,
          fingerprint: `f${one}`,
          openedAt: UNTIL - one * MINUTE,
          level,
        });
        const texts = { title: long('title'), ruleId: rule, ruleName: rule, facts: factsOf(long('actor')) };
        await insertAlert(sql, { ...open, ...texts, count: 1000 });
        await changeAlert(sql, open.id, 1, one % 3 === 0 ? taken(BOB.userId, UNTIL - 5 * HOUR) : {});
      }
    });
    const digest = (await digestsOf(db, { ...TODAY, kind: 'weekly', from: UNTIL - 7 * DAY })).get(SECURITY);
    const rows = Array.from({ length: 15 }, () => ({ rule: long('r'), actor: long('a'), events: 1e9 }));
    const message = drawn(digest && { ...digest, low: { lines: rows, more: 9 } });
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(message.blocks).length).toBeLessThan(40_000);
    expect(visibleIn(message.blocks).length).toBeLessThan(11_000);
    expect(checkMessage(message as never)).toEqual([]);
    expect(JSON.stringify(message.blocks)).not.toContain('mrkdwn');
  });
});

function drawn(digest: Digest | undefined) {
  if (!digest) throw new Error('no digest');
  return drawDigest({ content: contentOf(digest), card: undefined, link: undefined });
}

function visible(digest: Digest | undefined): string {
  return visibleIn(drawn(digest).blocks);
}

function visibleIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(visibleIn).join('');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, part]) => (key === 'text' && typeof part === 'string' ? part : visibleIn(part)))
    .join('');
}
