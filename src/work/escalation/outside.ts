import type { Alert } from '../../alerts/alert.ts';
import { Fault } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import { type Clock, type Millis, SECOND } from '../../kernel/time.ts';
import { alertById } from '../../store/alerts.ts';
import {
  installationId,
  type OutsidePage,
  outsidePage,
  writeOutsideTold,
  writeOutsideTries,
} from '../../store/outside-pages.ts';
import type { Database } from '../../store/sql.ts';
import { backoff, type Handler } from '../worker.ts';
import { giveUpPage } from './refused.ts';

/** What services hear of an alert. */
type OutsideAction = 'trigger' | 'acknowledge' | 'resolve';

/** One thing to be told to a service. */
export interface OutsideWord {
  /** The name under which the service is configured. */
  readonly name: string;
  readonly alert: Alert;
  readonly action: OutsideAction;
  /** Which try to tell the same has the same: the service may take it for done. */
  readonly id: string;
  /** The same for all that is said of one alert by one installation. */
  readonly dedupKey: string;
  /** From 1. */
  readonly step: number;
  readonly signal: AbortSignal;
}

/** Tells services outside of Slack. Rejects with a Fault: `later` where another try makes sense, else `never`. */
interface Outlets {
  webhook(word: OutsideWord): Promise<void>;
  pagerduty(word: OutsideWord): Promise<void>;
}

export interface OutsideTools {
  readonly db: Database;
  readonly outlets: Outlets;
  readonly clock: Clock;
  readonly random: Random;
}

const MOST_TRIES = 3;
/** How soon a request that is under way is looked at again. */
const LOOK_AGAIN: Millis = SECOND;

type UnderWay = { readonly action: OutsideAction; readonly wanted: number; over?: 'told' | Fault };

/**
 * The handler that tells services. A slow one must not hold up Slack, so a request goes on beside the worker, which
 * looks after it every second. After a crash it is made again: services tell repeats by their id.
 */
export function createOutside(tools: OutsideTools): { handler: Handler; stop(): void } {
  const underWay = new Map<string, UnderWay>();
  const stopped = new AbortController();

  function begin(page: OutsidePage, alert: Alert, action: OutsideAction, dedupKey: string): void {
    const request: UnderWay = { action, wanted: page.wanted };
    underWay.set(page.id, request);
    const { name, step } = page;
    const id = `${page.id}:${page.wanted}:${action}`;
    const word = { name, alert, action, id, dedupKey, step: step + 1, signal: stopped.signal };
    tools.outlets[page.kind](word).then(
      () => {
        request.over = 'told';
      },
      (error: unknown) => {
        request.over =
          error instanceof Fault ? error : Fault.never('the request could not be made', { cause: error });
      },
    );
  }

  return {
    async handler(id) {
      const now = tools.clock.now();
      const page = await outsidePage(tools.db, id);
      const alert = page && (await alertById(tools.db, page.alertId));
      if (!alert) return 'done';
      const request = underWay.get(id);
      if (request && !request.over) return { again: now + LOOK_AGAIN };
      underWay.delete(id);
      if (request?.over === 'told') {
        await writeOutsideTold(tools.db, id, request.wanted, request.action);
        return { again: now };
      }
      if (request?.over) {
        const again = await afterFailure(tools, page, request.action, request.over);
        if (again !== undefined) return { again };
      }
      const action = actionFor((await outsidePage(tools.db, id)) ?? page, alert);
      if (action === undefined) return 'done';
      begin(page, alert, action, await dedupKeyOf(tools, alert));
      return { again: now + LOOK_AGAIN };
    },
    stop: () => stopped.abort(),
  };
}

function dedupKeyOf({ db, random }: OutsideTools, { id }: Alert): Promise<string> {
  return db.tx(async (sql) => `trailbot:${await installationId(sql, () => random.id())}:${id}`);
}

/** What the service does not know yet. One that was never told of an alert need not hear that it is over. */
function actionFor(page: OutsidePage, alert: Alert): OutsideAction | undefined {
  const unsaid = page.wanted !== page.told;
  if (page.kind === 'webhook') return unsaid ? 'trigger' : undefined;
  if (alert.state === 'firing') return unsaid ? 'trigger' : undefined;
  if (page.said === undefined || page.said === 'given up') return undefined;
  const action = alert.state === 'resolved' ? 'resolve' : 'acknowledge';
  return page.said === action ? undefined : action;
}

/** When it is tried again; `undefined` when it was given up. */
async function afterFailure(
  tools: OutsideTools,
  page: OutsidePage,
  action: OutsideAction,
  fault: Fault,
): Promise<Millis | undefined> {
  const { db, clock, random } = tools;
  const now = clock.now();
  const tries = page.tries + 1;
  if (fault.retryAfter !== undefined && tries < MOST_TRIES) {
    await writeOutsideTries(db, page.id, tries);
    return now + Math.max(fault.retryAfter, backoff(tries, random));
  }
  const times = tries > 1 ? ` (tried ${tries} times)` : '';
  await db.tx(async (sql) => {
    // A service that heard of the alert and not of its end is not asked again; the thread says so.
    await writeOutsideTold(sql, page.id, page.wanted, action === 'trigger' ? 'given up' : action);
    const { alertId, round, step, kind, name } = page;
    const target = `${kind}:${name}`;
    const given = { alertId, round, step, target, at: now, postId: undefined };
    await giveUpPage(sql, random, given, `${fault.message}${times}`, now);
  });
  return undefined;
}
