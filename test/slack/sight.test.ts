import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/kernel/time.ts';
import { drawAlert } from '../../src/slack/alert-message.ts';
import { drawReminder } from '../../src/slack/reminder.ts';
import { drawStatus } from '../../src/slack/trail-status.ts';
import type { CanaryStatus } from '../../src/work/canary-status.ts';
import type { Status } from '../../src/work/status.ts';
import { expectInsideLimits, visible } from './drawn.ts';
import { AT, someAlert, someCard, someStatus } from './samples.ts';

function place(region: string, ago: number | null, account = '111122223333'): CanaryStatus['places'][number] {
  const returnedAt = ago === null ? null : AT - ago;
  return {
    account,
    accountName: account === '111122223333' ? 'prod' : 'test',
    region,
    sentAt: AT,
    returnedAt,
    took: 2 * SECOND,
  };
}

const LOST: CanaryStatus['outages'][number] = {
  kind: 'lost',
  place: 'prod (111122223333) in ap-south-1',
  since: AT - 42 * MINUTE,
  what: undefined,
  remedy: 'check the rule for canaries there',
};

function said(changes: Partial<Status>): string {
  const message = drawStatus(someStatus(changes), undefined, AT);
  expectInsideLimits(message);
  return visible(message);
}

describe('/trail status', () => {
  it('says when a canary came back last from where, the latest first', () => {
    const canaries = {
      places: [place('us-east-1', 3 * MINUTE), place('eu-west-1', 12 * SECOND)],
      outages: [],
    };
    expect(said({ canaries })).toContain(
      'last canary from eu-west-1 12 s ago (took 2 s); canary from us-east-1 3 min ago (took 2 s)',
    );
  });

  it('names accounts where there are several, and counts places that are too many to list', () => {
    const places = Array.from({ length: 40 }, (_, at) => place(`region-${at}`, at * SECOND));
    const canaries = { places: [...places, place('eu-west-1', null, '444455556666')], outages: [] };
    const text = said({ canaries });
    expect(text).toContain('last canary from prod region-0 0 s ago');
    expect(text).toContain('; 35 more places');
    expect(said({ canaries: { places: [place('eu-west-1', null)], outages: [] } })).toContain(
      'last canary from eu-west-1 never',
    );
  });

  it('says what is lost and what could not be sent, since when, with what to do', () => {
    const denied = {
      ...LOST,
      kind: 'unsent' as const,
      what: 'not allowed to call events:PutEvents',
      remedy: 'allow it',
    };
    const text = said({ canaries: { places: [place('eu-west-1', SECOND)], outages: [LOST, denied] } });
    expect(text).toMatch(/Canary lost\s+\|prod \(111122223333\) in ap-south-1, for 42 min: check the rule/);
    expect(text).toMatch(
      /Canary not sent\s+\|.*, for 42 min: not allowed to call events:PutEvents\. To do: allow it/,
    );
    const many = Array.from({ length: 9 }, () => LOST);
    expect(said({ canaries: { places: [], outages: many } })).toContain('and 3 more outages');
  });

  it('says how long events take', () => {
    const latency = { alerts: 14, median: 4 * SECOND, worst: 2 * MINUTE };
    expect(said({ latency })).toContain(
      'median 4 s, worst 2 min from the event to Slack (14 alerts of the last day)',
    );
    expect(said({})).not.toContain('Latency');
  });
});

describe('the foot of a message', () => {
  it.each([
    [4 * SECOND, 'seen 4 s after it happened'],
    [0, 'seen 0 s after it happened'],
    [3 * HOUR, '*seen late*: 3 h after it happened'],
  ])('after %i ms', (seenAfter, words) => {
    const message = drawAlert({ ...someCard(), seenAfter });
    expectInsideLimits(message);
    expect(visible(message)).toContain(words);
  });

  it('says nothing of what the bot itself has noticed, and leaves to the sweep what it has found', () => {
    expect(visible(drawAlert(someCard()))).not.toContain('after it happened');
    const late = { events: 1, longest: 3 * HOUR };
    expect(visible(drawAlert({ ...someCard(), late, seenAfter: 3 * HOUR }))).not.toContain('seen late');
  });
});

describe('what the bot itself has noticed and is over', () => {
  it('is resolved by Trailbot', () => {
    const alert = someAlert({
      state: 'resolved',
      resolvedAt: AT,
      resolvedBy: undefined,
      note: 'It came back.',
    });
    const message = drawAlert({ ...someCard(), alert });
    expect(message.text).toMatch(/^RESOLVED by Trailbot: /);
    expect(visible(message)).toMatch(/RESOLVED\* by Trailbot/);
    expect(visible(message)).toContain('It came back.');
  });

  it('is told to whoever has it, in the thread', () => {
    const alert = someAlert({ state: 'acknowledged', acknowledgedBy: 'U0ALICE01', acknowledgedAt: AT });
    const message = drawReminder(alert, 'over', 'A canary came back.');
    expect(message.text).toMatch(/^OVER: .* A-1042$/);
    expect(visible(message)).toMatch(/Over:.*A canary came back\./s);
  });
});
