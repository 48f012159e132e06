/** What may come next: a value, a key, what follows them, or the end. */
type Next = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/** One token of JSON (RFC 8259) with the space around it; a text never goes over the end of a line. */
const TOKEN =
  /[ \t\r]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\["\\/bfnrtu])*")|(?:-?\d[\d.eE+-]*|true|false|null))[ \t\r]*/uy;

/** Follows a JSON text line by line, and knows whether it is whole, can still become so, or cannot. */
export class JsonShape {
  #next: Next = 'value';
  readonly #inside: ('{' | '[')[] = [];
  #broken = false;

  take(line: string): 'open' | 'whole' | 'broken' {
    let at = 0;
    while (at < line.length && !this.#broken) {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(line);
      if (found) {
        this.#token(found[1] ?? (found[2] === undefined ? 'other' : 'text'));
        at = TOKEN.lastIndex;
      } else {
        this.#broken = line.slice(at).trim() !== '';
        break;
      }
    }
    if (this.#broken) return 'broken';
    return this.#next === ', or end' && this.#inside.length === 0 ? 'whole' : 'open';
  }

  #token(token: string): void {
    if (token === '{' || token === '[') this.#open(token);
    else if (token === '}' || token === ']') this.#close(token);
    else if (token === ':') this.#move(this.#next === ':', 'value');
    else if (token === ',') this.#comma();
    else if (token === 'text' && this.#next.startsWith('key')) this.#next = ':';
    else this.#move(this.#next.startsWith('value'), ', or end');
  }

  #open(bracket: '{' | '['): void {
    this.#move(this.#next.startsWith('value'), bracket === '{' ? 'key or }' : 'value or ]');
    this.#inside.push(bracket);
  }

  #close(bracket: '}' | ']'): void {
    const opened = this.#inside.pop();
    const empty = bracket === '}' ? 'key or }' : 'value or ]';
    const fits = opened === (bracket === '}' ? '{' : '[');
    this.#move(fits && (this.#next === ', or end' || this.#next === empty), ', or end');
  }

  #comma(): void {
    const inside = this.#inside.at(-1);
    this.#move(this.#next === ', or end' && inside !== undefined, inside === '{' ? 'key' : 'value');
  }

  #move(right: boolean, next: Next): void {
    if (!right) this.#broken = true;
    this.#next = next;
  }
}
