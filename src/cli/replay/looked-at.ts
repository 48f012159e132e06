import { maySpellSecret } from '../../cloudtrail/secrets.ts';
import { isObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { internalized } from '../../kernel/text.ts';
import { CARE, type Care, type Careful, isPlainKey } from './redaction-proof.ts';

/** Under a key, so many names are looked up one by one; where there are more, the record's own are. */
const FEW = 16;
/** Nothing that is shorter can hold a secret together with its name. */
const SHORTEST = 8;
/** Records repeat most of their texts; each of these is looked at once. Bounded, as texts come from outside. */
const MOST_REMEMBERED = 8192;
const LONGEST_REMEMBERED = 400;

/** Fields of a record at which something must be seen, in the form of the record. */
export class LookedAt {
  readonly #texts: PlainTexts;
  readonly #below = new Map<string, LookedAt>();
  /** The same once more, for those that are few. */
  readonly #list: { readonly key: string; readonly field: LookedAt }[] = [];
  #care: Care = CARE.none;
  /** Whatever stands here may be hidden. */
  #hidden = false;

  constructor(texts: PlainTexts) {
    this.#texts = texts;
  }

  enter({ path: { steps }, care }: Careful): void {
    let field: LookedAt = this;
    for (const { key, rest } of steps) {
      // A path may also be one key with dots in it, at any step.
      field.#child(rest).#atLeast(care);
      field = field.#child(key);
    }
    field.#atLeast(care);
  }

  /** Every field of the object is such that redaction does not matter. */
  isPlainIn(object: JsonObject): boolean {
    if (this.#list.length <= FEW) {
      for (const { key, field } of this.#list) {
        const value = object[key];
        if (value !== undefined && !field.#isPlain(value)) return false;
      }
      return true;
    }
    for (const key in object) {
      const field = this.#below.get(key);
      if (field !== undefined && !field.#isPlain(object[key] ?? null)) return false;
    }
    return true;
  }

  #child(key: string): LookedAt {
    const known = this.#below.get(key);
    if (known) return known;
    const field = new LookedAt(this.#texts);
    field.#hidden = !isPlainKey(key);
    this.#below.set(key, field);
    this.#list.push({ key, field });
    return field;
  }

  #atLeast(care: Care): void {
    if (care > this.#care) this.#care = care;
  }

  #isPlain(value: Json): boolean {
    if (value === null) return true;
    if (this.#hidden) return false;
    const care = this.#care;
    if (typeof value === 'string') {
      return care < CARE.start || (care === CARE.start && isNoJson(value)) || this.#texts.has(value);
    }
    if (typeof value !== 'object') return true;
    // Texts in lists may be arguments of a command, and objects are searched as text: seldom enough to be read.
    return care === CARE.none && isObject(value) && this.isPlainIn(value);
  }
}

/** JSON that is a list, an object or a text begins with one of these, or with space. */
function isNoJson(text: string): boolean {
  const first = text.charCodeAt(0);
  return first !== 0x5b && first !== 0x7b && first !== 0x22 && first > 0x20 && first < 0x7f;
}

/** Texts that hold no secret. */
export class PlainTexts {
  readonly #known = new Set<string>();

  has(text: string): boolean {
    if (text.length < SHORTEST || this.#known.has(text)) return true;
    if (maySpellSecret(text)) return false;
    if (text.length <= LONGEST_REMEMBERED) {
      if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
      this.#known.add(internalized(text));
    }
    return true;
  }
}
