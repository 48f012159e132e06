import type { Alert } from '../../alerts/alert.ts';
import { Fault } from '../../kernel/problem.ts';
import type { Random } from '../../kernel/random.ts';
import { type Clock, MINUTE, type Millis, SECOND } from '../../kernel/time.ts';
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
import { giveUpPage, sayUnheard } from './refused.ts';

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

/** Others are paged instead of a service that does not take a page; nobody else can tell it that an alert is over. */
const MOST_TRIES: Readonly<Record<OutsideAction, number>> = { trigger: 3, acknowledge: 10, resolve: 10 };
/** However long a service asks to wait. */
const LONGEST_WAIT: Millis = MINUTE;
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

/** What the service may have heard, so that it hears of the end as well; a page whose answer was lost counts. */
function saidAfter({ said }: OutsidePage, action: OutsideAction, fault: Fault): string | undefined {
  return action === 'trigger' && fault.uncertain ? 'trigger' : said;
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
  const said = saidAfter(page, action, fault);
  if (fault.retryAfter !== undefined && tries < MOST_TRIES[action]) {
    await db.tx(async (sql) => {
      await writeOutsideTold(sql, page.id, page.told, said);
      await writeOutsideTries(sql, page.id, tries);
    });
    return now + Math.max(Math.min(fault.retryAfter, LONGEST_WAIT), backoff(tries, random));
  }
  const times = tries > 1 ? ` (tried ${tries} times)` : '';
  const reason = `${fault.message}${times}`;
  const { alertId, round, step, kind, name } = page;
  const given = { alertId, round, step, target: `${kind}:${name}`, at: now, postId: undefined };
  await db.tx(async (sql) => {
    if (action === 'trigger') {
      await writeOutsideTold(sql, page.id, page.wanted, said ?? 'given up');
      return giveUpPage(sql, random, given, reason, now);
    }
    // It is not asked again: somebody has to put it right there.
    await writeOutsideTold(sql, page.id, page.wanted, action);
    return sayUnheard(sql, given, action, reason, now);
  });
  return undefined;
}
