import { type Expression, namesIn, parseCondition } from '../condition.ts';
import type { Notes } from '../notes.ts';
import { refuseUnknown } from '../shape.ts';
import { type MapNode, memberOf, type ScalarNode, type YamlNode } from '../source.ts';
import { type Bound, COMPARISONS, type CorrelationType, lowestOf, MOST_HITS } from './correlation.ts';
import { fewTexts, MOST_FIELDS } from './few.ts';
import { isEmpty, keepsAll, wholeRange } from './range.ts';

/** The condition of a correlation, before its rules are known. */
export interface WrittenCondition {
  /** `undefined`: all rules have to be seen. */
  readonly bounds: readonly Bound[] | undefined;
  readonly expression: { readonly of: Expression; readonly names: readonly string[] } | undefined;
  readonly fields: readonly string[];
  readonly percentile: number;
}

const COUNTING: readonly CorrelationType[] = ['event_count', 'value_count', 'temporal', 'temporal_ordered'];
const MEDIAN = 50;

/**
 * Reads `condition` of a correlation; mistakes are reported, as far as they are ones whatever the type, where that is
 * not known. `references` are the rules that it names.
 */
export function readCorrelationCondition(
  correlation: MapNode,
  type: CorrelationType | undefined,
  references: readonly string[],
  notes: Notes,
): WrittenCondition | undefined {
  const node = memberOf(correlation, 'condition')?.value;
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if (!node || (node.kind === 'scalar' && node.value === null)) {
    if (temporal || !type) return ALL_SEEN;
    notes.refuse(node?.at ?? correlation.at, 'the correlation has no condition', `add ${exampleFor(type)}`);
    return undefined;
  }
  if (node.kind === 'map') return readBounds(node, type, notes);
  if (node.kind === 'scalar' && (type === 'temporal' || !type)) return readWords(node, references, notes);
  const what =
    node.kind === 'scalar' ? `a condition in words does not go with "${type}"` : 'a condition is a map';
  const remedy = type === 'temporal_ordered' ? 'leave it out: all rules, in their order' : exampleFor(type);
  notes.refuse(node.at, what, node.kind === 'scalar' ? remedy : `write ${exampleFor(type)}`);
  return undefined;
}

const ALL_SEEN: WrittenCondition = {
  bounds: undefined,
  expression: undefined,
  fields: [],
  percentile: MEDIAN,
};

function exampleFor(type: CorrelationType | undefined): string {
  if (!type || type === 'event_count') return '"condition: {gte: 10}"';
  if (type === 'value_count') return '"condition: {field: sourceIPAddress, gte: 3}"';
  if (type === 'value_percentile') return '"condition: {field: …, percentile: 95, gt: 1000}"';
  return type.startsWith('temporal')
    ? '"condition: {gte: 2}", or leave it out'
    : '"condition: {field: …, gt: 1000}"';
}

function readWords(
  node: ScalarNode,
  references: readonly string[],
  notes: Notes,
): WrittenCondition | undefined {
  const written = Array.from(node.text.matchAll(/[\w-]+/g), ([word]) => word);
  const own = written.filter((word) => !['and', 'or', 'not', 'of', 'all', 'any', 'them', '1'].includes(word));
  const names = references.length > 0 ? references : [...new Set(own)];
  const read = parseCondition(node.text, names, (count) => notes.spend('names', count));
  if ('mistake' in read) {
    for (const { offset, what, remedy } of [read.mistake, ...read.further]) {
      notes.refuse(node.at, what.replace('no selection is named', '"rules" does not have'), remedy, offset);
    }
    return undefined;
  }
  const used = new Set(namesIn(read.expression));
  for (const name of names.filter((one) => !used.has(one))) {
    notes.warn(node.at, `the condition does not use "${name}"`, 'use it, or remove it from "rules"');
  }
  return { ...ALL_SEEN, expression: { of: read.expression, names } };
}

