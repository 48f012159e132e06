import type { Mistake } from './modifiers.ts';
import type { Notes } from './notes.ts';
import { sayNames } from './spelling.ts';

export type Lists = ReadonlyMap<string, readonly string[]>;

/** The names that lists may have: config/schema.ts. */
const PLACEHOLDER = /%([\w-]+)%/g;
const MOST_VALUES = 10_000;

/** The names of the placeholders in a value. */
export function* placeholdersIn(value: string): Generator<string> {
  if (!value.includes('%')) return;
  for (const [, name = ''] of value.matchAll(PLACEHOLDER)) yield name;
}

/** Every text that a value with `%name%` placeholders stands for. They are counted before they are made. */
export function expandValue(value: string, lists: Lists, notes: Notes): string[] | Mistake {
  let number = 1;
  /** Of the texts, in the mean. */
  let length = value.length;
  for (const name of placeholdersIn(value)) {
    const list = lists.get(name);
    if (!list) {
      const known = lists.size > 0 ? sayNames([...lists.keys()]) : 'none';
      return {
        what: `the placeholder %${name}% has no values`,
        remedy: `add "${name}" to "lists" in the configuration (lists there: ${known})`,
      };
    }
    number *= list.length;
    if (number > MOST_VALUES) {
      return {
        what: `the placeholders of "${value}" stand for more than ${MOST_VALUES} values`,
        remedy: 'use shorter lists, or one placeholder a value',
      };
    }
    if (number > 0) length += lengthOf(list) / list.length - `%${name}%`.length;
  }
  const beyond = notes.spend('texts', number) ?? notes.spend('characters', number * length);
  return beyond ?? textsOf(value, lists);
}

function textsOf(value: string, lists: Lists): string[] {
  let texts = [''];
  let from = 0;
  for (const { 0: placeholder, 1: name = '', index } of value.matchAll(PLACEHOLDER)) {
    const before = value.slice(from, index);
    texts = texts.flatMap((text) => (lists.get(name) ?? []).map((member) => text + before + member));
    from = index + placeholder.length;
  }
  return texts.map((text) => text + value.slice(from));
}

function lengthOf(list: readonly string[]): number {
  return list.reduce((sum, { length }) => sum + length, 0);
}
