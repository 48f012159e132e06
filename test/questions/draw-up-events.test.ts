import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import type { EventInFull, RuleStats } from '../../src/questions/material.ts';
import type { EventsQuestion } from '../../src/questions/question.ts';
import { readable, roleSession } from '../support/records.ts';
import { answer, labels, NOW, SCOPE, say, sayAll, tableOf } from './said.ts';

function event(overrides: JsonObject = {}, more: Partial<EventInFull> = {}): EventInFull {
  return { record: readable(overrides), receivedAt: NOW - HOUR, alertIds: [], suppressed: [], ...more };
}

function ask(kind: EventsQuestion['kind'], events: readonly EventInFull[], ids?: readonly string[]) {
  const eventIds = ids ?? events.map(({ record }) => record.eventId);
  return answer({ kind, eventIds, scope: SCOPE }, { events });
}

describe('one event in full', () => {
  const denied = event(
    {
      userIdentity: roleSession('Admin', 'night-shift'),
      errorCode: 'AccessDenied',
      errorMessage: 'User is not authorized',
    },
    { suppressed: [{ ruleId: 'key-made', reason: 'silenced until noon' }] },
  );
  const whole = ask('event', [denied]);

  it('is told in words', () => {
    expect(say(whole.title)).toBe('Event iam:CreateAccessKey');
    expect(say(whole.lead)).toBe(
      'night-shift (role Admin) called iam:CreateAccessKey on bob from 203.0.113.5, 3 h ago: denied, AccessDenied.',
    );
    const said = sayAll(whole);
    for (const line of [
      'Who  night-shift (role Admin) arn:aws:sts::111122223333:assumed-role/Admin/night-shift',
      'Target  bob',
      'Error  User is not authorized',
      'When  2026-11-20 09:15 · received 2026-11-20 10:46',
      'Key  ASIA…7EXAMPLE',
      'MFA  no',
      'Where  Production (111122223333) · us-east-1',
      'Alerts  none',
      'Kept quiet  key-made silenced until noon',
    ]) {
      expect(said).toContain(line);
    }
  });

  it('says how late it came, when the sweep had to fetch it', () => {
    const late = event({}, { late: true });
    expect(sayAll(ask('event', [late]))).toMatch(
      /received 2026-11-20 10:46, late: 1 h 30 min after it happened, found by the sweep/,
    );
  });

  it('ends with the JSON, in which nothing is hidden or turned round', () => {
    const tricky = event({ userAgent: 'a\u202Eb\u200Bc' });
    const part = ask('event', [tricky]).parts.find(({ kind }) => kind === 'code');
    if (part?.kind !== 'code') throw new Error('no code');
    expect(part.text).toContain('a\\u202eb\\u200bc');
    expect(JSON.parse(part.text)).toEqual(tricky.record.body);
  });

  it('says why it made no alert', () => {
    expect(sayAll(ask('event', [event()]))).toContain('Alerts  none: no rule matched');
    const looked = event({}, { receivedAt: undefined });
    expect(sayAll(ask('event', [looked]))).toContain('it did not come through the webhook');
    expect(sayAll(ask('event', [event({}, { alertIds: ['A-7'] })]))).toContain('Alerts  A-7');
  });

  it('leads on to key, actor, address and target', () => {
    expect(labels(whole)).toEqual([
      'Follow ASIA…7EXAMPLE',
      'Activity of night-shift',
      'Activity of 203.0.113.5',
      'Who touched bob',
    ]);
  });

  it('that is not there is answered with what would explain it', () => {
    const said = sayAll(ask('event', [], ['3f0c8a7e']));
    expect(said).toContain('This event was not found: 3f0c8a7e.');
    expect(said).toContain('5 to 15 minutes');
    const searching = answer({ kind: 'event', eventIds: ['x'], scope: SCOPE }, { unfinished: true });
    expect(say(searching.lead)).toBe('Nothing found so far; the search goes on.');
  });
});

describe('events side by side', () => {
  const shared = { userIdentity: roleSession('Admin', 'a'), eventTime: '2026-11-20T09:00:00Z' };
  const one = event(shared);
  const two = event(shared);
  const three = event({ ...shared, sourceIPAddress: '198.51.100.3', errorCode: 'AccessDenied' });

  it('show only what differs, the odd value marked, and count what is equal', () => {
    const all = ask('compare', [one, two, three]);
    expect(tableOf(all)).toEqual([
      ['errorCode', '–', '–', 'AccessDenied'],
      ['sourceIPAddress', '203.0.113.5', '203.0.113.5', '198.51.100.3'],
    ]);
    const table = all.parts.find(({ kind }) => kind === 'table');
    if (table?.kind !== 'table') throw new Error('no table');
    const marked = table.rows.map((row) => row.map(([span]) => span !== undefined && 'style' in span));
    expect(marked).toEqual([
      [false, false, false, true],
      [false, false, false, true],
    ]);
    expect(say(all.lead)).toMatch(/^They differ in 2 fields: errorCode, sourceIPAddress; \d+ are equal\.$/);
    expect(sayAll(all)).toMatch(/\d+ fields are equal in all 3\. Ids that always differ are left out\./);
  });

  it('say so when they do not differ, and when one is missing', () => {
    expect(say(ask('compare', [one, two]).lead)).toBe('They do not differ but in their ids.');
    const ids = [one.record.eventId, two.record.eventId, 'gone'];
    expect(say(ask('compare', [one, two], ids).lead)).toContain('1 of 3 not found: gone.');
  });

  it('keep within what a message holds, and count the rows left out', () => {
    const wide = (value: string) =>
      event({
        requestParameters: Object.fromEntries(
          Array.from({ length: 300 }, (_, at) => [`f${at}`, `${value}${at}`.repeat(9)]),
        ),
      });
    const table = ask('compare', [wide('a'), wide('b')]).parts.find(({ kind }) => kind === 'table');
    if (table?.kind !== 'table') throw new Error('no table');
    expect(table.rows.length + table.more).toBe(300);
    expect(JSON.stringify(table.rows.map((row) => row.map(say))).length).toBeLessThan(10_000);
  });
});

describe('how the rules did', () => {
  function stats(ruleName: string, alerts: number, more: Partial<RuleStats> = {}): RuleStats {
    return {
      ruleName,
      title: ruleName,
      level: 'high',
      alerts,
      events: alerts * 7,
      open: 0,
      acknowledgedAfter: 5 * MINUTE,
      resolvedAfter: HOUR,
      falsePositives: 0,
      ...more,
    };
  }
  const ask = (rules: readonly RuleStats[]) => answer({ kind: 'stats', scope: SCOPE }, { stats: rules });

  it('leads with the noisiest and what to do about it', () => {
    const all = ask([
      stats('root-api-use', 5, { open: 5, acknowledgedAfter: undefined, resolvedAfter: undefined }),
      stats('denied-calls', 120, { falsePositives: 80, open: 4 }),
    ]);
    expect(say(all.lead)).toBe(
      '125 alerts of 2 rules, 9 still open. Noisiest: denied-calls with 120 (96 %). 80 of its 120 alerts were ' +
        'false positives: narrow the rule with a filter, or silence what is expected.',
    );
    expect(tableOf(all)).toEqual([
      ['denied-calls · high', '120 (4 open)', '80', '5 min · 1 h'],
      ['root-api-use · high', '5 (5 open)', '0', '– · –'],
    ]);
    expect(sayAll(all)).toContain('root-api-use  Nobody acknowledges it: route it');
  });

  it('says when there were none', () => {
    expect(say(ask([]).lead)).toBe('No alerts in this period.');
  });
});
