import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type LineCounter,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { Problem } from '../kernel/problem.ts';
import { MAX_DEPTH, type RuleFile, readDocuments } from './yaml-documents.ts';

/** Where something stands in a file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Columns from `column` to the text itself (a quote has one); `undefined` when the text is not on one line. */
  readonly inset: number | undefined;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: Place;
  readonly value: null | boolean | number | string;
  /** As written, without quotes: `012` for the number 12. */
  readonly text: string;
  readonly quoted: boolean;
}

interface ListNode {
  readonly kind: 'list';
  readonly at: Place;
  readonly items: readonly YamlNode[];
}

export interface Member {
  readonly key: string;
  readonly keyAt: Place;
  readonly value: YamlNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly at: Place;
  readonly members: readonly Member[];
}

/** YAML in which every value knows its place; aliases are resolved. */
export type YamlNode = ScalarNode | ListNode | MapNode;

const MAX_ALIASES = 100;
const MOST_ALIASED_VALUES = 100_000;
const LONGEST_MESSAGE = 600;

/** A problem at a place, `offset` characters into the text that stands there. */
export function problemAt(at: Place, what: string, remedy: string, offset = 0): Problem {
  const column = at.inset === undefined || offset === 0 ? at.column : at.column + at.inset + offset;
  return { file: at.file, line: at.line, column, what: shortened(what), remedy: shortened(remedy) };
}

/** Values of any length stand in messages, which must still say at their end what is wrong with them. */
function shortened(text: string): string {
  if (text.length <= LONGEST_MESSAGE) return text;
  const half = LONGEST_MESSAGE / 2;
  return `${text.slice(0, half)}…${text.slice(-half)}`.toWellFormed();
}

/** `file:line:column`. */
export function sayPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

export function memberOf(map: MapNode, key: string): Member | undefined {
  return map.members.find((member) => member.key === key);
}

function jsonOf(node: YamlNode): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(jsonOf);
    case 'map':
      return jsonObjectOf(node);
  }
}

/** The map as plain JSON. */
export function jsonObjectOf(map: MapNode): JsonObject {
  return Object.fromEntries(map.members.map(({ key, value }) => [key, jsonOf(value)]));
}

/** What stands in a file. */
export interface Source {
  readonly documents: readonly YamlNode[];
  readonly problems: readonly Problem[];
}

/**
 * The documents of a file that are whole; a document with a mistake in its YAML is left out and its
 * problems are reported. Never throws.
 */
export function readSource(file: RuleFile): Source {
  const problems: Problem[] = [];
  const documents: YamlNode[] = [];
  const refused = readDocuments(file, (document, lines) => {
    const reader = new TreeReader(file.path, document, lines);
    const tree = reader.read();
    for (const problem of reader.problems) problems.push(problem);
    const empty = tree?.kind === 'scalar' && tree.value === null;
    if (tree && !empty && reader.problems.length === 0) documents.push(tree);
  });
  return refused ? { documents: [], problems: [refused] } : { documents, problems };
}

/** Turns the parser's nodes of one document into ours. */
class TreeReader {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  #aliases = 0;
  /** Values read again because an alias stands for them. */
  #aliasedValues = 0;
  /** The alias that is being followed, the outermost of several. */
  #followed: Place | undefined;
  #tooDeep = false;

  constructor(file: string, document: Document.Parsed, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  read(): YamlNode | undefined {
    // One slip often makes the parser stumble again and again; the first place is the one to look at.
    const [error] = this.#document.errors;
    if (error) {
      this.#refuse(this.#place(error.pos[0]), `this is not YAML (${error.message})`, 'correct it');
    }
    if (this.problems.length > 0 || this.#document.contents === null) return undefined;
    return this.#node(this.#document.contents, 0);
  }

  #place(offset: number, inset?: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line, column: col, inset };
  }

  #refuse(at: Place, what: string, remedy: string): void {
    this.problems.push(problemAt(at, what, remedy));
  }

