import type { Alert } from '../../alerts/alert.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { Level } from '../../rules/rule.ts';
import type { Trouble } from '../../store/troubles.ts';

/** What is open: how much of each level, and the gravest ones. */
interface OpenNow {
  readonly levels: readonly { readonly level: Level; readonly number: number }[];
  readonly gravest: readonly Alert[];
}

/** What was not done or said, the latest first; `number`: all of it. */
interface Undelivered {
  readonly number: number;
  readonly jobs: readonly Trouble[];
  readonly posts: readonly Trouble[];
}

/** What the Home asks besides what everybody can ask. */
export interface HomeDesk {
  open(limit: number): Promise<OpenNow>;
  undelivered(limit: number): Promise<Undelivered>;
  /** Gives what was given up a new chance. */
  tryAgain(userId: string): Promise<Refusal | undefined>;
}
