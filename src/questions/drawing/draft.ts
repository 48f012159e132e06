import type { Millis } from '../../kernel/time.ts';
import type { Answer, Line, Part } from '../answer.ts';
import type { Material, Names } from '../material.ts';
import type { Question } from '../question.ts';

/** What an answer is drawn from. */
export interface Asked<Q extends Question = Question> {
  readonly question: Q;
  readonly material: Material;
  readonly names: Names;
  readonly now: Millis;
}

/** A further question with the words of its button. */
export type Follow = Answer['follow'][number];

/** The part of an answer that differs from kind to kind. */
export interface Draft {
  readonly lead: Line;
  readonly parts: readonly Part[];
  readonly follow: readonly Follow[];
}

type Table = Extract<Part, { kind: 'table' }>;

/** A table with its columns as words; those that hold numbers end with `#`. */
export function table(title: string, columns: readonly string[], rows: Table['rows'], more = 0): Table {
  return {
    kind: 'table',
    title,
    columns: columns.map((name) =>
      name.endsWith('#') ? { name: name.slice(0, -1), align: 'right' } : { name, align: 'left' },
    ),
    rows,
    more,
  };
}

/** A list, or nothing when it would be empty. */
export function list(title: string, items: readonly Line[], ordered = false): Part[] {
  return items.length === 0 ? [] : [{ kind: 'list', title, ordered, items }];
}
