import { describe, expect, it } from 'vitest';
import { DAY, SECOND, sayUtc } from '../../src/kernel/time.ts';
import type { Line } from '../../src/questions/answer.ts';
import type { Coverage, PlaceCover, Trouble } from '../../src/questions/coverage.ts';
import { sayCoverage } from '../../src/questions/say-coverage.ts';
import { EVENT_TIME } from '../support/records.ts';

const NAMES = {
  account: (id: string) => ({ '111122223333': 'Production', '444455556666': 'Staging' })[id] ?? id,
  networks: () => [],
};
const SCOPE = { period: { from: EVENT_TIME - 30 * DAY, to: EVENT_TIME, said: 'last 30 days' } };
const REGIONS = Array.from({ length: 17 }, (_, index) => `region-${index + 1}`);
const DENIED: Trouble = {
  kind: 'denied',
  what: 'not allowed to call cloudtrail:LookupEvents',
  remedy: 'Add it to the policy of the reader role',
};
const LATE: Trouble = { kind: 'out of time', what: 'out of time after 2 min', remedy: 'Ask for less time.' };

function place(account: string, region: string, more: Partial<PlaceCover> = {}): PlaceCover {
  return { account, region, state: 'done', requests: 2, events: 60, throttled: 0, ...more };
}

function everywhere(account: string, more: Partial<PlaceCover> = {}): PlaceCover[] {
  return REGIONS.map((region) => place(account, region, more));
}

function coverage(places: readonly PlaceCover[], more: Partial<Coverage> = {}): Coverage {
  return {
    scope: SCOPE,
    store: {
      since: EVENT_TIME - 40 * DAY,
      events: 40,
      stored: 12_345,
      waiting: 0,
      truncated: false,
      took: 3,
    },
    lookup: { places, took: 26 * SECOND },
    blind: [],
    ...more,
  };
}

function said(one: Coverage): string[] {
  return sayCoverage(one, NAMES).map(sayLine);
}

function sayLine(line: Line): string {
  return line
    .map((span) => ('text' in span ? span.text : 'at' in span ? sayUtc(span.at) : span.keyId))
    .join('');
}

describe('what an answer says of its coverage', () => {
  it('is two lines when all went well, and one more for what cannot be seen', () => {
    const all = [...everywhere('111122223333'), ...everywhere('444455556666')];
    expect(said(coverage(all, { blind: ['No data events.', 'The newest may be missing.'] }))).toEqual([
      'Asked: Production and Staging in 17 regions, last 30 days, reads and writes.',
      'Own store (since 2026-10-11 09:15:02 UTC): 40 events of 12,345. LookupEvents: 2,040 events read in 68 requests, 26 s.',
      'No data events. The newest may be missing.',
    ]);
  });

  it('names the scope that was asked', () => {
    const scope = { ...SCOPE, access: 'writes', failed: true } as const;
    expect(said(coverage([place('999900001111', 'eu-west-1')], { scope }))[0]).toBe(
      'Asked: 999900001111 in eu-west-1, last 30 days, writes only, failed calls only.',
    );
  });

  it('makes one sentence with one remedy of seventeen regions with the same trouble', () => {
    const failed = { state: 'failed', requests: 0, events: 0, trouble: DENIED } as const;
    const lines = said(coverage([...everywhere('111122223333'), ...everywhere('444455556666', failed)]));
    expect(lines.slice(2)).toEqual([
      'Staging in 17 regions: not allowed to call cloudtrail:LookupEvents. Add it to the policy of the reader role.',
    ]);
  });

  it('says of an account that could not be entered that it is missing', () => {
    const closed = place('444455556666', '*', { state: 'failed', requests: 0, events: 0, trouble: DENIED });
    const lines = said(coverage([...everywhere('111122223333'), closed]));
    expect(lines[0]).toContain('Asked: Production in 17 regions,');
    expect(lines[2]).toMatch(/^Staging: not allowed/);
  });

  it('says that AWS could not be entered at all', () => {
    const trouble: Trouble = {
      kind: 'no credentials',
      what: 'no credentials were found',
      remedy: 'set a role',
    };
    const closed = place('*', '*', { state: 'failed', requests: 0, events: 0, trouble });
    const lines = said(coverage([closed]));
    expect(lines.slice(2)).toEqual(['AWS: no credentials were found. Set a role.']);
    expect(lines.join(' ')).not.toMatch(/LookupEvents| 0 events| 0 requests/);
  });

  it('says how far back places were read that stopped early, and which have nothing', () => {
    const partial = (region: string, days: number) =>
      place('111122223333', region, { state: 'partial', trouble: LATE, readBackTo: EVENT_TIME - days * DAY });
    const nothing = place('444455556666', 'r3', { state: 'failed', requests: 0, events: 0, trouble: LATE });
    const lines = said(coverage([partial('r1', 3), partial('r2', 8), nothing, place('444455556666', 'r1')]));
    expect(lines.slice(2)).toEqual([
      'Production in r1 and r2: out of time after 2 min (all read back to at least 2026-11-17 09:15:02 UTC). Ask for less time.',
      'Staging in r3: out of time after 2 min. Ask for less time.',
    ]);
  });

  it('counts what was throttled, what still runs, what waits in the store and what was left out', () => {
    const throttled = place('111122223333', 'r1', { throttled: 3 });
    const running = place('111122223333', 'r2', { state: 'running' });
    const store = { since: EVENT_TIME, events: 1, stored: 2, waiting: 5, truncated: true, took: 1 };
    const cutAt = EVENT_TIME - DAY;
    expect(said(coverage([throttled, running], { store, cutAt })).slice(2)).toEqual([
      'Too many calls for one answer: those before 2026-11-19 09:15:02 UTC are left out. Ask for less time.',
      'The own store has more than was read: its oldest calls are left out. Ask for less time.',
      '5 stored events cannot be searched yet; ask again in a while.',
      'Still asking 1 of 2 places.',
      'AWS turned 3 requests away as too fast; they were asked again.',
    ]);
  });

  it('says why a source was not asked', () => {
    const none = coverage([], {
      store: { off: 'there is no data folder here' },
      lookup: { off: 'no AWS credentials were found; set history' },
    });
    expect(said(none)).toEqual([
      'Asked: all accounts in all regions, last 30 days, reads and writes.',
      'Own store not asked: there is no data folder here. LookupEvents not asked: no AWS credentials were found; set history.',
    ]);
  });
});
