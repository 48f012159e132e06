import type { Control } from './control.ts';
import type { Site } from './wanted.ts';

/** One difference between what should be there and what is. Doing it twice is the same as doing it once. */
export interface Step {
  readonly site: Site;
  readonly verb: 'create' | 'change' | 'remove';
  /** `rule trailbot-changes-1`. */
  readonly what: string;
  /** In words that follow what it is; empty where it is plain. */
  readonly why: readonly string[];
  /** Throws LookupTrouble. */
  take(control: Control): Promise<void>;
}

/** Something that has a name of ours and is not ours. */
export interface Foreign {
  readonly site: Site;
  readonly what: string;
  readonly why: string;
}

/** What is to be done about things of one kind at one place. */
export interface Differences {
  readonly makes: readonly Step[];
  readonly removes: readonly Step[];
  readonly foreign: readonly Foreign[];
}

export function together(all: readonly Differences[]): Differences {
  return {
    makes: all.flatMap(({ makes }) => makes),
    removes: all.flatMap(({ removes }) => removes),
    foreign: all.flatMap(({ foreign }) => foreign),
  };
}