  #node(node: unknown, depth: number, fallback = 0): YamlNode {
    const start = isNode(node) ? (node.range?.[0] ?? fallback) : fallback;
    const at = this.#place(start);
    if (this.#followed && !this.#spend(this.#followed)) {
      return { kind: 'scalar', at, value: null, text: '', quoted: false };
    }
    if (depth >= MAX_DEPTH && isNode(node) && !isScalar(node)) {
      if (!this.#tooDeep) {
        this.#refuse(at, 'the YAML is nested too deeply', `nest at most ${MAX_DEPTH} levels`);
      }
      this.#tooDeep = true;
    } else if (isAlias(node)) {
      return this.#alias(node, at, depth);
    } else if (isScalar(node)) {
      return this.#scalar(node, start);
    } else if (isSeq(node)) {
      return { kind: 'list', at, items: node.items.map((item) => this.#node(item, depth + 1, start)) };
    } else if (isMap(node)) {
      return { kind: 'map', at, members: this.#members(node, depth, start) };
    }
    return { kind: 'scalar', at, value: null, text: '', quoted: false };
  }

  #alias(alias: Alias, at: Place, depth: number): YamlNode {
    this.#aliases += 1;
    const target = this.#aliases > MAX_ALIASES ? undefined : alias.resolve(this.#document);
    if (target) {
      const before = this.#followed;
      this.#followed ??= at;
      const node = this.#node(target, depth + 1);
      this.#followed = before;
      return node;
    }
    if (this.#aliases <= MAX_ALIASES) {
      this.#refuse(
        at,
        `"*${alias.source}" stands for nothing`,
        `put "&${alias.source}" before a value above`,
      );
    } else if (this.#aliases === MAX_ALIASES + 1) {
      this.#refuse(
        this.#followed ?? at,
        'the document has too many YAML aliases',
        `use at most ${MAX_ALIASES}`,
      );
    }
    return { kind: 'scalar', at, value: null, text: '', quoted: false };
  }

  /** Whether aliases may stand for one more value. */
  #spend(at: Place): boolean {
    this.#aliasedValues += 1;
    if (this.#aliasedValues === MOST_ALIASED_VALUES + 1) {
      const remedy = 'write the values once, or use a list of the configuration';
      this.#refuse(at, `the YAML aliases stand for more than ${MOST_ALIASED_VALUES} values`, remedy);
    }
    return this.#aliasedValues <= MOST_ALIASED_VALUES;
  }

  #scalar(scalar: Scalar, start: number): ScalarNode {
    const quoted = scalar.type !== undefined && scalar.type !== 'PLAIN';
    const text = scalar.source ?? (scalar.value === null ? '' : String(scalar.value));
    const quotes = quoted ? 2 : 0;
    const inline = scalar.range && scalar.range[1] - start === text.length + quotes && !text.includes('\n');
    const at = this.#place(start, inline ? quotes / 2 : undefined);
    return { kind: 'scalar', at, value: plainValue(scalar.value, text), text, quoted };
  }

  #members(map: YAMLMap, depth: number, start: number): Member[] {
    const members: Member[] = [];
    const places = new Map<string, Place>();
    for (const pair of map.items) {
      const keyNode = this.#node(pair.key, depth + 1, start);
      const keyAt = keyNode.at;
      const key = keyNode.kind === 'scalar' && keyNode.value !== null ? keyNode.text : undefined;
      const before = key === undefined ? undefined : places.get(key);
      const afterKey = isNode(pair.key) ? pair.key.range?.[1] : undefined;
      const value = this.#node(pair.value, depth + 1, afterKey ?? start);
      if (key === undefined) {
        this.#refuse(keyAt, 'this key is not text', 'write a name before the colon');
      } else if (key === '<<') {
        this.#refuse(keyAt, 'merge keys ("<<") are not supported', 'write the merged keys out');
      } else if (before) {
        const what = `the key "${key}" stands twice, first at ${before.line}:${before.column}`;
        this.#refuse(keyAt, what, 'remove one, or join their values in one list');
      } else {
        places.set(key, keyAt);
        members.push({ key, keyAt, value });
      }
    }
    return members;
  }
}

/** Dates, binary and numbers that JSON cannot carry exactly (long ids, infinity) stay the text they are. */
function plainValue(value: unknown, text: string): null | boolean | number | string {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
  }
  return text;
}
