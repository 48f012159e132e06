import { type Clause, conjunction, disjunction, negation } from './clause.ts';
import { type Expression, namesIn, parseCondition } from './condition.ts';
import { compileItem, compileKeywords } from './item.ts';
import { PLAIN } from './modifiers.ts';
import type { Notes } from './notes.ts';
import type { Lists } from './placeholder.ts';
import { type MapNode, type Member, memberOf, type ScalarNode, type YamlNode } from './source.ts';

const OLD_SYNTAX_REMEDY = 'move the time span into a correlation document';

/** A rule's `detection`, compiled once to closures. `undefined` after a mistake, which is reported. */
export function compileDetection(detection: MapNode, lists: Lists, notes: Notes): Clause | undefined {
  const before = notes.problems.length;
  const selections = new Map<string, Clause>();
  const names: string[] = [];
  for (const { key, keyAt, value } of detection.members) {
    if (key === 'condition') continue;
    if (key === 'timeframe') {
      notes.refuse(keyAt, '"timeframe" is Sigma\'s old syntax', OLD_SYNTAX_REMEDY);
      continue;
    }
    if (!/^[\w-]+$/.test(key)) {
      const remedy = 'use letters, digits, "_" and "-" only, so that the condition can name it';
      notes.refuse(keyAt, `"${key}" cannot be the name of a selection`, remedy);
      continue;
    }
    names.push(key);
    const clause = compileSelection(value, lists, notes);
    if (clause) selections.set(key, clause);
  }
  const expression = readCondition(detection, names, notes);
  if (!expression || notes.problems.length > before) return undefined;
  warnOfUnused(detection, expression, notes);
  return compileExpression(expression, selections);
}

function compileSelection(node: YamlNode, lists: Lists, notes: Notes): Clause | undefined {
  if (node.kind === 'map') return compileMap(node, lists, notes);
  const parts = node.kind === 'list' ? node.items : [node];
  const keywords: ScalarNode[] = [];
  const clauses: (Clause | undefined)[] = [];
  for (const part of parts) {
    if (part.kind === 'map') clauses.push(compileMap(part, lists, notes));
    else if (part.kind === 'scalar' && part.value !== null) keywords.push(part);
    else notes.refuse(part.at, 'a selection holds maps of fields, or keywords', 'write "field: value"');
  }
  if (parts.length === 0)
    notes.refuse(node.at, 'this selection is empty', 'write "field: value", or remove it');
  if (keywords.length > 0) clauses.push(compileKeywords(keywords, PLAIN, node.at, lists, notes));
  const whole = clauses.filter((clause) => clause !== undefined);
  return whole.length === clauses.length && whole.length > 0 ? disjunction(whole) : undefined;
}

function compileMap(map: MapNode, lists: Lists, notes: Notes): Clause | undefined {
  if (map.members.length === 0) {
    notes.refuse(map.at, 'this selection is empty', 'write "field: value", or remove it');
    return undefined;
  }
  const items = map.members.map((member) => compileItem(member, lists, notes));
  const whole = items.filter((item) => item !== undefined);
  return whole.length === items.length ? conjunction(whole) : undefined;
}

/** The condition, or the conditions of a list joined by or. */
function readCondition(detection: MapNode, names: readonly string[], notes: Notes): Expression | undefined {
  const condition = memberOf(detection, 'condition');
  if (!condition) {
    notes.refuse(detection.at, 'the detection has no condition', 'add "condition: selection"');
    return undefined;
  }
  const nodes = condition.value.kind === 'list' ? condition.value.items : [condition.value];
  const of = nodes.map((node) => readExpression(node, names, notes));
  const whole = of.filter((expression) => expression !== undefined);
  if (nodes.length === 0) notes.refuse(condition.value.at, 'the condition is empty', 'name a selection');
  if (whole.length < of.length || whole.length === 0) return undefined;
  return { kind: 'or', of: whole };
}

function readExpression(node: YamlNode, names: readonly string[], notes: Notes): Expression | undefined {
  if (node.kind !== 'scalar') {
    notes.refuse(node.at, 'a condition is text', 'write it as "selection and not filter"');
    return undefined;
  }
  const read = parseCondition(node.text, names);
  if ('expression' in read) return read.expression;
  const { offset, what, remedy } = read.mistake;
  notes.refuse(node.at, what, remedy, offset);
  return undefined;
}

function warnOfUnused(detection: MapNode, expression: Expression, notes: Notes): void {
  const used = new Set(namesIn(expression));
  const unused = ({ key }: Member) => key !== 'condition' && !key.startsWith('_') && !used.has(key);
  for (const { key, keyAt } of detection.members.filter(unused)) {
    notes.warn(keyAt, `the condition does not use "${key}"`, 'use it or remove it');
  }
}

function compileExpression(expression: Expression, selections: ReadonlyMap<string, Clause>): Clause {
  switch (expression.kind) {
    case 'name':
      // Names were checked when the condition was read; an unknown one could only be false.
      return selections.get(expression.name) ?? disjunction([]);
    case 'not':
      return negation(compileExpression(expression.of, selections));
    case 'and':
      return conjunction(expression.of.map((part) => compileExpression(part, selections)));
    case 'or':
      return disjunction(expression.of.map((part) => compileExpression(part, selections)));
  }
}
