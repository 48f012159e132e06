/**
 * Cuts the text of a trail's file, `{"Records":[…]}`, which comes in chunks, into the texts of its records: none is
 * held longer than until it is whole.
 */
export interface RecordTexts {
  /** The records that this chunk completes. */
  add(chunk: string): string[];
  /** What is wrong with all of it, as the end of a sentence that begins with "the file"; `undefined` when nothing is. */
  end(): string | undefined;
}

const HEAD = /^\uFEFF?\s*\{\s*"Records"\s*:\s*\[/;
/** Longer is no head that AWS writes. */
const LONGEST_HEAD = 1024;
/** In characters. AWS writes no record that is larger than 256 kB. */
const LONGEST_RECORD = 16 * 1024 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;

export function createRecordTexts(): RecordTexts {
  let place: 'head' | 'list' | 'behind' | 'nowhere' = 'head';
  /** From the beginning of what is not complete yet. */
  let held = '';
  /** How far it was looked at. */
  let at = 0;
  let depth = 0;
  let inText = false;
  let wrong: string | undefined;

  function fail(what: string): void {
    place = 'nowhere';
    wrong = what;
    held = '';
  }

  function begin(): void {
    const head = HEAD.exec(held)?.[0];
    if (head === undefined) {
      if (held.length > LONGEST_HEAD) fail('holds no list of records');
      return;
    }
    place = 'list';
    held = held.slice(head.length);
  }

  /** Goes behind the text that has begun; stays at the end of what is held while its end has not come. */
  function leaveText(): void {
    const end = held.indexOf('"', at);
    at = end < 0 ? held.length : end + 1;
    inText = end < 0 || isEscaped(held, end);
  }

  /** Records up to the end of what is held, or of the list. */
  function cut(): string[] {
    const found: string[] = [];
    let from = 0;
    const take = (): void => {
      const text = held.slice(from, at).trim();
      if (text !== '') found.push(text);
      from = at + 1;
    };
    while (at < held.length && place === 'list') {
      if (inText) {
        leaveText();
        continue;
      }
      const code = held.charCodeAt(at);
      if (code === QUOTE) inText = true;
      else if (depth === 0 && (code === COMMA || code === CLOSE_LIST)) {
        take();
        if (code === CLOSE_LIST) place = 'behind';
      } else depth += step(code);
      at += 1;
    }
    held = held.slice(from);
    at -= from;
    return found;
  }

  return {
    add(chunk) {
      if (place === 'nowhere') return [];
      held += chunk;
      if (place === 'head') begin();
      const found = place === 'list' ? cut() : [];
      if (place === 'list' && held.length > LONGEST_RECORD)
        fail('has a record of more than 16 million characters');
      return found;
    },
    end() {
      if (wrong !== undefined) return wrong;
      if (place === 'head') return held.trim() === '' ? 'is empty' : 'holds no list of records';
      return place === 'behind' ? undefined : 'was cut short';
    },
  };
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, quote: number): boolean {
  let from = quote;
  while (text.charCodeAt(from - 1) === BACKSLASH) from -= 1;
  return (quote - from) % 2 === 1;
}

/** How much deeper a character leads: `{` and `[` one level down, `}` and `]` one up. */
function step(code: number): number {
  if (code === 0x7b || code === 0x5b) return 1;
  return code === 0x7d || code === CLOSE_LIST ? -1 : 0;
}
