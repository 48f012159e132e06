import type { Log } from '../../kernel/log.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Trouble } from '../../questions/coverage.ts';
import { type LookupPage, LookupTrouble } from '../cloud-history.ts';
import { breakOff, finish, type Strand, takePage } from './ask-place.ts';
import type { Asking } from './ask-state.ts';

/** Reads strands to their ends. */
export interface Follower {
  /** Never rejects. */
  follow(strand: Strand): Promise<void>;
  /** Events that AWS gave and nobody can read, with the reason of the first. */
  unreadable(): { readonly count: number; readonly reason: string | undefined };
}

export function createFollower(asking: Asking): Follower {
  const { history, clock, stop, scope } = asking;
  const unreadable: { count: number; reason: string | undefined } = { count: 0, reason: undefined };

  async function follow(strand: Strand): Promise<void> {
    if ('off' in history) return;
    strand.state = 'running';
    strand.startedAt = clock.now();
    const { place, attribute } = strand;
    const hear = (what: 'sent' | 'turned away') => count(strand, what);
    try {
      const pages = history.lookup({ place, attribute, period: scope.period, hear }, stop.signal);
      await read(strand, pages[Symbol.asyncIterator]());
    } catch (error) {
      breakOff(strand, stop.trouble() ?? troubleOf(error, asking.log));
    }
    asking.changed();
  }

  async function read(strand: Strand, pages: AsyncIterator<LookupPage>) {
    for (;;) {
      const next = await stop.before(pages.next());
      // A history that was stopped just ends: that is not the end of what there is.
      if (stop.signal.aborted && (!next || next.done)) return breakOff(strand, stop.trouble());
      if (!next || next.done) return finish(strand, scope.period, clock.now());
      take(strand, next.value);
      const cutAt = asking.cutAt?.();
      if (cutAt === undefined || strand.readBackTo === undefined || strand.readBackTo > cutAt) continue;
      await pages.return?.();
      return breakOff(strand, undefined);
    }
  }

  function count(strand: Strand, what: 'sent' | 'turned away'): void {
    if (what === 'sent') strand.requests += 1;
    else strand.throttled += 1;
    asking.changed();
  }

  function take(strand: Strand, page: LookupPage): void {
    takePage(strand, page);
    unreadable.count += page.unreadable.length;
    unreadable.reason ??= page.unreadable[0];
    asking.found(page.records);
    asking.changed();
  }

  return { follow, unreadable: () => unreadable };
}

/** What has failed, in words for an answer; what nobody expected goes to the log as well. */
export function troubleOf(error: unknown, log: Log): Trouble {
  if (error instanceof LookupTrouble) return error.trouble;
  log.error({ error }, 'a lookup failed in an unknown way');
  return {
    kind: 'refused',
    what: `failed unexpectedly (${sayError(error).slice(0, 200)})`,
    remedy: 'look into the log of the bot',
  };
}
