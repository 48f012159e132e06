import type { Problem } from '../kernel/problem.ts';
import { compileDetection } from './compile.ts';
import { Notes } from './notes.ts';
import { type Identity, identityOf, isForOtherLogs, kindOf, readRule } from './parse.ts';
import type { Lists } from './placeholder.ts';
import type { Level } from './rule.ts';
import { type CompiledRule, createRuleset, type Ruleset } from './ruleset.ts';
import { requiredMap } from './shape.ts';
import { type MapNode, type Place, type RuleFile, readSource, sayPlace } from './source.ts';

export type { RuleFile } from './source.ts';

export interface LoadOptions {
  /** Values for `%name%` placeholders. */
  readonly lists?: Lists;
  /** Ids or names of rules that are not to be loaded; their documents are not checked either. */
  readonly disabled?: readonly string[];
  /** Levels by id or name, in place of what the rule says. */
  readonly levels?: ReadonlyMap<string, Level>;
}

export interface Loaded {
  /** The rules that are right; whether to use them when others are not is the caller's choice. */
  readonly ruleset: Ruleset;
  readonly problems: Problem[];
  /** What probably was not meant, but keeps no rule from loading. */
  readonly warnings: Problem[];
  /** Ids and names of all rules, also of the disabled and the wrong ones. */
  readonly known: ReadonlySet<string>;
}

/** Reads and compiles rule files, and reports every mistake of all of them. Never throws. */
export function loadRules(files: readonly RuleFile[], options: LoadOptions = {}): Loaded {
  const loader = new Loader(options);
  for (const file of files) loader.file(file);
  return {
    ruleset: createRuleset(loader.compiled, loader.skipped),
    problems: loader.notes.problems,
    warnings: loader.notes.warnings,
    known: loader.known,
  };
}

class Loader {
  readonly notes = new Notes();
  readonly compiled: CompiledRule[] = [];
  readonly known = new Set<string>();
  skipped = 0;
  readonly #lists: Lists;
  readonly #disabled: ReadonlySet<string>;
  readonly #levels: ReadonlyMap<string, Level>;
  /** Where each id and name stands first. */
  readonly #ids = new Map<string, Place>();
  readonly #names = new Map<string, Place>();

  constructor(options: LoadOptions) {
    this.#lists = options.lists ?? new Map();
    this.#disabled = new Set(options.disabled);
    this.#levels = options.levels ?? new Map();
  }

  file(file: RuleFile): void {
    const { documents, problems } = readSource(file);
    const notes = new Notes();
    notes.add({ problems, warnings: [] });
    for (const document of documents) {
      if (document.kind === 'map') this.#document(document, file.path, notes);
      else notes.refuse(document.at, 'this document is no map', 'write "title:", "logsource:", "detection:"');
    }
    this.notes.add({ problems: notes.problems.sort(byPlace), warnings: notes.warnings.sort(byPlace) });
  }

  /** Every id and name that the configuration uses must be there. */
  #document(document: MapNode, path: string, notes: Notes): void {
    if (isForOtherLogs(document)) {
      this.skipped += 1;
      return;
    }
    const before = notes.problems.length;
    const kind = kindOf(document);
    const identity = this.#register(identityOf(document, path), document.at, notes);
    if (this.#disabled.has(identity.id) || this.#disabled.has(identity.name)) return;
    if (kind === 'rule') {
      const rule = this.#rule(document, identity, notes);
      if (rule && notes.problems.length === before) this.compiled.push(rule);
    } else {
      const what = `this version does not evaluate ${kind} documents`;
      notes.refuse(document.at, what, 'remove the document, or disable it by its id in the configuration');
    }
  }

  #rule(document: MapNode, identity: Identity, notes: Notes): CompiledRule | undefined {
    const read = readRule(document, identity, notes);
    requiredMap(document, 'logsource', 'add "product: aws" and "service: cloudtrail" to it', notes);
    const remedy = 'add a selection and a condition to it';
    const detection = requiredMap(document, 'detection', remedy, notes);
    const formula = detection && compileDetection(detection, this.#lists, notes);
    if (!formula) return undefined;
    const level = this.#levels.get(identity.id) ?? this.#levels.get(identity.name) ?? read.level;
    return { rule: { ...read, level }, formula };
  }

  /** Reports an id or name that was there before; a name made from the file's gives way to the id. */
  #register(identity: Identity, at: Place, notes: Notes): Identity {
    const { id } = identity;
    const sameId = this.#ids.get(id.toLowerCase());
    if (sameId) {
      const remedy = identity.ownId ? 'give one of them a new id' : 'give each rule an "id:" of its own';
      notes.refuse(at, `the id "${id}" is also that of ${sayPlace(sameId)}`, remedy);
    } else this.#ids.set(id.toLowerCase(), at);
    this.known.add(id);

    const sameName = this.#names.get(identity.name);
    if (sameName && identity.ownName) {
      const what = `the name "${identity.name}" is also that of ${sayPlace(sameName)}`;
      notes.refuse(at, what, 'give one of them a new name');
    }
    const name = sameName && !identity.ownName ? id : identity.name;
    if (!this.#names.has(name)) this.#names.set(name, at);
    this.known.add(name);
    return { ...identity, name };
  }
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}
