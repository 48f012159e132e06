import { BlockList, isIP } from 'node:net';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { conditionHolds } from './condition.ts';
import { encodings, isEncoded, timePart, windashes } from './encode.ts';
import { isThere, membersAt, textsOf, valuesAt } from './field.ts';
import { isWhole, literally, type Piece, piecesOf, smallText } from './glob.ts';
import { isList, isMapping, type Mapping, NULL, readDocuments, type Scalar, type Tree } from './read.ts';

/** A rule as it stands in its file; nothing is prepared. */
export interface NaiveRule {
  readonly detection: Mapping;
  /** Array blocks are only blocks in documents that say so. */
  readonly blocks: boolean;
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

type Place = Omit<NaiveRule, 'detection'>;

/** The rules of a text, in their order. */
export function readNaiveRules(text: string, lists: NaiveRule['lists'] = new Map()): NaiveRule[] {
  return readDocuments(text).map((document) => {
    const detection = document.get('detection');
    if (!isMapping(detection)) throw new Error('a rule has a detection');
    const version = document.get('sigma-version');
    const blocks = version !== undefined && 'written' in version && version.written.startsWith('3');
    return { detection, blocks, lists };
  });
}

/** Whether the rule is true for a record, by walking through its text once more. */
export function naiveHolds(rule: NaiveRule, body: JsonObject): boolean {
  return detectionHolds(rule.detection, body, rule);
}

function detectionHolds(detection: Mapping, record: Json, place: Place): boolean {
  const names = Array.from(detection.keys()).filter((name) => name !== 'condition');
  return listOf(detection.get('condition')).some((condition) =>
    conditionHolds(scalar(condition).written, names, (name) =>
      selectionHolds(detection.get(name), record, place),
    ),
  );
}

function selectionHolds(selection: Tree | undefined, record: Json, place: Place): boolean {
  return listOf(selection).some((part) =>
    isMapping(part) ? mapHolds(part, record, place) : itemHolds('', part, record, place),
  );
}

function mapHolds(map: Mapping, record: Json, place: Place): boolean {
  return Array.from(map).every(([key, value]) => {
    const block = place.blocks ? /^(.+)\[(any|all|all_or_empty|none|-?\d+)\]$/.exec(key) : null;
    if (!block || !isMapping(value)) return itemHolds(key, value, record, place);
    const [, path = '', which = ''] = block;
    return blockHolds(path, which, value, record, place);
  });
}

function blockHolds(path: string, which: string, inner: Mapping, record: Json, place: Place): boolean {
  const members = membersAt(record, path);
  const fulfils = (member: Json) =>
    inner.has('condition') ? detectionHolds(inner, member, place) : mapHolds(inner, member, place);
  if (which === 'any') return members.some(fulfils);
  if (which === 'none') return !members.some(fulfils);
  if (which === 'all') return members.length > 0 && members.every(fulfils);
  if (which === 'all_or_empty') return members.every(fulfils);
  const member = members.at(Number(which));
  return member !== undefined && fulfils(member);
}

/** `field|modifier: values`, or keywords where there is no field. */
function itemHolds(key: string, tree: Tree, record: Json, place: Place): boolean {
  const [field = '', ...modifiers] = key.split('|');
  const written = listOf(tree).map(scalar);
  const wanted = written.length === 0 ? [NULL] : written;
  const answers = wanted.flatMap((value) => {
    if (!modifiers.includes('expand')) return [valueHolds(value, field, modifiers, record)];
    const texts = expansions(value.written, place.lists);
    // A list without values fits nothing, also where all values must fit.
    return texts.length === 0
      ? [false]
      : texts.map((text) => valueHolds(quoted(text), field, modifiers, record));
  });
  const holds = modifiers.includes('all') ? answers.every(Boolean) : answers.some(Boolean);
  return modifiers.includes('neq') ? !holds : holds;
}

/** Whether some value of the field is what one value of the rule asks for. */
function valueHolds(wanted: Scalar, field: string, modifiers: readonly string[], record: Json): boolean {
  if (field === '') {
    // Keywords stand anywhere in a text, unless a modifier says where.
    const shaped = modifiers.some((name) => ['contains', 'startswith', 'endswith', 're'].includes(name));
    return textsOf(record).some(fitting(wanted, shaped ? modifiers : [...modifiers, 'contains']));
  }
  if (modifiers.includes('exists')) return isThere(record, field) === yesOrNo(wanted);
  const values = valuesAt(record, field);
  if (modifiers.includes('fieldref')) {
    const others = valuesAt(record, wanted.written).filter((other) => other !== null);
    const pieces = others.map((other) =>
      literally(typeof other === 'string' ? other : JSON.stringify(other)),
    );
    return values.flatMap(textsOf).some((text) => pieces.some((one) => globFits(text, one, modifiers)));
  }
  if (wanted.value === null) return !isThere(record, field) || values.includes(null);
  return values.flatMap(textsOf).some(fitting(wanted, modifiers));
}

/** Whether a text of the record is what one value of the rule asks for. */
function fitting(wanted: Scalar, modifiers: readonly string[]): (text: string) => boolean {
  const has = (name: string) => modifiers.includes(name);
  if (has('re')) {
    const regex = new RegExp(wanted.written, `u${['i', 'm', 's'].filter(has).join('')}`);
    return (text) => regex.test(text);
  }
  if (has('cidr')) return (text) => isInNetwork(text, wanted.written);
  const part = ['minute', 'hour', 'day', 'week', 'month', 'year'].find(has);
  const comparison = ['lt', 'lte', 'gt', 'gte'].find(has);
  const limit = Number(wanted.value);
  if (part) return (text) => compares(timePart(text, part), comparison ?? 'eq', limit);
  if (comparison) return (text) => compares(numberIn(text), comparison, limit);
  const whole = !modifiers.some((name) => REWRITES.includes(name));
  if (whole && typeof wanted.value === 'number') return (text) => compares(numberIn(text), 'eq', limit);
  const boolean = whole ? yesOrNo(wanted) : undefined;
  const spellings = windashed(wanted.written, modifiers).flatMap((value) => spelled(value, modifiers));
  return (text) =>
    (boolean !== undefined && isSame(text, String(boolean), has('cased'))) ||
    spellings.some((pieces) => globFits(text, pieces, modifiers));
}

/** Modifiers with which a value is no longer a number or a boolean. */
const REWRITES = ['contains', 'startswith', 'endswith', 'expand', 'windash', 'base64', 'base64offset'];

function windashed(text: string, modifiers: readonly string[]): string[] {
  return modifiers.includes('windash') ? windashes(text) : [text];
}

function spelled(text: string, modifiers: readonly string[]): Piece[][] {
  const pieces = piecesOf(text);
  if (!isEncoded(modifiers)) return [pieces];
  const plain = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.char)).join('');
  return encodings(plain, modifiers).map(literally);
}

