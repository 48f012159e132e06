import { Misuse } from '../kernel/problem.ts';
import { DAY, type Millis, parseDuration, parseInstant } from '../kernel/time.ts';
import type { Stretch } from '../work/ways/list-files.ts';

const FORMS =
  'a length of time before now (2h, 7d), a day (2026-11-20) or an instant (2026-11-20T09:15:00Z); times are UTC';

/** The stretch that --since and --until say; a day counts whole. Throws Misuse. */
export function readStretch(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  now: Millis,
): Stretch {
  const from = since === undefined ? 0 : readBound('--since', since, now, 0);
  const to = until === undefined ? now : readBound('--until', until, now, DAY - 1);
  if (from > to) throw new Misuse('--since is later than --until: nothing happened between them.');
  return { from, to };
}

/** `within`: how far into a day that is named. */
function readBound(option: string, text: string, now: Millis, within: Millis): Millis {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? parseInstant(`${text}T00:00:00Z`) : undefined;
  const at = day === undefined ? parseInstant(text) : day + within;
  if (at === undefined) throw new Misuse(`${option} ${text} is no time: give ${FORMS}.`);
  return at;
}
