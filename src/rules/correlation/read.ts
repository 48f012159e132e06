import { DAY, MINUTE, type Millis, parseDuration, sayDuration } from '../../kernel/time.ts';
import { warnOfMisspelling } from '../known-fields.ts';
import type { Notes } from '../notes.ts';
import { type Identity, readRule } from '../parse.ts';
import type { Rule } from '../rule.ts';
import { optionalText, optionalWord, refuseUnknown, requiredMap } from '../shape.ts';
import { type MapNode, memberOf, type Place } from '../source.ts';
import { CORRELATION_TYPES, type CorrelationType } from './correlation.ts';
import { fewTexts, isFew, MOST_ALIASES, MOST_FIELDS, MOST_RULES } from './few.ts';
import { readCorrelationCondition, type WrittenCondition } from './read-condition.ts';

/** A name or id that stands in a document for a rule. */
export interface Reference {
  readonly text: string;
  readonly at: Place;
}

/** For an alias, the field that it means in the records of each rule. */
interface Alias {
  readonly name: string;
  readonly fields: readonly { readonly rule: Reference; readonly field: string }[];
}

/** What could be read of a correlation document: its names, and all of it if nothing is missing. */
export interface ReadCorrelation {
  readonly references: readonly Reference[];
  readonly aliases: readonly Alias[];
  readonly written: WrittenCorrelation | undefined;
}

/** A correlation document, read; its rules are still names. */
export interface WrittenCorrelation {
  readonly rule: Rule;
  readonly at: Place;
  readonly type: CorrelationType;
  readonly references: readonly Reference[];
  readonly groupBy: readonly string[];
  readonly timespan: Millis;
  readonly lateness: Millis;
  readonly condition: WrittenCondition;
  readonly aliases: readonly Alias[];
  /** Whether the rules go on alerting by themselves. */
  readonly generate: boolean;
}

const KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const REMEDY = 'write "type:", "rules:", "group-by:", "timespan:" and "condition:" in it';
/** EventBridge and CloudTrail deliver nearly everything sooner. */
const LATENESS: Millis = 15 * MINUTE;
const LONGEST: Millis = 30 * DAY;

/** Reads a correlation document; mistakes are reported. */
export function readCorrelation(document: MapNode, identity: Identity, notes: Notes): ReadCorrelation {
  const rule = readRule(withoutLateness(document), identity, notes);
  refuseExtras(document, rule, notes);
  const map = requiredMap(document, 'correlation', REMEDY, notes);
  if (!map) return { references: [], aliases: [], written: undefined };
  refuseUnknown(map, KEYS, '"correlation"', notes);
  const type = readType(map, notes);
  const before = notes.problems.length;
  const named = readReferences(map, notes);
  const isNamed = notes.problems.length === before;
  const aliases = readAliases(map, notes);
  const timespan = readTimespan(map, notes);
  const lateness = readLateness(document, notes);
  const groupBy = readGroupBy(map, aliases, notes);
  const generate = readGenerate(document, notes) ?? readGenerate(map, notes) ?? false;
  const names = named.map(({ text }) => text);
  const condition = readCorrelationCondition(map, type, names, notes);
  const at = memberOf(map, 'condition')?.value.at ?? map.at;
  const references =
    named.length > 0 ? named : (condition?.expression?.names ?? []).map((text) => ({ text, at }));
  if (references.length === 0 && condition && isNamed) {
    notes.refuse(map.at, 'the correlation names no rule', 'add "rules:" with the names or ids of rules');
  }
  if (!type || !condition || timespan === undefined || references.length === 0) {
    return { references, aliases, written: undefined };
  }
  const written = {
    rule: { ...rule, summary: rule.summary ?? summaryFor(type, groupBy, sayDuration(timespan)) },
    at: document.at,
    type,
    references,
    groupBy,
    timespan,
    lateness,
    condition,
    aliases,
    generate,
  };
  return { references, aliases, written };
}

function readType(map: MapNode, notes: Notes): CorrelationType | undefined {
  const before = notes.problems.length;
  const type = optionalWord(map, 'type', CORRELATION_TYPES, notes);
  if (!type && notes.problems.length === before) {
    const at = memberOf(map, 'type')?.value.at ?? map.at;
    notes.refuse(at, 'the correlation has no type', `add one of ${CORRELATION_TYPES.join(', ')}`);
  }
  return type;
}

function readReferences(map: MapNode, notes: Notes): Reference[] {
  const references = fewTexts(map, 'rules', MOST_RULES, notes);
  const seen = new Set<string>();
  const twice = references.find(({ text }) => seen.has(text) || !seen.add(text));
  if (twice) {
    const remedy = 'name each rule once; to count one rule several times use event_count';
    notes.refuse(twice.at, `"${twice.text}" stands twice in "rules"`, remedy);
  }
  return references;
}

function readGroupBy(map: MapNode, aliases: readonly Alias[], notes: Notes): string[] {
  return fewTexts(map, 'group-by', MOST_FIELDS, notes).map(({ text, at }) => {
    if (!aliases.some(({ name }) => name === text)) warnOfMisspelling(text, at, notes);
    return text;
  });
}

