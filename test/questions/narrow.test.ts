import { describe, expect, it } from 'vitest';
import { DAY } from '../../src/kernel/time.ts';
import { callOf } from '../../src/questions/call.ts';
import type { Material } from '../../src/questions/material.ts';
import { narrow } from '../../src/questions/narrow.ts';
import type { Scope } from '../../src/questions/question.ts';
import { EVENT_TIME, readable } from '../support/records.ts';

const PERIOD = { from: EVENT_TIME - 30 * DAY, to: EVENT_TIME, said: 'last 30 days' };
const WRITE = callOf(readable());
const READ = callOf(readable({ readOnly: true, eventName: 'ListUsers' }));
const DENIED = callOf(readable({ errorCode: 'AccessDenied', readOnly: true }));

function material(scope: Partial<Scope> = {}): Material {
  return {
    calls: [WRITE, READ, DENIED],
    owner: { userName: 'alice', lastUsed: undefined },
    coverage: {
      scope: { period: PERIOD, ...scope },
      store: { off: 'there is none' },
      lookup: { off: 'history is off' },
      blind: ['No data events.'],
    },
  };
}

describe('narrowing an answer', () => {
  it('leaves only writes, or only failed calls, and says so in the coverage', () => {
    const writes = narrow(material(), { access: 'writes' });
    expect(writes.calls).toEqual([WRITE]);
    expect(writes.coverage).toMatchObject({ scope: { access: 'writes' }, blind: ['No data events.'] });
    expect(writes.owner).toEqual({ userName: 'alice', lastUsed: undefined });
    const failed = narrow(material(), { failed: true });
    expect(failed.calls).toEqual([DENIED]);
    expect(failed.coverage.scope).toMatchObject({ failed: true, period: PERIOD });
  });

  it('keeps what narrowed it before', () => {
    const both = narrow(narrow(material(), { failed: true }), { access: 'writes' });
    expect(both.calls).toEqual([]);
    expect(both.coverage.scope).toMatchObject({ failed: true, access: 'writes' });
  });

  it('never passes off what was not asked as nothing found', () => {
    const blind = ['No data events.', expect.stringContaining('ask again')];
    expect(narrow(material({ access: 'writes' }), { access: 'reads' }).coverage.blind).toEqual(blind);
    const earlier = { ...PERIOD, from: PERIOD.from - DAY };
    expect(narrow(material(), { period: earlier }).coverage.scope.period).toMatchObject({
      from: PERIOD.from,
    });
    expect(narrow(material(), { period: earlier }).coverage.blind).toEqual(blind);
  });
});
