import { type Expression, namesIn, parseCondition } from './condition.ts';
import { type Formula, joined } from './formula.ts';
import { compileItem, compileKeywords } from './item.ts';
import type { Notes } from './notes.ts';
import type { Lists } from './placeholder.ts';
import { type MapNode, type Member, memberOf, type ScalarNode, type YamlNode } from './source.ts';

const OLD_SYNTAX_REMEDY = 'move the time span into a correlation document';

/** A rule's `detection`, as a formula. `undefined` after a mistake, which is reported. */
export function compileDetection(detection: MapNode, lists: Lists, notes: Notes): Formula | undefined {
  const before = notes.problems.length;
  const selections = new Map<string, Formula>();
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
    const formula = compileSelection(value, lists, notes);
    if (formula) selections.set(key, { kind: 'selection', name: key, of: formula });
  }
  const expression = readCondition(detection, names, notes);
  if (!expression || notes.problems.length > before) return undefined;
  warnOfUnused(detection, expression, notes);
  return compileExpression(expression, selections);
}

function compileSelection(node: YamlNode, lists: Lists, notes: Notes): Formula | undefined {
  if (node.kind === 'map') return compileMap(node, lists, notes);
  const parts = node.kind === 'list' ? node.items : [node];
  const keywords: ScalarNode[] = [];
  const formulas: (Formula | undefined)[] = [];
  for (const part of parts) {
    if (part.kind === 'map') formulas.push(compileMap(part, lists, notes));
    else if (part.kind === 'scalar' && part.value !== null) keywords.push(part);
    else notes.refuse(part.at, 'a selection holds maps of fields, or keywords', 'write "field: value"');
  }
  if (parts.length === 0)
    notes.refuse(node.at, 'this selection is empty', 'write "field: value", or remove it');
  if (keywords.length > 0) formulas.push(compileKeywords(keywords, node.at, lists, notes));
  const whole = formulas.filter((formula) => formula !== undefined);
  return whole.length === formulas.length && whole.length > 0 ? joined('or', whole) : undefined;
}

function compileMap(map: MapNode, lists: Lists, notes: Notes): Formula | undefined {
  if (map.members.length === 0) {
    notes.refuse(map.at, 'this selection is empty', 'write "field: value", or remove it');
    return undefined;
  }
  const items = map.members.map((member) => compileItem(member, lists, notes));
  const whole = items.filter((item) => item !== undefined);
  return whole.length === items.length ? joined('and', whole) : undefined;
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

function compileExpression(expression: Expression, selections: ReadonlyMap<string, Formula>): Formula {
  switch (expression.kind) {
    case 'name':
      // Names were checked when the condition was read; an unknown one could only be false.
      return selections.get(expression.name) ?? { kind: 'or', of: [] };
    case 'not':
      return { kind: 'not', of: compileExpression(expression.of, selections) };
    default:
      return joined(
        expression.kind,
        expression.of.map((part) => compileExpression(part, selections)),
      );
  }
}