function readTimespan(map: MapNode, notes: Notes): Millis | undefined {
  const before = notes.problems.length;
  const text = optionalText(map, 'timespan', notes);
  const at = memberOf(map, 'timespan')?.value.at ?? map.at;
  if (text === undefined) {
    if (notes.problems.length === before) {
      notes.refuse(at, 'the correlation has no timespan', 'add "timespan: 10m"');
    }
    return undefined;
  }
  const timespan = /^\d+[smhdw]$/.test(text) ? parseDuration(text) : undefined;
  if (timespan === undefined || timespan === 0) {
    notes.refuse(at, `"${text}" is not a timespan`, 'write a number and s, m, h, d or w, as in 90m');
    return undefined;
  }
  if (timespan <= LONGEST) return timespan;
  notes.refuse(at, 'a timespan is at most 30 days', 'shorten it, or use "first_seen" for what is rare');
  return undefined;
}

function readAliases(map: MapNode, notes: Notes): Alias[] {
  const node = memberOf(map, 'aliases')?.value;
  if (!node || (node.kind === 'scalar' && node.value === null)) return [];
  const remedy = 'write "alias: {rule_a: field, rule_b: field}"';
  if (node.kind !== 'map') {
    notes.refuse(node.at, '"aliases" must be a map', remedy);
    return [];
  }
  if (!isFew(node.members.length, map, 'aliases', MOST_ALIASES, notes)) return [];
  return node.members.map(({ key, value }) => {
    if (value.kind !== 'map') {
      notes.refuse(value.at, `the alias "${key}" must be a map`, remedy);
      return { name: key, fields: [] };
    }
    const fields = value.members.flatMap((member) => {
      const field = optionalText({ ...value, members: [member] }, member.key, notes);
      return field === undefined ? [] : [{ rule: { text: member.key, at: member.keyAt }, field }];
    });
    return { name: key, fields };
  });
}

/** The schema has it beside `correlation`, pySigma inside. */
function readGenerate(map: MapNode, notes: Notes): boolean | undefined {
  const node = memberOf(map, 'generate')?.value;
  if (!node) return undefined;
  const text = node.kind === 'scalar' ? node.text.toLowerCase() : '';
  if (text === 'true' || text === 'false') return text === 'true';
  notes.refuse(node.at, '"generate" must be true or false', 'write one of them');
  return undefined;
}

function readLateness(document: MapNode, notes: Notes): Millis {
  const trailbot = memberOf(document, 'trailbot')?.value;
  const node = trailbot?.kind === 'map' ? memberOf(trailbot, 'lateness')?.value : undefined;
  if (!node) return LATENESS;
  const lateness = node.kind === 'scalar' ? parseDuration(node.text) : undefined;
  if (lateness !== undefined && lateness <= LONGEST) return lateness;
  notes.refuse(node.at, '"lateness" is not a time up to 30 days', 'write it as 15m, 6h or 1d');
  return LATENESS;
}

/** The document as `readRule` knows it: what `trailbot` has for correlations alone is read here. */
function withoutLateness(document: MapNode): MapNode {
  const members = document.members.map((member) => {
    const { value } = member;
    if (member.key !== 'trailbot' || value.kind !== 'map') return member;
    return { ...member, value: { ...value, members: value.members.filter(({ key }) => key !== 'lateness') } };
  });
  return { ...document, members };
}

/** Some things that a rule may have would do nothing on a correlation. */
function refuseExtras(document: MapNode, rule: Rule, notes: Notes): void {
  for (const key of ['detection', 'filter']) {
    const member = memberOf(document, key);
    const remedy = `give the ${key} a document and a name of its own`;
    if (member) notes.refuse(member.keyAt, `a correlation has no ${key} of its own`, remedy);
  }
  const trailbot = memberOf(document, 'trailbot')?.value;
  if (trailbot?.kind !== 'map') return;
  const place = (key: string) => memberOf(trailbot, key)?.keyAt ?? trailbot.at;
  if (rule.tests.length > 0) {
    notes.refuse(place('tests'), 'a correlation has no tests', 'test the rules that it refers to');
  }
  if (rule.firstSeen) {
    const what = '"first_seen" does not go with a correlation';
    notes.refuse(place('first_seen'), what, 'put it into the rules that it refers to');
  }
}

function summaryFor(type: CorrelationType, groupBy: readonly string[], timespan: string): string {
  const group = groupBy.map((field) => `{${field}}`).join(', ');
  const rest = `within ${timespan}${group === '' ? '' : ` (${group})`}; the last was {eventName} by {actor}`;
  switch (type) {
    case 'event_count':
      return `{count} events ${rest}`;
    case 'value_count':
      return `{count} different values ({values}) ${rest}`;
    case 'temporal':
    case 'temporal_ordered':
      return `{values} ${rest}`;
    default:
      return `${type.replace('value_', '')} of {count} ${rest}`;
  }
}
