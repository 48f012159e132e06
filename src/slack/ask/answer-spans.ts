import { sayUtc } from '../../kernel/time.ts';
import type { Line, Span } from '../../questions/answer.ts';
import { maskKeys } from '../key-mask.ts';
import { clean, cut, dateLeaf, type Leaf, urlLeaf } from '../text.ts';

/** Longest piece of a line: what is longer is read in the CSV. */
const LONGEST_SPAN = 600;
/** What Slack shows of a date in any zone and language, at most. */
const DATE_LENGTH = 26;

/** Untrusted text as people see it: nothing invisible, no whole access key, at most `max` characters. */
export function shown(untrusted: string, max: number): string {
  // Cut last: half a key would not be known as one.
  return cut(maskKeys(clean(untrusted, max * 2 + 200)), max);
}

/** A line as rich text leaves, which render nothing; spaces at the ends of a span stay. */
export function leavesOf(line: Line, max = LONGEST_SPAN): Leaf[] {
  const leaves = line
    .map((span) => leafOf(span, max))
    .filter((leaf) => leaf.type !== 'text' || leaf.text !== '');
  return leaves.length > 0 ? leaves : [{ type: 'text', text: '–' }];
}

function leafOf(span: Span, max: number): Leaf {
  if ('at' in span) return dateLeaf(span.at, FORMS[span.form]);
  if ('keyId' in span) return { type: 'text', text: shown(span.keyId, max), style: { code: true } };
  const text = padded(span.text, max);
  if ('url' in span) return urlLeaf(span.url, text);
  return span.style === undefined
    ? { type: 'text', text }
    : { type: 'text', text, style: { [span.style]: true } };
}

const FORMS = {
  date: '{date_short_pretty}',
  'date and time': '{date_short_pretty} {time_secs}',
  time: '{time}',
} as const;

/** `clean` takes the spaces from the ends, which part a word from its neighbour here. */
function padded(text: string, max: number): string {
  const inner = shown(text, max);
  if (inner === '') return /\s/.test(text) ? ' ' : '';
  const before = /^ /.test(text) ? ' ' : '';
  const after = / $/.test(text) ? ' ' : '';
  return `${before}${inner}${after}`;
}

/** A line as plain text, dates in UTC: for headers, buttons, small print and what a phone shows. */
export function plainLine(line: Line, max = 3000): string {
  return shown(line.map(plainSpan).join(''), max);
}

function plainSpan(span: Span): string {
  if ('text' in span) return span.text;
  if ('keyId' in span) return span.keyId;
  const utc = Number.isFinite(span.at) && Math.abs(span.at) < 8e15 ? sayUtc(span.at) : 'unknown time';
  if (span.form === 'date') return utc.slice(0, 10);
  return span.form === 'time' ? utc.slice(11) : utc;
}

/** How many characters the leaves take on the screen, dates in any language. */
export function lengthOf(leaves: readonly Leaf[]): number {
  return leaves.reduce((sum, leaf) => sum + leafLength(leaf), 0);
}

function leafLength(leaf: Leaf): number {
  if (leaf.type === 'text') return leaf.text.length;
  return leaf.type === 'link' ? (leaf.text?.length ?? 0) + leaf.url.length : DATE_LENGTH;
}