function readBounds(
  map: MapNode,
  type: CorrelationType | undefined,
  notes: Notes,
): WrittenCondition | undefined {
  const before = notes.problems.length;
  const known = [
    ...COMPARISONS,
    ...(!type || type.startsWith('value_') ? ['field'] : []),
    ...(!type || type === 'value_percentile' ? ['percentile'] : []),
  ];
  refuseUnknown(map, known, type ? `the condition of "${type}"` : 'a condition', notes);
  const bounds = COMPARISONS.flatMap((comparison) => {
    const member = memberOf(map, comparison);
    const number = member && readNumber(member.value, comparison, notes);
    return number === undefined ? [] : [{ comparison, number }];
  });
  const fields = readFields(map, type, notes);
  const percentile = type === 'value_percentile' ? readPercentile(map, notes) : MEDIAN;
  if (bounds.length === 0 && notes.problems.length === before) {
    notes.refuse(map.at, 'the condition compares with nothing', `write ${exampleFor(type)}`);
  }
  checkBounds(map, type, bounds, notes);
  return notes.problems.length > before ? undefined : { bounds, expression: undefined, fields, percentile };
}

function readFields(map: MapNode, type: CorrelationType | undefined, notes: Notes): readonly string[] {
  if (!type?.startsWith('value_')) return [];
  const before = notes.problems.length;
  const fields = fewTexts(map, 'field', MOST_FIELDS, notes).map(({ text }) => text);
  const member = memberOf(map, 'field');
  if (fields.length === 0 && notes.problems.length === before) {
    notes.refuse(member?.value.at ?? map.at, `"${type}" needs a field`, `write ${exampleFor(type)}`);
  }
  if (fields.length > 1 && type !== 'value_count' && member) {
    notes.refuse(member.value.at, `"${type}" looks at one field`, 'write a correlation for each');
  }
  return fields;
}

function readPercentile(map: MapNode, notes: Notes): number {
  const member = memberOf(map, 'percentile');
  if (!member) {
    notes.warn(map.at, 'the condition does not say which percentile', 'add "percentile: 95"; now it is 50');
    return MEDIAN;
  }
  const percentile = readNumber(member.value, 'percentile', notes) ?? MEDIAN;
  if (percentile < 0 || percentile > 100) {
    notes.refuse(member.value.at, `${percentile} is not a percentile`, 'write a number from 0 to 100');
  }
  return percentile;
}

function readNumber(node: YamlNode, key: string, notes: Notes): number | undefined {
  const text = node.kind === 'scalar' && typeof node.value !== 'boolean' ? node.text.trim() : '';
  const number = Number(text);
  if (text !== '' && Number.isFinite(number)) return number;
  notes.refuse(node.at, `"${key}" needs a number`, `write it as "${key}: 10"`);
  return undefined;
}

/** Refuses what no number can keep, and counts that are beyond what is kept of a group. */
function checkBounds(
  map: MapNode,
  type: CorrelationType | undefined,
  bounds: readonly Bound[],
  notes: Notes,
): void {
  if (bounds.length > 2) {
    notes.refuse(map.at, 'the condition has more than two bounds', 'write one, or two that make a range');
    return;
  }
  const counts = type !== undefined && COUNTING.includes(type);
  const { least, most } = wholeRange(bounds);
  if (isEmpty(bounds)) notes.refuse(map.at, 'no number fulfils this condition', 'widen one of its bounds');
  else if (counts && least > most) {
    const remedy = 'widen it; a count is a whole number from 1 on';
    notes.refuse(map.at, 'no number fulfils this condition', remedy);
  } else if (counts && Math.max(...bounds.map(lowestOf)) > MOST_HITS) {
    notes.refuse(map.at, `at most ${MOST_HITS} are counted in one group and timespan`, 'ask for fewer');
  } else if (counts && bounds.length > 0 && keepsAll(bounds)) {
    notes.warn(
      map.at,
      'every event fulfils this condition',
      'ask for more, or write a rule without counting',
    );
  }
}
