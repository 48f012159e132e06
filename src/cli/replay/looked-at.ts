import { maySpellSecret } from '../../cloudtrail/secrets.ts';
import type { Json } from '../../kernel/json.ts';
import { internalized } from '../../kernel/text.ts';
import type { Row } from '../../rules/field.ts';
import { CARE, type Care, type Careful, isPlainKey } from './redaction-proof.ts';

/** Nothing that is shorter can hold a secret together with its name. */
const SHORTEST = 8;
/** Records repeat most of their texts; each of these is looked at once. Bounded, as texts come from outside. */
const MOST_REMEMBERED = 8192;
const LONGEST_REMEMBERED = 400;

interface Field {
  readonly number: number;
  care: Care;
  /** Whatever stands here may be hidden. */
  readonly hidden: boolean;
}

/** Paths of a row at which something must be seen. */
export class LookedAt {
  readonly #texts: PlainTexts;
  readonly #fields: Field[] = [];

  constructor(texts: PlainTexts) {
    this.#texts = texts;
  }

  enter({ path: { steps }, care }: Careful, number: number): void {
    const known = this.#fields.find((field) => field.number === number);
    if (!known) this.#fields.push({ number, care, hidden: !steps.every(({ key }) => isPlainKey(key)) });
    else if (care > known.care) known.care = care;
  }

  /** Every value is such that redaction does not matter. */
  isPlainIn(row: Row): boolean {
    const fields = this.#fields;
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index];
      if (field && !this.#isPlain(row[field.number], field)) return false;
    }
    return true;
  }

  #isPlain(value: Json | undefined, { care, hidden }: Field): boolean {
    if (value === undefined || value === null) return true;
    if (hidden) return false;
    if (typeof value === 'string') {
      return care < CARE.start || (care === CARE.start && isNoJson(value)) || this.#texts.has(value);
    }
    // Texts in lists may be arguments of a command, and objects are searched as text: seldom enough to be read.
    return typeof value !== 'object';
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
