import type { Line } from './answer.ts';
import { code, cut, text } from './lines.ts';
import type { Names } from './material.ts';

/** `Production (111122223333)`, or the id alone where it has no name. */
export function sayAccount(id: string, names: Names): string {
  const name = names.account(id);
  return name === id ? cut(id, 40) : `${cut(name, 40)} (${cut(id, 40)})`;
}

/** An address with the networks that it lies in: `203.0.113.7 (office network)`. */
export function sayAddress(address: string | undefined, names: Names): Line {
  if (address === undefined) return [text('no address')];
  const networks = networksOf(address, names);
  return [code(address, 60), ...(networks === '' ? [] : [text(` (${networks})`)])];
}

export function networksOf(address: string, names: Names): string {
  return cut(names.networks(address).slice(0, 3).join(', '), 60);
}

/** The label of an actor with its account by name: `root @ Production`. */
export function sayActor(label: string, names: Names): string {
  const named = label.replace(/(@ account |@ |^account )(\d{12})\b/, (_, before: string, id: string) => {
    return before + names.account(id);
  });
  return cut(named);
}

/** A sentence with its accounts by name: `IAM user alice of account Production (111122223333).` */
export function nameAccounts(sentence: string, names: Names): string {
  return sentence.replace(/\baccount (\d{12})\b/g, (_, id: string) => `account ${sayAccount(id, names)}`);
}
