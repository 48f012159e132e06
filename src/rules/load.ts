import type { Problem } from '../kernel/problem.ts';
import { compileDetection } from './compile.ts';
import { foreignAmong } from './correlation/foreign.ts';
import { readCorrelation, type WrittenCorrelation } from './correlation/read.ts';
import { checkReferences, resolveCorrelations } from './correlation/resolve.ts';
import { checkFiltered, type Filter, filtered, MOST_FOR_ANY, readFilter, rulesOfFilter } from './filter.ts';
import { sourceOf } from './kept-source.ts';
import { Names, type Standing } from './names.ts';
import { warnOfNearLogs } from './near-logs.ts';
import { firstOfFile, Notes } from './notes.ts';
import { hasArrayBlocks, type Identity, identityOf, isForOtherLogs, kindOf, readRule } from './parse.ts';
import type { Lists } from './placeholder.ts';
import type { Level, Rule } from './rule.ts';
import { type CompiledRule, createRuleset, type FilterTests, type Ruleset } from './ruleset.ts';
import { requiredMap } from './shape.ts';
import type { MapNode } from './source.ts';
import type { RuleFile } from './yaml-documents.ts';

export type { RuleFile } from './yaml-documents.ts';

export interface LoadOptions {
  /** Values for `%name%` placeholders. */
  readonly lists?: Lists;
  /** Ids or names of rules that are not to be loaded; their documents are not checked either. */
  readonly disabled?: readonly string[];
  /** Levels by id or name, in place of what the rule says. */
  readonly levels?: ReadonlyMap<string, Level>;
  /** How many people have to acknowledge, by id or name, in place of what the rule says. */
  readonly needs?: ReadonlyMap<string, number>;
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
  return new Loader(options).load(files);
}

/** A document of a file, which collects what is wrong in all of its documents. */
interface Noted<Thing> {
  readonly of: Thing;
  readonly notes: Notes;
}

class Loader {
  readonly #names = new Names();
  readonly #compiled: CompiledRule[] = [];
  readonly #filters: Filter[] = [];
  readonly #correlations: { written: WrittenCorrelation; notes: Notes }[] = [];
  /** Read when all rules are known: those about rules for other logs are none of our business. */
  readonly #waiting: (Noted<MapNode> & { readonly identity: Identity })[] = [];
  /** What can be checked when all names are known. */
  readonly #checks: (() => void)[] = [];
  #skipped = 0;
  #forAny = 0;
  readonly #lists: Lists;
  readonly #disabled: ReadonlySet<string>;
  readonly #levels: ReadonlyMap<string, Level>;
  readonly #needs: ReadonlyMap<string, number>;

  constructor(options: LoadOptions) {
    this.#lists = options.lists ?? new Map();
    this.#disabled = new Set(options.disabled);
    this.#levels = options.levels ?? new Map();
    this.#needs = options.needs ?? new Map();
  }

