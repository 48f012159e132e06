import { type Clock, type Millis, SECOND, sayDuration, systemClock } from '../kernel/time.ts';
import type { Terminal } from './terminal.ts';

/** A line on standard error that says how far things are. */
export interface Progress {
  show(): void;
  /** Takes the line away. */
  clear(): void;
}

/** How much of something is done; `all` as soon as that is known. */
export interface Share {
  readonly done: number;
  readonly all: number | undefined;
}

const FIRST_AFTER: Millis = 2 * SECOND;
const EVERY: Millis = 200;

/** Only where a person watches, and only for what takes more than two seconds. */
export function createProgress(
  terminal: Pick<Terminal, 'interactive' | 'err'>,
  say: () => string,
  clock: Pick<Clock, 'now'> = systemClock,
): Progress {
  let next = clock.now() + FIRST_AFTER;
  let shown = false;
  return {
    show() {
      if (!terminal.interactive || clock.now() < next) return;
      next = clock.now() + EVERY;
      shown = true;
      terminal.err(`\r\u001b[K${say()}`);
    },
    clear() {
      if (shown) terminal.err('\r\u001b[K');
      shown = false;
    },
  };
}

/** `1,234 records read, 560 a second, 43 %, 12 s left`, as much of it as is known. */
export function sayPace(count: number, what: string, { done, all }: Share, took: Millis): string {
  const rate = Math.round((count * SECOND) / Math.max(1, took));
  const said = `${grouped(count)} ${what}, ${grouped(rate)} a second`;
  if (all === undefined || all === 0 || done === 0) return said;
  const share = Math.min(1, done / all);
  return `${said}, ${Math.floor(share * 100)} %, ${sayDuration(took / share - took)} left`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
