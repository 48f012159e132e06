import type { Log } from '../../kernel/log.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Clock, Millis } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import { LookupTrouble } from '../cloud-history.ts';

/** How reading a queue goes, for `/trail status` and doctor. The numbers are since the start. */
export interface QueueState {
  readonly name: string;
  /** When the queue answered last, with messages or without. */
  readonly answeredAt: Millis | undefined;
  readonly lastMessageAt: Millis | undefined;
  /** Taken in and removed. */
  readonly messages: number;
  /** Taking a message failed, and it was left to come again. */
  readonly failures: number;
  /** Trail files that were read. */
  readonly files: number;
  /** Why the queue cannot be read, or nothing be removed from it, at the moment, and since when. */
  readonly trouble: (Trouble & { readonly since: Millis }) | undefined;
  /** Why the latest message that was left could not be taken; `undefined` after one that could. */
  readonly left: string | undefined;
}

/** What is done with a queue; each may be allowed or not. */
type Doing = 'read' | 'remove' | 'keep';

const CANNOT: Readonly<Record<Doing, string>> = {
  read: 'cannot read',
  remove: 'cannot remove what was taken from',
  keep: 'cannot keep messages under work out of',
};

/** Keeps the state, and says in the log once what is wrong, however often it is. */
export interface QueueHealth {
  state(): QueueState;
  /** The queue answered, with so many messages. */
  answered(messages: number): void;
  complain(doing: Doing, error: unknown): void;
  /** It worked. */
  healed(doing: Doing): void;
  taken(files: number): void;
  left(error: unknown): void;
}

export function createQueueHealth(name: string, clock: Pick<Clock, 'now'>, log: Log): QueueHealth {
  let state: QueueState = {
    name,
    answeredAt: undefined,
    lastMessageAt: undefined,
    messages: 0,
    failures: 0,
    files: 0,
    trouble: undefined,
    left: undefined,
  };
  const troubles = new Map<Doing, NonNullable<QueueState['trouble']>>();

  function healed(doing: Doing): void {
    if (troubles.delete(doing)) log.info({ queue: name, doing }, `the queue ${name} works again`);
  }

  return {
    state: () => ({ ...state, trouble: [...troubles.values()][0] }),
    answered(messages) {
      healed('read');
      const now = clock.now();
      const lastMessageAt = messages > 0 ? now : state.lastMessageAt;
      state = { ...state, answeredAt: now, lastMessageAt };
    },
    complain(doing, error) {
      const trouble = troubleOf(error);
      const before = troubles.get(doing);
      if (before?.what !== trouble.what) {
        const says = `${CANNOT[doing]} the queue ${name}: ${trouble.what}; ${trouble.remedy}`;
        log.error({ queue: name, error }, says);
      }
      troubles.set(doing, { ...trouble, since: before?.since ?? clock.now() });
    },
    healed,
    taken(files) {
      state = { ...state, messages: state.messages + 1, files: state.files + files, left: undefined };
    },
    left(error) {
      const why =
        error instanceof LookupTrouble ? `${error.message}; ${error.trouble.remedy}` : sayError(error);
      state = { ...state, failures: state.failures + 1, left: why };
    },
  };
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof LookupTrouble) return error.trouble;
  return { kind: 'refused', what: sayError(error), remedy: 'look into the log of the bot' };
}

/** Helps itself, sooner or later. */
export function isPassing(error: unknown): boolean {
  return ['throttled', 'unreachable'].includes(troubleOf(error).kind);
}
