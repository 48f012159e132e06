import { type Millis, parseHttpDate, SECOND, sayDuration } from '../../kernel/time.ts';
import type { Diagnosis } from './checkup.ts';

/** Slack and AWS refuse signatures that are older than five minutes; a fraction of that is a reason to look at the clock. */
const SKEW: Millis = 30 * SECOND;

/** An answer, and when it was asked for and came by this machine's clock. */
interface Heard {
  /** Of the header `Date`: whole seconds. */
  readonly date: string | undefined;
  readonly asked: Millis;
  readonly came: Millis;
}

/** Whether this machine's clock agrees with that of `who` (`Slack`, `AWS`). */
export function judgeClock(who: string, { date, asked, came }: Heard): Omit<Diagnosis, 'area' | 'check'> {
  const said = parseHttpDate(date ?? '');
  if (said === undefined) {
    const remedy = 'check the clock by hand';
    return { verdict: 'unknown', says: `${who} did not say what time it is`, remedy };
  }
  const off = Math.max(0, Math.abs((asked + came) / 2 - said - SECOND / 2) - SECOND / 2);
  if (off <= SKEW) return { verdict: 'fine', says: `this machine's clock agrees with that of ${who}` };
  const says = `this machine's clock is ${sayDuration(off)} off that of ${who}: Slack and AWS refuse signatures, and times in answers are wrong`;
  return { verdict: 'fault', says, remedy: 'set the clock by the network (NTP)' };
}
