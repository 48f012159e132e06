import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../src/kernel/time.ts';
import type { Coverage } from '../../src/questions/coverage.ts';
import type { ActivityKind, Scope } from '../../src/questions/question.ts';
import { answer, coverage, NOW, SCOPE, say } from './said.ts';

const OLD: Scope = { period: { from: NOW - 120 * DAY, to: NOW - 100 * DAY, said: 'then' } };
const WELL = { since: 0, events: 0, stored: 500, waiting: 0, truncated: false, took: 4 };
const OFF = { off: 'older than the 90 days of CloudTrail’s event history' };

function lead(kind: ActivityKind, cover: Partial<Coverage>, scope = SCOPE): string {
  return say(answer({ kind, value: kind === 'root' ? '' : 'x', scope }, { coverage: coverage(cover) }).lead);
}

describe('nothing found is no all-clear', () => {
  it.each<[string, Partial<Coverage>, Scope]>([
    [
      'AWS has nothing older than 90 days, and the own store does not reach back that far',
      { store: { ...WELL, since: undefined }, lookup: OFF },
      OLD,
    ],
    [
      'AWS has nothing older than 90 days, and the own store does not reach back that far',
      { store: { ...WELL, since: NOW - DAY } },
      OLD,
    ],
    [
      'AWS has nothing older than 90 days, and the own store does not reach back that far',
      { store: { off: 'there is no data folder here' } },
      OLD,
    ],
    ['900,000 stored events cannot be searched yet', { store: { ...WELL, waiting: 900_000 } }, SCOPE],
    ['2 events that AWS gave cannot be read', { unreadable: 2 }, SCOPE],
    ['the own store has more than was read', { store: { ...WELL, truncated: true } }, SCOPE],
    [
      'the own store does not reach back to the beginning of the period',
      { store: { ...WELL, since: NOW - DAY }, lookup: { off: 'no' } },
      SCOPE,
    ],
  ])('when %s', (reason, cover, scope) => {
    const said = lead('root', cover, scope);
    expect(said).toContain(`But ${reason}: this is no all-clear.`);
    expect(said).not.toContain('Searched:');
  });

  it('when the own store could not be read, which is named', () => {
    expect(lead('root', { store: { off: 'it could not be read (SQLITE_CORRUPT)' } })).toContain(
      'Only the event history of AWS was searched, not the own store: it could not be read (SQLITE_CORRUPT).',
    );
  });

  it('with all reasons when there are several', () => {
    expect(lead('root', { store: { ...WELL, waiting: 5, truncated: true } })).toContain(
      'But the own store has more than was read, and 5 stored events cannot be searched yet: this is no all-clear.',
    );
  });

  it('but it is one where the own store reaches back, or AWS does but for a moment', () => {
    expect(lead('root', { lookup: OFF }, OLD)).not.toContain('no all-clear');
    const scope = { period: { from: NOW - 90 * DAY - MINUTE, to: NOW, said: 'last 90 days' } };
    expect(lead('root', { store: { ...WELL, since: NOW - DAY } }, scope)).toContain('Searched:');
  });
});

describe('nothing found about a role', () => {
  it('says that its sessions are another matter', () => {
    expect(lead('role', {})).toContain(
      'Nobody assumed or changed this role (last 30 days). What its sessions did is known to the own store only.',
    );
  });
});