function globFits(text: string, pieces: readonly Piece[], modifiers: readonly string[]): boolean {
  const contains = modifiers.includes('contains');
  const before: Piece[] = contains || modifiers.includes('endswith') ? ['*'] : [];
  const after: Piece[] = contains || modifiers.includes('startswith') ? ['*'] : [];
  return isWhole([...before, ...pieces, ...after], text, modifiers.includes('cased'));
}

function isSame(text: string, other: string, cased: boolean): boolean {
  return cased ? text === other : smallText(text) === smallText(other);
}

function numberIn(text: string): number {
  return /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function compares(number: number, comparison: string, limit: number): boolean {
  if (comparison === 'eq') return number === limit;
  if (comparison === 'lt') return number < limit;
  if (comparison === 'lte') return number <= limit;
  return comparison === 'gt' ? number > limit : number >= limit;
}

function isInNetwork(text: string, network: string): boolean {
  const [address = '', length] = network.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  const own = isIP(text);
  if (own === 0 || text.includes('%') || (own === 4 && family === 'ipv6')) return false;
  const list = new BlockList();
  if (length === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(length), family);
  return list.check(text, own === 4 ? 'ipv4' : 'ipv6');
}

/** What YAML 1.1 takes for true or false where it stands without quotes. */
function yesOrNo({ written, quoted }: Scalar): boolean | undefined {
  if (quoted) return undefined;
  if (/^(yes|on|true)$/i.test(written)) return true;
  return /^(no|off|false)$/i.test(written) ? false : undefined;
}

/** The texts that `%name%` in a value stands for. */
function expansions(text: string, lists: NaiveRule['lists']): string[] {
  const found = /%(\w+)%/.exec(text);
  if (!found) return [text];
  const values = lists.get(found[1] ?? '');
  if (!values) throw new Error(`there is no list "${found[1]}"`);
  const rests = expansions(text.slice(found.index + found[0].length), lists);
  return values.flatMap((value) => rests.map((rest) => text.slice(0, found.index) + value + rest));
}

function quoted(text: string): Scalar {
  return { written: text, quoted: true, value: text };
}

function listOf(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) throw new Error('something is missing');
  return isList(tree) ? tree : [tree];
}

function scalar(tree: Tree): Scalar {
  if (isList(tree) || isMapping(tree)) throw new Error('one value is wanted here');
  return tree as Scalar;
}
