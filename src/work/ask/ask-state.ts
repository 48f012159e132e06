import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock, Millis } from '../../kernel/time.ts';
import type { Coverage } from '../../questions/coverage.ts';
import type { Judgement } from '../../questions/judgement.ts';
import type { Material } from '../../questions/material.ts';
import type { Attribute, Scope } from '../../questions/question.ts';
import type { Sql } from '../../store/sql.ts';
import type { CloudHistory } from '../cloud-history.ts';
import type { ShareBefore } from './ask-place.ts';
import type { Stop } from './ask-stop.ts';

/** Where answers come from; either may be missing. */
export interface AskTools {
  readonly sql: Sql | undefined;
  readonly history: CloudHistory | { readonly off: string };
  readonly clock: Clock;
  readonly log: Log;
  /** What the rules in force say of a record; only `explain` asks it. */
  readonly judge?: (record: CloudTrailRecord) => Promise<Judgement>;
}

/** What AWS's places are asked with. */
export interface Asking extends Omit<AskTools, 'sql' | 'judge'> {
  readonly stop: Stop;
  readonly scope: Scope;
  readonly lookups: (account: string, partition?: string) => readonly (Attribute | undefined)[];
  /** Calls before this are not wanted any more. */
  readonly cutAt?: () => Millis | undefined;
  /** Where something better is known than that calls are spread evenly. */
  readonly shareBefore?: ShareBefore;
  readonly found: (records: readonly CloudTrailRecord[]) => void;
  readonly changed: () => void;
}

export interface AskOptions {
  /** Aborts when nobody wants the rest: what was read so far is the answer. */
  readonly signal: AbortSignal;
  /** A length of time, after which what was read so far is the answer. */
  readonly deadline: Millis;
  /** Called when more is known, at most every 250 ms. */
  readonly hear?: (state: AskState) => void;
}

/** How far a question has come. */
export interface AskState {
  /** What is known so far, `unfinished`. */
  readonly material: Material;
  /** One account in one region each. */
  readonly places: number;
  readonly done: number;
  readonly requests: number;
  /** Read from LookupEvents, whether they belong to the answer or not. */
  readonly events: number;
  /** A guess; `undefined` when there is nothing to guess from. */
  readonly left: Millis | undefined;
  /** What the question takes, in one sentence, when that is more than ten seconds. */
  readonly cost: string | undefined;
}

/** How many places there are, how many of them have ended, and what they took. */
export function countsOf(
  lookup: Coverage['lookup'],
): Pick<AskState, 'places' | 'done' | 'requests' | 'events'> {
  const places = 'places' in lookup ? lookup.places : [];
  return {
    places: places.length,
    done: places.filter(({ state }) => state !== 'waiting' && state !== 'running').length,
    requests: places.reduce((sum, { requests }) => sum + requests, 0),
    events: places.reduce((sum, { events }) => sum + events, 0),
  };
}
