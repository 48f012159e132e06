import type { Asker } from '../asker.ts';

/** One press on a control of an answer or of its progress. */
export interface AnswerPress {
  readonly asker: Asker;
  readonly action: string;
  readonly value: string;
  /** Same for every delivery of this press. */
  readonly pressId: string;
  /** The message that was pressed on is visible to this person alone: the answer takes its place. */
  readonly inPlace: boolean;
}
