import { DAY, HOUR, type Millis } from '../kernel/time.ts';
import { EVENT_HISTORY_DAYS, type Scope } from './question.ts';

/** Why one place could not be asked, or not to the end, and what to do about it. */
export interface Trouble {
  readonly kind:
    | 'denied'
    | 'region off'
    | 'throttled'
    | 'expired'
    | 'no credentials'
    | 'unreachable'
    | 'refused'
    | 'out of time'
    | 'cancelled';
  /** `not allowed to call cloudtrail:LookupEvents`: completes "prod in eu-west-1: …". */
  readonly what: string;
  /** What to do, as an order; empty where nothing can be done. */
  readonly remedy: string;
}

/** One account in one region, as far as LookupEvents was asked there. */
export interface PlaceCover {
  /** `*` when no account could be entered at all. */
  readonly account: string;
  /** `*` when the account itself could not be entered. */
  readonly region: string;
  readonly state: 'waiting' | 'running' | 'done' | 'partial' | 'failed';
  readonly requests: number;
  readonly events: number;
  /** Requests that AWS turned away and that were asked again. */
  readonly throttled: number;
  /** Newest first is how AWS answers: when it stopped early, everything from here on was read. */
  readonly readBackTo?: Millis | undefined;
  readonly trouble?: Trouble | undefined;
}

/** What an answer has looked at. Never empty-handed: what was not looked at says why. */
export interface Coverage {
  readonly scope: Scope;
  readonly store:
    | {
        /** Event time of the oldest stored event; `undefined` when nothing is stored. */
        readonly since: Millis | undefined;
        readonly events: number;
        /** Stored events in all, to compare. */
        readonly stored: number;
        /** Received and not yet searchable. */
        readonly waiting: number;
        /** More was found than is shown; the oldest were left out. */
        readonly truncated: boolean;
        readonly took: Millis;
      }
    /** Why it was not asked. */
    | { readonly off: string };
  readonly lookup:
    | { readonly places: readonly PlaceCover[]; readonly took: Millis }
    | { readonly off: string };
  /** More was found than an answer holds: of all sources, calls before this time were left out. */
  readonly cutAt?: Millis | undefined;
  /** Events that AWS gave and nobody can read. */
  readonly unreadable?: number | undefined;
  /** What this kind of question cannot find where it looked, each one sentence. */
  readonly blind: readonly string[];
}

/** Whether AWS was sent a request, or will be. */
export function wasAsked(lookup: Coverage['lookup']): boolean {
  return (
    'places' in lookup &&
    lookup.places.some(({ requests, state }) => requests > 0 || state === 'waiting' || state === 'running')
  );
}

/** A question for all of AWS's event history is answered some time after its period was settled. */
const EDGE: Millis = HOUR;

/** Whether AWS's event history ended before this time is reached, going back. */
export function endsBefore(from: Millis, now: Millis): boolean {
  return from < now - EVENT_HISTORY_DAYS * DAY - EDGE;
}
