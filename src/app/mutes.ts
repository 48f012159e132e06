import { termsOf } from '../alerts/mute-choices.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import { allRules, type Ruleset } from '../rules/ruleset.ts';
import type { Desk } from '../slack/desk.ts';
import type { MuteDesk } from '../slack/mute/mute-desk.ts';
import { hiddenBy } from '../store/hidden-counts.ts';
import { muteById, mutesInForce } from '../store/mutes.ts';
import type { Database } from '../store/sql.ts';
import { END_JOB, endDueMute, endMute } from '../work/mute/end.ts';
import { filterOf } from '../work/mute/export.ts';
import { RELEASE_JOB } from '../work/mute/inhibit.ts';
import { makeMute } from '../work/mute/make.ts';
import { previewMute } from '../work/mute/preview.ts';
import { type ReleaseTools, releaseHeld } from '../work/mute/release.ts';
import { muteSubject } from '../work/mute/subject.ts';
import type { Handler } from '../work/worker.ts';

/** What is put away ends in time, and comes back when it was put away wrongly. */
export function muteHandlers(tools: ReleaseTools): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    [END_JOB, (muteId) => endDueMute(tools, muteId)],
    [RELEASE_JOB, (alertId) => releaseHeld(tools, alertId)],
  ]);
}

export interface MuteDeskTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly ruleset: () => Ruleset;
  readonly mayAdminister: Desk['mayAdminister'];
  /** There is work to do at once. */
  readonly wake: () => void;
}

/** What people in Slack ask of mutes. */
export function createMuteDesk({ ruleset, mayAdminister, wake, ...rest }: MuteDeskTools): MuteDesk {
  const { db, clock } = rest;
  const tools = { ...rest, rules: () => allRules(ruleset()), refuse: mayAdminister };
  return {
    subject: (origin) => muteSubject(db, tools.rules(), origin),
    preview: (subject, fields) => {
      const terms = termsOf(subject.choices, fields);
      return previewMute(db, subject.alert.ruleId, terms, clock.now());
    },
    async make(request) {
      const outcome = await makeMute(tools, request);
      wake();
      return outcome;
    },
    find: (id) => muteById(db, id),
    async inForce() {
      const mutes = await mutesInForce(db);
      return Promise.all(mutes.map(async (mute) => ({ mute, hidden: await hiddenTotal(db, mute.id) })));
    },
    async end(id, operator) {
      const outcome = await endMute(tools, id, operator);
      wake();
      return outcome;
    },
    async exported(id) {
      const mute = await muteById(db, id);
      return mute ? filterOf(mute, ruleset()) : { refused: `${id} is not known here.` };
    },
  };
}

async function hiddenTotal(db: Database, id: string): Promise<number> {
  return (await hiddenBy(db, id)).reduce((sum, { number }) => sum + number, 0);
}
