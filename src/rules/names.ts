import type { Notes } from './notes.ts';
import type { Identity } from './parse.ts';
import { type Place, sayPlace } from './source.ts';
import { suggest } from './spelling.ts';

/** What became of a document: loaded, switched off, refused, or for other logs. */
export type Standing = 'rule' | 'correlation' | 'filter' | 'disabled' | 'wrong' | 'foreign';

interface Named {
  readonly id: string;
  readonly standing: Standing;
}

/** Beyond so many comparisons of a name with another, nobody is asked what was meant. */
const MOST_COMPARISONS = 500_000;

/** The ids and names of all documents: no two are alike, and documents refer to each other by them. */
export class Names {
  /** Those of all documents for CloudTrail, also of the disabled and the wrong ones. */
  readonly known = new Set<string>();
  /** Where each id and name stands first. */
  readonly #ids = new Map<string, Place>();
  readonly #names = new Map<string, Place>();
  readonly #named = new Map<string, Named>();
  #comparisons = 0;

  /** Reports an id or name that was there before; a name made from the file's gives way to the id. */
  register(identity: Identity, at: Place, notes: Notes): Identity {
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

  /** Says what became of a document; the first of a name keeps it, one for other logs only while nobody claims it. */
  stand(identity: Identity, standing: Standing): void {
    const isForeign = standing === 'foreign';
    for (const key of [
      ...(isForeign && !identity.ownId ? [] : [identity.id]),
      ...(isForeign && !identity.ownName ? [] : [identity.name]),
    ]) {
      const before = this.#named.get(key);
      if (!before || before.standing === 'foreign') this.#named.set(key, { id: identity.id, standing });
    }
  }

  /** The document that an id or a name stands for. */
  find(reference: string): Named | undefined {
    return this.#named.get(reference);
  }

  /** What to do about a name that stands for nothing. */
  suggestFor(reference: string): string {
    return this.suggestAmong(reference, this.known, 'write the name or the id of a rule that is loaded');
  }

  /** Which of the candidates was probably meant. Thousands of names that stand for nothing are soon told, too. */
  suggestAmong(word: string, candidates: ReadonlySet<string>, otherwise: string): string {
    this.#comparisons += candidates.size;
    return this.#comparisons > MOST_COMPARISONS ? otherwise : suggest(word, candidates, otherwise);
  }
}
