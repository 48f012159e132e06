import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../kernel/log.ts';

/** Bolt's and the Web API client's own words, in our log; their debug lines hold whole messages and stay out. */
export function boltLog(log: Log): Logger {
  const line = (parts: readonly unknown[]) => parts.map((part) => String(part)).join(' ');
  return {
    debug: () => {},
    info: (...parts) => log.debug(`slack: ${line(parts)}`),
    warn: (...parts) => log.warn(`slack: ${line(parts)}`),
    error: (...parts) => log.error(`slack: ${line(parts)}`),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
