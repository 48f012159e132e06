import { nearest } from '../kernel/nearest.ts';
import type { Notes } from './notes.ts';
import { CLOUDTRAIL, foldedText } from './parse.ts';
import { type MapNode, memberOf, type Place } from './source.ts';

/** Keys of a log source. Source: Sigma rules specification 2.1. */
const KEYS = ['category', 'product', 'service', 'definition'];

interface Slip {
  readonly at: Place;
  readonly what: string;
  readonly remedy: string;
}

/** What a document for other logs says of one key: what CloudTrail's say, something near it, or something else. */
type Said = { readonly kind: 'right' | 'other' } | { readonly kind: 'missing' | 'near'; readonly slip: Slip };

/** A document that is skipped as one for other logs was probably meant for CloudTrail's if only a slip says otherwise. */
export function warnOfNearLogs(document: MapNode, notes: Notes): void {
  const logsource = memberOf(document, 'logsource')?.value;
  if (logsource?.kind !== 'map') return;
  const said = Object.entries(CLOUDTRAIL).map(([key, value]) => saidOf(logsource, key, value));
  const isSlip = said.some(({ kind }) => kind === 'right') || said.every(({ kind }) => kind === 'near');
  if (!isSlip || said.some(({ kind }) => kind === 'other')) return;
  for (const one of said) {
    if ('slip' in one)
      notes.warn(one.slip.at, `${one.slip.what}, so the document is skipped`, one.slip.remedy);
  }
}

function saidOf(logsource: MapNode, key: string, value: string): Said {
  const own = memberOf(logsource, key);
  const near = logsource.members.find((one) => !KEYS.includes(one.key) && nearest(one.key, KEYS) === key);
  const member = own ?? near;
  if (!member) {
    const what = `the log source has no ${key}`;
    return { kind: 'missing', slip: { at: logsource.at, what, remedy: `add "${key}: ${value}" to it` } };
  }
  const text = foldedText(member);
  if (text === value && own) return { kind: 'right' };
  if (text === value) {
    const what = `a log source has no key "${member.key}"`;
    return { kind: 'near', slip: { at: member.keyAt, what, remedy: `did you mean "${key}"?` } };
  }
  if (text !== undefined && nearest(text, [value]) === undefined) return { kind: 'other' };
  const what = `the ${key}${text === undefined ? '' : ` "${text}"`} is not CloudTrail's`;
  return { kind: 'near', slip: { at: member.value.at, what, remedy: `did you mean "${value}"?` } };
}
