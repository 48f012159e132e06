import { WebAPIRateLimitedError } from '@slack/web-api';
import { Fault } from '../kernel/problem.ts';
import { type Clock, SECOND } from '../kernel/time.ts';
import { classify } from './classify.ts';
import { createPace, type Pace } from './pace.ts';

/** The paces that Slack allows: posts by channel, edits altogether. */
export interface Paces {
  readonly posts: Pace;
  readonly edits: Pace;
}

/** Slack tolerates short bursts in a channel: an incident of a few alerts should not trickle in. */
const BURST = 8;

/** One post a second and channel after a short burst; edits fifty a minute. Source: Slack, "Rate limits". */
export function createPaces(clock: Clock): Paces {
  return { posts: createPace(clock, SECOND, BURST), edits: createPace(clock, 1200, 20) };
}

/** Throws `Fault.later` with the time to wait when it is not our turn. */
export function takeTurn(pace: Pace, key: string): void {
  const wait = pace.take(key);
  if (wait > 0) throw Fault.later('waiting for the next turn, to keep to the pace of Slack', wait);
}

/** Throws nothing but Faults, and remembers what Slack's Retry-After says. */
export async function calling<T>(pace: Pace, key: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const fault = classify(error);
    if (error instanceof WebAPIRateLimitedError) pace.hold(key, fault.retryAfter ?? SECOND);
    throw fault;
  }
}
