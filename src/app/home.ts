import type { Clock } from '../kernel/time.ts';
import type { Desk } from '../slack/desk.ts';
import type { HomeDesk } from '../slack/home/home-desk.ts';
import { gravestOpen, openByLevel } from '../store/open-alerts.ts';
import type { Database } from '../store/sql.ts';
import { countTroubles, parkedJobs, refusedPosts, tryAllAgain } from '../store/troubles.ts';

/** What the app's Home shows besides what people can ask for. */
export function createHomeDesk(tools: {
  readonly db: Database;
  readonly clock: Clock;
  readonly mayRespond: Desk['mayRespond'];
  readonly wake: () => void;
}): HomeDesk {
  const { db, clock } = tools;
  return {
    open: async (limit) => ({ levels: await openByLevel(db), gravest: await gravestOpen(db, limit) }),
    undelivered: async (limit) => ({
      number: await countTroubles(db),
      jobs: await parkedJobs(db, limit),
      posts: await refusedPosts(db, limit),
    }),
    async tryAgain(userId) {
      const refused = await tools.mayRespond(userId);
      if (refused !== undefined) return { refused };
      await db.tx((sql) => tryAllAgain(sql, clock.now()));
      tools.wake();
      return undefined;
    },
  };
}
