/**
 * The same text as the engine of JavaScript keeps the keys of objects: once, and in memory of its own, where a part of
 * a longer text would keep all of that. Looking for it among others need not compare characters.
 */
export function internalized(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}
