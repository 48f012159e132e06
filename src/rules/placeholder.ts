import type { Mistake } from './modifiers.ts';

export type Lists = ReadonlyMap<string, readonly string[]>;

const PLACEHOLDER = /%(\w+)%/;
const MOST_VALUES = 10_000;

/** Every text that a value with `%name%` placeholders stands for. */
export function expandValue(value: string, lists: Lists): string[] | Mistake {
  let texts = [''];
  let rest = value;
  for (let found = PLACEHOLDER.exec(rest); found !== null; found = PLACEHOLDER.exec(rest)) {
    const name = found[1] ?? '';
    const list = lists.get(name);
    if (!list) {
      const known = [...lists.keys()].join(', ') || 'none';
      return {
        what: `the placeholder %${name}% has no values`,
        remedy: `add "${name}" to "lists" in the configuration (lists there: ${known})`,
      };
    }
    if (texts.length * list.length > MOST_VALUES) {
      return {
        what: `the placeholders of "${value}" stand for more than ${MOST_VALUES} values`,
        remedy: 'use shorter lists, or one placeholder a value',
      };
    }
    const before = rest.slice(0, found.index);
    texts = texts.flatMap((text) => list.map((member) => text + before + member));
    rest = rest.slice(found.index + found[0].length);
  }
  return texts.map((text) => text + rest);
}
