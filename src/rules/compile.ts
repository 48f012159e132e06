import { type BlockKey, looksLikeBlock, readBlockKey } from './block.ts';
import { type Expression, namesIn, parseCondition } from './condition.ts';
import { replacementFor } from './correlation/replacement.ts';
import { fieldPath, memberPath } from './field.ts';
import { type Formula, joined } from './formula.ts';
import { compileItem, compileKeywords } from './item.ts';
import { warnOfMisspelling } from './known-fields.ts';
import type { Notes } from './notes.ts';
import type { Lists } from './placeholder.ts';
import type { Scope } from './scope.ts';
import { type MapNode, type Member, memberOf, type ScalarNode, type YamlNode } from './source.ts';

const MOST_SELECTIONS = 1_000;
const MOST_CONDITIONS = 100;
/** Beyond so many mistakes in conditions, the other conditions of a detection are not looked at. */
const MOST_MISTAKES = 10;

/**
 * A rule's `detection`, as a formula. `undefined` after a mistake, which is reported. `blocks`: the document is
 * written in `sigma-version: 3` (parse.ts), which has array blocks.
 */
export function compileDetection(
  detection: MapNode,
  lists: Lists,
  notes: Notes,
  blocks: boolean,
): Formula | undefined {
  const { beyond } = notes;
  if (!beyond) return detectionFormula(detection, { lists, notes, blocks, inMember: false });
  notes.refuse(detection.at, beyond.what, beyond.remedy);
  return undefined;
}

/** Named selections and their condition: of a rule, or of an array block. */
function detectionFormula(detection: MapNode, scope: Scope): Formula | undefined {
  const { notes } = scope;
  const before = notes.problems.length;
  const selections = new Map<string, Formula>();
  const names: string[] = [];
  for (const { key, keyAt, value } of detection.members) {
    if (key === 'condition') continue;
    if (key === 'timeframe') {
      const remedy = replacementFor(textAt(detection, 'condition') ?? '', textAt(detection, 'timeframe'));
      notes.refuse(keyAt, '"timeframe" is Sigma\'s old syntax', remedy);
      continue;
    }
    if (!/^[\w-]+$/.test(key)) {
      const remedy = 'use letters, digits, "_" and "-" only, so that the condition can name it';
      notes.refuse(keyAt, `"${key}" cannot be the name of a selection`, remedy);
      continue;
    }
    names.push(key);
    if (names.length === MOST_SELECTIONS + 1) {
      const remedy = `use at most ${MOST_SELECTIONS}; a list of values takes as many as you like`;
      notes.refuse(keyAt, 'the detection has too many selections', remedy);
    }
    if (names.length > MOST_SELECTIONS) break;
    const formula = compileSelection(value, scope);
    if (formula) selections.set(key, { kind: 'selection', name: key, of: formula });
  }
  if (names.length > MOST_SELECTIONS) return undefined;
  const expression = readCondition(detection, names, notes);
  if (!expression || notes.problems.length > before) return undefined;
  warnOfUnused(detection, expression, notes);
  return compileExpression(expression, selections);
}

function compileSelection(node: YamlNode, scope: Scope): Formula | undefined {
  const { notes } = scope;
  if (node.kind === 'map') return compileMap(node, scope);
  const parts = node.kind === 'list' ? node.items : [node];
  const keywords: ScalarNode[] = [];
  const formulas: (Formula | undefined)[] = [];
  for (const part of parts) {
    if (part.kind === 'map') formulas.push(compileMap(part, scope));
    else if (part.kind === 'scalar' && part.value !== null) keywords.push(part);
    else notes.refuse(part.at, 'a selection holds maps of fields, or keywords', 'write "field: value"');
  }
  if (parts.length === 0)
    notes.refuse(node.at, 'this selection is empty', 'write "field: value", or remove it');
  if (keywords.length > 0) formulas.push(compileKeywords(keywords, node.at, scope));
  const whole = formulas.filter((formula) => formula !== undefined);
  return whole.length === formulas.length && whole.length > 0 ? joined('or', whole) : undefined;
}

