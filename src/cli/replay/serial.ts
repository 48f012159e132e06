import { type JsonText, JsonTexts } from '../json-texts.ts';
import type { Matcher } from './matcher.ts';
import type { Outcome } from './outcome.ts';

/** Reads the blocks that cannot be understood one by one: documents over lines, and lines that are broken. */
export class Serial {
  readonly #matcher: Matcher;
  readonly #texts = new JsonTexts();
  readonly #decoder = new TextDecoder();

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  /** Nothing of what came is waiting for more. */
  get settled(): boolean {
    return this.#texts.settled;
  }

  add(bytes: Uint8Array): Outcome {
    return this.#match(this.#texts.add(this.#decoder.decode(bytes, { stream: true })));
  }

  /** Nothing more comes. */
  end(): Outcome {
    return this.#match([...this.#texts.add(this.#decoder.decode()), ...this.#texts.end()]);
  }

  #match(found: readonly JsonText[]): Outcome {
    for (const { value, line } of found) this.#matcher.add(value, line);
    return this.#matcher.take();
  }
}
