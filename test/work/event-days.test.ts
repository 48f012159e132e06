import { describe, expect, it } from 'vitest';
import { DAY, HOUR, type Millis, SECOND } from '../../src/kernel/time.ts';
import { EventDays, learningFrom, lengthOf, longGaps } from '../../src/work/event-days.ts';

/** Midnight. */
const START = Date.UTC(2026, 10, 1);

function daysOf(...times: Millis[]): EventDays {
  const days = new EventDays();
  for (const at of times) days.add(START + at);
  return days;
}
const stretch = (from: Millis, to: Millis) => ({ from: START + from, to: START + to });

describe('the time that events cover', () => {
  it('is cut where a whole day is without an event', () => {
    const days = daysOf(3 * DAY, 0, 5 * HOUR, DAY + 23 * HOUR, 4 * DAY + HOUR);
    expect(days.stretches()).toEqual([stretch(0, DAY + 23 * HOUR), stretch(3 * DAY, 4 * DAY + HOUR)]);
    expect(lengthOf(days.stretches())).toBe(2 * DAY + 24 * HOUR);
  });

  it('of one event a day, at about the same time, is all of it', () => {
    const days = daysOf(...Array.from({ length: 30 }, (_, day) => day * DAY + HOUR + (day % 2) * SECOND));
    expect(days.stretches()).toEqual([stretch(HOUR, 29 * DAY + HOUR + SECOND)]);
  });

  it('up to an end has that for its last event', () => {
    const days = daysOf(0, HOUR, 10 * DAY);
    expect(days.stretches(START + DAY)).toEqual([stretch(0, DAY)]);
    expect(days.stretches(START + 5 * DAY)).toEqual([stretch(0, HOUR), stretch(5 * DAY, 5 * DAY)]);
    expect(daysOf(0, 2 * HOUR).stretches(START + HOUR)).toEqual([stretch(0, HOUR)]);
  });

  it('of no event is nothing', () => {
    expect(daysOf().stretches()).toEqual([]);
    expect(longGaps([])).toEqual([]);
  });
});

describe('gaps that are too long', () => {
  const gapsOf = (...days: number[]) => longGaps(daysOf(...days.map((day) => day * DAY)).stretches());

  it('are those before and after records with a wrong date', () => {
    expect(gapsOf(-9000, 0, 1, 2, 3)).toEqual([stretch(-9000 * DAY, 0)]);
    expect(gapsOf(0, 20)).toEqual([stretch(0, 20 * DAY)]);
    expect(gapsOf(-900, -600, -300, 0, 9000)).toHaveLength(4);
  });

  it('are not those between events that are rare', () => {
    expect(gapsOf(0, 7, 12, 20, 41, 60, 75)).toEqual([]);
  });
});

describe('learning', () => {
  const until = (learn: Millis, ...times: Millis[]) =>
    learningFrom(daysOf(...times).stretches(), learn) + learn - START;

  it('is over when so much time with events has passed', () => {
    expect(until(2 * DAY, 0, DAY, 2 * DAY, 3 * DAY)).toBe(2 * DAY);
    expect(until(2 * DAY, 0, DAY, 8 * DAY, 9 * DAY, 10 * DAY)).toBe(9 * DAY);
    expect(until(HOUR, -3000 * DAY, 0, 2 * HOUR)).toBe(HOUR);
    expect(until(0, 5 * DAY)).toBe(5 * DAY);
  });

  it('goes on after the last event for what is missing', () => {
    expect(until(14 * DAY, 0, DAY, 8 * DAY, 9 * DAY)).toBe(9 * DAY + 12 * DAY);
  });
});
