import type { Notes } from './notes.ts';
import type { Lists } from './placeholder.ts';

/** What the reading of a detection needs to know, and where it reports mistakes. */
export interface Scope {
  readonly lists: Lists;
  readonly notes: Notes;
  /** The document is written in `sigma-version: 3`: `field[any]` and its like are array blocks. */
  readonly blocks: boolean;
  /** Inside a block: fields are those of a member, not of the record. */
  readonly inMember: boolean;
}
