import { type Millis, SECOND, systemClock } from '../kernel/time.ts';
import type { Terminal } from './terminal.ts';

/** A line on standard error that says how far things are. */
export interface Progress {
  show(): void;
  /** Takes the line away. */
  clear(): void;
}

const FIRST_AFTER: Millis = 2 * SECOND;
const EVERY: Millis = 200;

/** Only where a person watches, and only for what takes more than two seconds. */
export function createProgress(terminal: Terminal, say: () => string): Progress {
  let next = systemClock.now() + FIRST_AFTER;
  let shown = false;
  return {
    show() {
      if (!terminal.interactive || systemClock.now() < next) return;
      next = systemClock.now() + EVERY;
      shown = true;
      terminal.err(`\r\u001b[K${say()}`);
    },
    clear() {
      if (shown) terminal.err('\r\u001b[K');
      shown = false;
    },
  };
}
