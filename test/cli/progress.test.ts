import { describe, expect, it } from 'vitest';
import { createProgress, sayPace } from '../../src/cli/progress.ts';
import { HOUR, SECOND } from '../../src/kernel/time.ts';

const TAKEN_AWAY = '\r\u001b[K';

function start(interactive: boolean) {
  let now = 0;
  let said = '';
  let done = 0;
  const err = (text: string) => {
    said += text;
  };
  const progress = createProgress({ interactive, err }, () => `${done} done`, { now: () => now });
  return {
    progress,
    /** What is said when so much time has passed and so much is done. */
    at(time: number, count: number): string {
      now = time;
      done = count;
      said = '';
      progress.show();
      return said;
    },
    cleared(): string {
      said = '';
      progress.clear();
      return said;
    },
  };
}

describe('progress', () => {
  it('says how far things are after two seconds, and then five times a second', () => {
    const { at, cleared } = start(true);
    expect(at(1.9 * SECOND, 1)).toBe('');
    expect(cleared()).toBe('');
    expect(at(2 * SECOND, 2)).toBe(`${TAKEN_AWAY}2 done`);
    expect(at(2.1 * SECOND, 3)).toBe('');
    expect(at(2.2 * SECOND, 4)).toBe(`${TAKEN_AWAY}4 done`);
    expect(cleared()).toBe(TAKEN_AWAY);
    expect(cleared()).toBe('');
  });

  it('says nothing where nobody watches', () => {
    expect(start(false).at(HOUR, 1)).toBe('');
  });

  it.each([
    [0, { done: 0, all: undefined }, 0, '0 records read, 0 a second'],
    [1234, { done: 0, all: 1000 }, 2 * SECOND, '1,234 records read, 617 a second'],
    [1234, { done: 10, all: undefined }, 2 * SECOND, '1,234 records read, 617 a second'],
    [3000, { done: 250, all: 1000 }, 30 * SECOND, '3,000 records read, 100 a second, 25 %, 1 min 30 s left'],
    [3000, { done: 1200, all: 1000 }, 30 * SECOND, '3,000 records read, 100 a second, 100 %, 0 s left'],
  ])(
    'says the rate, the share and the time left, as far as they are known (%#)',
    (count, share, took, line) => {
      expect(sayPace(count, 'records read', share, took)).toBe(line);
    },
  );
});