function compileMap(map: MapNode, scope: Scope): Formula | undefined {
  if (map.members.length === 0) {
    scope.notes.refuse(map.at, 'this selection is empty', 'write "field: value", or remove it');
    return undefined;
  }
  const items = map.members.map((member) => compileMember(member, scope));
  const whole = items.filter((item) => item !== undefined);
  return whole.length === items.length ? joined('and', whole) : undefined;
}

/** A line of a selection: an item, or an array block. */
function compileMember(member: Member, scope: Scope): Formula | undefined {
  const { key, keyAt, value } = member;
  const { notes } = scope;
  if (!scope.blocks) {
    if (!looksLikeBlock(key)) return compileItem(member, scope);
    const remedy = 'for an array block, add "sigma-version: 3" to the document';
    if (value.kind !== 'map') {
      notes.warn(keyAt, `the brackets of "${key}" are part of the field's name here`, remedy);
      return compileItem(member, scope);
    }
    notes.refuse(keyAt, `"${key}" is an array block, which Sigma 2 does not have`, remedy);
    return undefined;
  }
  const block = readBlockKey(key);
  if (!block) return compileItem(member, scope);
  if ('members' in block) return compileBlock(block, member, scope);
  notes.refuse(keyAt, block.what, block.remedy, block.offset);
  return undefined;
}

function compileBlock(key: BlockKey, { keyAt, value }: Member, scope: Scope): Formula | undefined {
  const { path: text, members } = key;
  if (value.kind !== 'map') {
    const remedy = `write "${text}[${members}]: {name: value}", or "{.: value}" for the member itself`;
    scope.notes.refuse(value.at, 'an array block holds a map', remedy);
    return undefined;
  }
  if (!scope.inMember) warnOfMisspelling(text, keyAt, scope.notes);
  const inner: Scope = { ...scope, inMember: true };
  const of = memberOf(value, 'condition') ? detectionFormula(value, inner) : compileMap(value, inner);
  const path = scope.inMember ? memberPath(text) : fieldPath(text);
  return of && { kind: 'block', path, members, of, says: `${text}[${members}]`, at: keyAt };
}

/** The condition, or the conditions of a list joined by or. */
function readCondition(detection: MapNode, names: readonly string[], notes: Notes): Expression | undefined {
  const condition = memberOf(detection, 'condition');
  if (!condition) {
    notes.refuse(detection.at, 'the detection has no condition', 'add "condition: selection"');
    return undefined;
  }
  const nodes = condition.value.kind === 'list' ? condition.value.items : [condition.value];
  if (nodes.length > MOST_CONDITIONS) {
    const remedy = `use at most ${MOST_CONDITIONS}, and patterns such as "1 of selection_*"`;
    notes.refuse(condition.value.at, `the rule has ${nodes.length} conditions`, remedy);
    return undefined;
  }
  if (nodes.length === 0) notes.refuse(condition.value.at, 'the condition is empty', 'name a selection');
  const timeframe = textAt(detection, 'timeframe');
  const before = notes.problems.length;
  const of: Expression[] = [];
  for (const node of nodes) {
    const expression = readExpression(node, names, timeframe, notes);
    if (expression) of.push(expression);
    else if (notes.beyond || notes.problems.length - before >= MOST_MISTAKES) break;
  }
  return of.length < nodes.length || of.length === 0 ? undefined : { kind: 'or', of };
}

function textAt(map: MapNode, key: string): string | undefined {
  const node = memberOf(map, key)?.value;
  return node?.kind === 'scalar' ? node.text : undefined;
}

function readExpression(
  node: YamlNode,
  names: readonly string[],
  timeframe: string | undefined,
  notes: Notes,
): Expression | undefined {
  if (node.kind !== 'scalar') {
    notes.refuse(node.at, 'a condition is text', 'write it as "selection and not filter"');
    return undefined;
  }
  const read = parseCondition(node.text, names, (count) => notes.spend('names', count));
  if ('expression' in read) return read.expression;
  for (const { offset, what, remedy } of [read.mistake, ...read.further]) {
    // What stands after a pipe is counting, which a document of its own does now.
    const instead = node.text.includes('|') ? replacementFor(node.text, timeframe) : remedy;
    notes.refuse(node.at, what, instead, offset);
  }
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
