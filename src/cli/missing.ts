import type { Coverage } from '../questions/coverage.ts';
import type { Question } from '../questions/question.ts';

/** Whether nobody could be asked at all: what such an answer says is worth nothing. */
export function nothingAsked({ store, lookup }: Coverage): boolean {
  return 'off' in store && ('off' in lookup || lookup.places.every(({ state }) => state === 'failed'));
}

/** Whether every source was asked and read to the end. Alerts, which `stats` counts, are the own store's alone. */
export function allRead({ kind }: Question, { store, lookup, cutAt }: Coverage): boolean {
  if ('off' in store || store.truncated || store.waiting > 0 || cutAt !== undefined) return false;
  return 'off' in lookup ? kind === 'stats' : lookup.places.every(({ state }) => state === 'done');
}
