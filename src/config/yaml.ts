import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from '../kernel/problem.ts';
import { type Path, sayKey, yamlMistake } from './words.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** One value of the file: what it is and where it stands. */
interface Spot {
  readonly path: Path;
  readonly value: unknown;
  /** As it is written, for a plain value: `012345678901`, where `value` is a number. */
  readonly source: string | undefined;
  readonly keyAt: number;
  readonly valueAt: number;
}

/** A YAML file as plain values, with the place of each. */
export interface YamlFile {
  readonly value: unknown;
  /** In the order of the file. */
  readonly spots: readonly Spot[];
  spot(path: Path): Spot | undefined;
  /** The key's or the value's place; where there is none, that of what it would stand in. */
  place(path: Path, part: 'key' | 'value'): Place;
  readonly problems: readonly Problem[];
}

const MAX_CHARACTERS = 1_000_000;
const MAX_DEPTH = 40;
const MAX_SPOTS = 100_000;
const MAX_ALIASES = 1000;

/**
 * Reads one YAML 1.2 document. Nothing is thrown: mistakes are in `problems`, and what could be read is there
 * all the same; `value` is `undefined` where nothing could.
 */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const problem = (offset: number, words: { what: string; remedy: string }): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), ...words };
  };
  if (text.length > MAX_CHARACTERS) {
    const words = { what: 'the file is larger than 1,000,000 characters', remedy: 'make it smaller' };
    return yamlFile(undefined, [], lines, [problem(0, words)]);
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = syntaxErrors(document).map(({ code, pos }) =>
    problem(pos[0], yamlMistake(code, text.slice(pos[0], pos[0] + 60))),
  );
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) {
    return yamlFile(undefined, [], lines, problems);
  }
  const reader = new Reader(document);
  const value = document.contents
    ? reader.read(document.contents, [], document.contents.range?.[0] ?? 0)
    : {};
  problems.push(...reader.mistakes.map(([offset, words]) => problem(offset, words)));
  return yamlFile(reader.full ? undefined : value, reader.spots, lines, problems);
}

/** All doubled keys, and the first of the other mistakes: those after it mostly follow from it. */
function syntaxErrors({ errors, warnings }: Document) {
  const doubled = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const others = errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  return [...doubled, ...others.slice(0, 1), ...warnings];
}

function yamlFile(
  value: unknown,
  spots: readonly Spot[],
  lines: LineCounter,
  problems: readonly Problem[],
): YamlFile {
  const byPath = new Map(spots.map((spot) => [JSON.stringify(spot.path), spot]));
  const spot = (path: Path) => byPath.get(JSON.stringify(path));
  const place = (path: Path, part: 'key' | 'value'): Place => {
    const found = spot(path);
    if (!found && path.length > 0) return place(path.slice(0, -1), 'key');
    const { line, col } = lines.linePos((part === 'key' ? found?.keyAt : found?.valueAt) ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  return { value, spots, spot, place, problems };
}

/** Turns nodes into plain values, within limits that an alias to itself or a pile of aliases cannot pass. */
class Reader {
  readonly spots: Spot[] = [];
  readonly mistakes: [number, { what: string; remedy: string }][] = [];
  readonly #document: Document;
  /** Whether a limit was reached, so that the rest was left out. */
  full = false;
  #aliases = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  /** `node` is `null` where nothing is written, as in `{key}`; `at` is the alias that led here, if any. */
  read(node: Node | null, path: Path, keyAt: number, at: Node | null = node): unknown {
    const valueAt = at?.range?.[0] ?? keyAt;
    if (this.#isTooMuch(path, valueAt)) return null;
    if (isAlias(node)) return this.#follow(node, path, keyAt);
    const source = isScalar(node) ? node.source : undefined;
    const index = this.spots.push({ path, value: null, source, keyAt, valueAt }) - 1;
    const value = this.#value(node, path, valueAt);
    this.spots[index] = { path, value, source, keyAt, valueAt };
    return value;
  }

  #value(node: Node | null, path: Path, at: number): unknown {
    if (isMap(node)) return this.#mapping(node.items, path, at);
    if (isScalar(node)) return node.value;
    if (!isSeq(node)) return null;
    return node.items.map((item, index) => {
      const child = item as Node | null;
      return this.read(child, [...path, index], child?.range?.[0] ?? at);
    });
  }

  #mapping(pairs: readonly { key: unknown; value: unknown }[], path: Path, mapAt: number): unknown {
    const object: { [key: string]: unknown } = {};
    for (const pair of pairs) {
      const key = pair.key as Node | null;
      const keyAt = key?.range?.[0] ?? mapAt;
      const name = this.#key(key, keyAt);
      if (name === undefined) continue;
      object[name] = this.read(pair.value as Node | null, [...path, name], keyAt);
    }
    return object;
  }

  /** The key as it is written, so that a number's leading zeros are still there for the problems after it. */
  #key(key: Node | null, at: number): string | undefined {
    if (!isScalar(key) || key.value === '__proto__') {
      this.#mistake(at, 'this cannot be a key', 'write a name and a colon');
      return undefined;
    }
    if (typeof key.value === 'string') return key.value;
    const name = key.source ?? '';
    this.#mistake(
      at,
      `the key ${sayKey(name)} is not in quotes, so YAML does not read it as text (a number loses the zeros before it)`,
      `write it in quotes: "${name.length > 40 ? '…' : name}"`,
    );
    return name;
  }

  #follow(
    alias: Node & { resolve(document: Document): Node | undefined },
    path: Path,
    keyAt: number,
  ): unknown {
    this.#aliases += 1;
    const at = alias.range?.[0] ?? keyAt;
    const target = this.#aliases > MAX_ALIASES ? undefined : alias.resolve(this.#document);
    if (target) return this.read(target, path, keyAt, alias);
    if (this.#aliases <= MAX_ALIASES) {
      this.#mistake(at, 'there is no anchor of this name before the alias', 'write the value itself');
    } else this.#tooMuch(at);
    return null;
  }

  #isTooMuch(path: Path, at: number): boolean {
    if (path.length > MAX_DEPTH || this.spots.length >= MAX_SPOTS) this.#tooMuch(at);
    return this.full;
  }

  #tooMuch(at: number): void {
    if (!this.full) {
      this.#mistake(
        at,
        'the file unfolds to too much: an alias inside its own anchor, too many aliases, or too deep nesting',
        'write the values out instead of aliases',
      );
    }
    this.full = true;
  }

  #mistake(at: number, what: string, remedy: string): void {
    this.mistakes.push([at, { what, remedy }]);
  }
}
