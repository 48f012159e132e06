import type { Log } from '../kernel/log.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { reply } from './reply.ts';
import type { Handler } from './server.ts';

/**
 * One thing the bot needs. `failed`: it cannot do its work and should get no requests; `degraded`: it can
 * take and keep events, but somebody should look (Slack unreachable, a rule reload refused).
 */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'degraded' | 'failed';
  /** One sentence: what was found and, unless ok, what to do. */
  readonly says: string;
}

export interface HealthOptions {
  readonly checks: () => Promise<readonly Check[]>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Load balancers usually give up after 5 s. */
const CHECKS_WITHIN: Millis = 3 * SECOND;

const SLOW: Check = {
  name: 'checks',
  state: 'failed',
  says: 'The checks did not come to an end within 3 s; storage hangs or the machine is overloaded.',
};
const BROKEN: Check = {
  name: 'checks',
  state: 'failed',
  says: 'The checks themselves failed; the log says why.',
};

/** `GET /healthz`: the process is alive and answers. Says nothing about what it depends on. */
export const healthz: Handler = (_req, res) => reply(res, 200, { alive: true });

/** `GET /readyz`: 200 while no check has failed, else 503; both with every check in words. */
export function createReadyz({ checks, clock, log }: HealthOptions): Handler {
  async function all(): Promise<readonly Check[]> {
    const timer = new AbortController();
    try {
      const slow = clock.sleep(CHECKS_WITHIN, timer.signal).then(() => [SLOW]);
      return await Promise.race([checks(), slow]);
    } catch (error) {
      log.error({ error }, 'the readiness checks failed');
      return [BROKEN];
    } finally {
      timer.abort();
    }
  }

  return async (_req, res) => {
    const found = await all();
    const ready = found.every((check) => check.state !== 'failed');
    reply(res, ready ? 200 : 503, { ready, checks: found });
  };
}
