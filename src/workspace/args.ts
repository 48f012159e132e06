import { isObject, type Json, type JsonObject, parseJson } from '../kernel/json.ts';
import { badArguments, Denied } from './denied.ts';

/** The arguments of one call: from a form all values are text, from JSON they may be anything. */
export type Args = JsonObject;

/** Deeper than any payload that Slack knows; a hostile one could exhaust the stack of whoever writes it out. */
const DEEPEST = 60;

/** Text, or a number written out; empty text counts as missing. */
export function textArg(args: Args, key: string): string | undefined {
  const value = args[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The same, or `invalid_arguments` when it is missing. */
export function neededText(args: Args, key: string): string {
  const value = textArg(args, key);
  if (value === undefined) throw badArguments(`missing required field: ${key} [json-pointer:/${key}]`);
  return value;
}

/** `true`, `"true"`, `1` or `"1"`. */
export function flagArg(args: Args, key: string): boolean {
  const value = args[key];
  return value === true || value === 'true' || value === 1 || value === '1';
}

/** A whole number from 1 to `max`, `usual` when it is missing; throws `invalid_limit` otherwise. */
export function limitArg(args: Args, usual: number, max: number): number {
  const value = textArg(args, 'limit');
  if (value === undefined || value === '0') return usual;
  if (!/^\d{1,6}$/.test(value)) throw new Denied('invalid_limit');
  return Math.min(Number(value), max);
}

/** A value that forms carry as JSON text; throws `code` when it is not JSON. */
export function jsonArg(args: Args, key: string, code: string): Json | undefined {
  const value = args[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  const parsed = readJson(value);
  if (parsed === undefined) throw new Denied(code);
  return parsed;
}

/** The value, or `undefined` when the text is not JSON, or nested beyond reason. */
export function readJson(text: string): Json | undefined {
  const value = parseJson(text);
  return value === undefined || tooDeep(value) ? undefined : value;
}

function tooDeep(value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) => (Array.isArray(one) ? one : isObject(one) ? Object.values(one) : []));
  }
  return false;
}

/** Ids in a list or separated by commas. */
export function idsArg(args: Args, key: string): string[] {
  const value = args[key];
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return list.flatMap((one) => (typeof one === 'string' && one.trim() ? [one.trim()] : []));
}