  load(files: readonly RuleFile[]): Loaded {
    const notes = files.map((file) => this.#file(file));
    this.#readCorrelations();
    for (const check of this.#checks) check();
    const correlations = resolveCorrelations(this.#correlations, this.#names);
    const compiled = this.#filtered();
    const taken = this.#takenOver();
    const own = <One extends { readonly rule: Rule }>(one: One): One => ({
      ...one,
      rule: { ...one.rule, correlated: taken.has(one.rule.id) },
    });
    const all = new Notes();
    for (const { problems, warnings } of notes) {
      all.add({ problems: firstOfFile(problems, 'problem'), warnings: firstOfFile(warnings, 'warning') });
    }
    return {
      ruleset: {
        ...createRuleset(compiled.map(own), this.#skipped, correlations.map(own)),
        filterTests: this.#filterTests(),
      },
      problems: all.problems,
      warnings: all.warnings,
      known: this.#names.known,
    };
  }

  #file(file: RuleFile): Notes {
    const { documents, problems } = sourceOf(file);
    const notes = new Notes();
    notes.add({ problems, warnings: [] });
    for (const document of documents) {
      if (document.kind === 'map') this.#document(document, file.path, notes);
      else notes.refuse(document.at, 'this document is no map', 'write "title:", "logsource:", "detection:"');
    }
    return notes;
  }

  #document(document: MapNode, path: string, notes: Notes): void {
    const written = identityOf(document, path);
    if (isForOtherLogs(document)) {
      this.#skipped += 1;
      this.#names.stand(written, 'foreign');
      if (!this.#isDisabled(written)) warnOfNearLogs(document, notes);
      return;
    }
    const kind = kindOf(document);
    if (kind === 'correlation') this.#waiting.push({ of: document, identity: written, notes });
    else if (kind === 'filter') this.#filter(document, written, notes);
    else this.#rule(document, written, notes);
  }

  #rule(document: MapNode, written: Identity, notes: Notes): void {
    this.#admit(document, written, notes, 'rule', (identity) => {
      const rule = this.#configured(readRule(document, identity, notes));
      requiredMap(document, 'logsource', 'add "product: aws" and "service: cloudtrail" to it', notes);
      const remedy = 'add a selection and a condition to it';
      const detection = requiredMap(document, 'detection', remedy, notes);
      const formula = detection && compileDetection(detection, this.#lists, notes, hasArrayBlocks(document));
      return () => formula && this.#compiled.push({ rule, formula });
    });
  }

  #filter(document: MapNode, written: Identity, notes: Notes): void {
    this.#admit(document, written, notes, 'filter', (identity) => {
      const read = readFilter(document, identity, this.#lists, notes);
      this.#checks.push(() => checkFiltered(read, this.#names, notes));
      if (read.rules === 'any') this.#forAny += 1;
      if (read.rules === 'any' && this.#forAny > MOST_FOR_ANY) {
        const what = `more than ${MOST_FOR_ANY} filters are for any rule`;
        notes.refuse(document.at, what, 'join some of them, or name the rules');
      }
      return () => read.filter && this.#filters.push(read.filter);
    });
  }

  #readCorrelations(): void {
    const foreign = foreignAmong(this.#waiting, this.#names);
    this.#skipped += foreign.size;
    for (const { of: document, identity: written, notes } of this.#waiting.filter(
      (one) => !foreign.has(one),
    )) {
      this.#admit(document, written, notes, 'correlation', (identity) => {
        const read = readCorrelation(document, identity, notes);
        this.#checks.push(() => checkReferences(read, this.#names, notes));
        const { written: correlation } = read;
        if (!correlation) return () => undefined;
        const levelled = { ...correlation, rule: this.#configured(correlation.rule) };
        return () => this.#correlations.push({ written: levelled, notes });
      });
    }
  }

  /** Registers a document and lets it be read, unless it is disabled; it is kept if it has no mistake. */
  #admit(
    document: MapNode,
    written: Identity,
    notes: Notes,
    kind: Standing,
    read: (identity: Identity) => () => unknown,
  ): void {
    const before = notes.problems.length;
    const identity = this.#names.register(written, document.at, notes);
    if (this.#isDisabled(identity)) {
      this.#names.stand(identity, 'disabled');
      return;
    }
    const keep = read(identity);
    const isRight = notes.problems.length === before;
    this.#names.stand(identity, isRight ? kind : 'wrong');
    if (isRight) keep();
  }

  #isDisabled({ id, name }: Identity): boolean {
    return this.#disabled.has(id) || this.#disabled.has(name);
  }

  /** The configuration goes before what the rule says. */
  #configured(rule: Rule): Rule {
    const level = this.#levels.get(rule.id) ?? this.#levels.get(rule.name) ?? rule.level;
    const needs = this.#needs.get(rule.id) ?? this.#needs.get(rule.name) ?? rule.needs;
    return { ...rule, level, needs };
  }

  /** The rules with the filters that are for them. */
  #filtered(): CompiledRule[] {
    const forAny: Filter[] = [];
    const byRule = new Map<string, Filter[]>();
    for (const filter of this.#filters) {
      const ids = rulesOfFilter(filter, this.#names);
      if (!ids) forAny.push(filter);
      for (const id of ids ?? []) {
        const own = byRule.get(id);
        if (own) own.push(filter);
        else byRule.set(id, [filter]);
      }
    }
    return this.#compiled.map(({ rule, formula }) => ({
      rule,
      formula: filtered(formula, [...forAny, ...(byRule.get(rule.id) ?? [])]),
    }));
  }

  #filterTests(): FilterTests[] {
    return this.#filters
      .filter(({ tests }) => tests.length > 0)
      .map((filter) => {
        const { title, file, tests } = filter;
        return { title, file, tests, ruleIds: rulesOfFilter(filter, this.#names) };
      });
  }

  /** The ids of rules that only alert through a correlation. */
  #takenOver(): Set<string> {
    const taken = this.#correlations.filter(({ written }) => !written.generate);
    const named = taken.flatMap(({ written }) =>
      written.references.map(({ text }) => this.#names.find(text)),
    );
    return new Set(named.flatMap((one) => one?.id ?? []));
  }
}
