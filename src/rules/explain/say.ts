import { type Block, type Explanation, type Leaf, toUndo } from './explanation.ts';
import type { Seen } from './seen.ts';

/** One clause on a line, with how deep it stands. Its text holds what came from the event: not to be trusted. */
export interface ExplainedLine {
  readonly depth: number;
  readonly holds: boolean;
  readonly text: string;
}

/** The tree as lines, each part under its whole. */
export function explainedLines(explanation: Explanation): ExplainedLine[] {
  return [...linesOf(explanation, 0, 'and')];
}

/** What keeps it from holding: as many lines as clauses are missing, without the parts around them. */
export function failingLines(explanation: Explanation): ExplainedLine[] {
  return Array.from(failing(explanation), (text) => ({ depth: 0, holds: false, text }));
}

function* failing(part: Explanation): Generator<string> {
  if (part.holds) return;
  switch (part.kind) {
    case 'and':
      for (const inner of part.of) yield* failing(inner);
      break;
    case 'or': {
      const [nearest] = part.of.toSorted((a, b) => a.missing - b.missing);
      if (nearest) yield* failing(nearest);
      else yield 'one of nothing';
      break;
    }
    case 'not':
      yield* tooMuch(part.of);
      break;
    case 'selection':
      yield* failing(part.of);
      break;
    case 'test':
      yield leafText(part);
      break;
    case 'block':
      yield blockText(part);
      break;
  }
}

/** What holds under a `not`, and should not. */
function* tooMuch(part: Explanation): Generator<string> {
  if (!part.holds) return;
  switch (part.kind) {
    case 'and': {
      const [nearest] = part.of.toSorted((a, b) => toUndo(a) - toUndo(b));
      if (nearest) yield* tooMuch(nearest);
      else yield 'not all of nothing';
      break;
    }
    case 'or':
      for (const inner of part.of) yield* tooMuch(inner);
      break;
    case 'not':
      yield* failing(part.of);
      break;
    case 'selection':
      yield `not ${part.name}`;
      break;
    case 'test':
      yield `not ${leafText(part)}`;
      break;
    case 'block':
      yield `not ${blockText(part)}`;
      break;
  }
}

function* linesOf(part: Explanation, depth: number, within: 'and' | 'or'): Generator<ExplainedLine> {
  const line = (text: string): ExplainedLine => ({ depth, holds: part.holds, text });
  switch (part.kind) {
    case 'and':
    case 'or':
      // Parts that mean the same as the lines around them need no line of their own.
      if (part.kind === within) for (const inner of part.of) yield* linesOf(inner, depth, within);
      else {
        yield line(part.kind === 'and' ? 'all of' : part.of.length > 0 ? 'one of' : 'one of nothing');
        for (const inner of part.of) yield* linesOf(inner, depth + 1, part.kind);
      }
      break;
    case 'not':
      yield* negated(part, depth);
      break;
    case 'selection':
      yield line(part.name);
      yield* linesOf(part.of, depth + 1, 'and');
      break;
    case 'test':
      yield line(leafText(part));
      break;
    case 'block':
      yield line(blockText(part));
      if (part.nearest) yield* linesOf(part.nearest.of, depth + 1, 'and');
      break;
  }
}

function* negated(
  { holds, of }: Extract<Explanation, { kind: 'not' }>,
  depth: number,
): Generator<ExplainedLine> {
  if (of.kind === 'test') yield { depth, holds, text: `not ${leafText(of)}` };
  else {
    yield { depth, holds, text: of.kind === 'selection' ? `not ${of.name}` : 'not' };
    yield* linesOf(of.kind === 'selection' ? of.of : of, depth + 1, 'and');
  }
}

function leafText({ says, seen, hint }: Leaf): string {
  if (seen.kind === 'anything') return says;
  return `${says}   (${saySeen(seen)}${hint === undefined ? '' : `; ${hint}`})`;
}

function blockText({ says, members, fulfilled, nearest }: Block): string {
  const counted = members === 0 ? 'it has no members' : `${fulfilled} of ${members} members fulfil it`;
  return `${says}   (${counted}${nearest ? `; here is member ${nearest.index}` : ''})`;
}

export function sayMissing(kind: Exclude<Seen['kind'], 'values'>): string {
  return kind === 'empty list' ? 'an empty list' : kind;
}

function saySeen(seen: Exclude<Seen, { kind: 'anything' }>): string {
  if (seen.kind !== 'values') return `it is ${sayMissing(seen.kind)}`;
  const values = seen.values.map((value) => (value === '' ? "''" : value)).join(', ');
  return `it is ${values}${seen.more > 0 ? ` and ${seen.more} more` : ''}`;
}
