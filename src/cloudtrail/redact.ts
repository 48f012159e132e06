import { isObject, type Json, type JsonObject, parseJson } from '../kernel/json.ts';
import { redactArguments } from './command-line.ts';
import { isKeyName, isReference, isSecretName, REDACTED } from './secret-names.ts';
import { maySpellSecret, redactText } from './secrets.ts';

/** Deeper than any record of AWS; what is nested deeper is an attack on the reader and is cut off. */
const MAX_DEPTH = 64;
const TOO_DEEP = '[nested too deep]';

/** The shortest text that can hold a secret together with its name. */
const SHORTEST = 8;

/** Values under a secret's name that say something about it and are not it. */
const NOT_SECRET =
  /^(?:|\*+|true|false|Success|Failure|HIDDEN_DUE_TO_SECURITY_REASONS|<sensitiveDataRemoved>)$/;

/** Members whose secret nature is told by the name in a member beside them: `{name: "DB_PASSWORD", value}`. */
const VALUE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['value', ['name', 'key']],
  ['Value', ['Name', 'Key']],
  ['parameterValue', ['parameterKey', 'parameterName']],
  ['ParameterValue', ['ParameterKey', 'ParameterName']],
]);

/**
 * The record without its live secrets: session tokens, passwords, private keys and their like, in members, in
 * JSON inside texts, and in texts that look like one. Each becomes a fixed marker, so that a rule can still
 * ask whether the field exists. Returns the very same object where there was nothing to hide.
 */
export function redact(body: JsonObject): JsonObject {
  return redactObject(body, 0);
}

/** `redact` for any JSON value. */
export function redactJson(value: Json): Json {
  return redactValue(value, 0);
}

function redactValue(value: Json, depth: number): Json {
  if (typeof value === 'string') return redactString(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  return Array.isArray(value) ? redactArray(value, depth) : redactObject(value, depth);
}

function redactArray(given: Json[], depth: number): Json[] {
  const read = given.some(isOption) ? redactArguments(given) : given;
  let copy: Json[] | undefined;
  read.forEach((value, index) => {
    const after = redactValue(value, depth + 1);
    if (after === given[index]) return;
    copy ??= given.slice();
    copy[index] = after;
  });
  return copy ?? given;
}

/** As in `["mysql", "-psecret"]`: the arguments of a command. */
function isOption(value: Json): boolean {
  return typeof value === 'string' && value.startsWith('-');
}

function redactObject(object: JsonObject, depth: number): JsonObject {
  let copy: JsonObject | undefined;
  let renamed = false;
  for (const key in object) {
    const before = object[key] ?? null;
    if (before === null) continue;
    const kind = kindOf(key);
    if (kind === 'secret itself') renamed = true;
    const after =
      kind === 'plain'
        ? redactValue(before, depth + 1)
        : redactNamed(kind === 'named beside' ? nameBeside(object, key) : key, before, depth + 1);
    if (after === before) continue;
    copy ??= { ...object };
    // Safe for a member called __proto__ too: the copy has it as a member of its own.
    copy[key] = after;
  }
  return renamed ? rename(copy ?? object) : (copy ?? object);
}

function rename(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [redactText(key), value]));
}

/** The secret's name beside a value, if there is one; else that of the value's own key. */
function nameBeside(object: JsonObject, key: string): string {
  for (const beside of VALUE_KEYS.get(key) ?? []) {
    const name = object[beside];
    if (typeof name === 'string' && kindOf(name).startsWith('name of')) return name;
  }
  return key;
}

function redactNamed(name: string, value: Json, depth: number): Json {
  switch (kindOf(name)) {
    case 'name of a secret':
      return conceal(value, depth);
    case 'name of a key':
      return concealKey(name, value, depth);
    case 'session':
      // What continues a sign-in at Cognito; other services have short ids and descriptions under this name.
      return typeof value === 'string' && value.length >= 20
        ? conceal(value, depth)
        : redactValue(value, depth);
    default:
      return redactValue(value, depth);
  }
}

/** A text is the key itself unless it names one; an object is AWS's description of a key. */
function concealKey(name: string, value: Json, depth: number): Json {
  if (typeof value === 'string') return isReference(value, name) ? value : conceal(value, depth);
  if (!Array.isArray(value) || depth >= MAX_DEPTH) return redactValue(value, depth);
  return value.map((element) => concealKey(name, element, depth + 1));
}

/** Everything under a secret's name, however it is structured. */
function conceal(value: Json, depth: number): Json {
  if (typeof value === 'string') return NOT_SECRET.test(value) || isReference(value, '') ? value : REDACTED;
  if (typeof value === 'number') return REDACTED;
  if (depth >= MAX_DEPTH && typeof value === 'object' && value !== null) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((element) => conceal(element, depth + 1));
  if (!isObject(value)) return value;
  return rename(
    Object.fromEntries(Object.entries(value).map(([key, member]) => [key, conceal(member, depth + 1)])),
  );
}

function redactString(text: string, depth: number): string {
  if (text.length < SHORTEST || !maySpellSecret(text)) return text;
  // A policy, or a request body.
  const parsed = /^\s*[[{"]/.test(text) ? parseJson(text) : undefined;
  if (parsed === undefined) return redactText(text);
  const hidden = redactValue(parsed, depth + 1);
  // Unchanged, the text is looked at once more: a member that stands twice is in the text but not in `parsed`.
  return hidden === parsed ? redactText(text) : JSON.stringify(hidden);
}

type KeyKind = 'plain' | 'name of a secret' | 'name of a key' | 'session' | 'named beside' | 'secret itself';

/** Records have the same few hundred keys over and over: each is judged once. Bounded, as keys come from outside. */
const judged = new Map<string, KeyKind>();
const MOST_JUDGED = 4096;

function kindOf(key: string): KeyKind {
  const known = judged.get(key);
  if (known !== undefined) return known;
  const kind = judge(key);
  if (judged.size >= MOST_JUDGED) judged.clear();
  if (key.length <= 64) judged.set(key, kind);
  return kind;
}

function judge(key: string): KeyKind {
  if (isSecretName(key)) return isKeyName(key) ? 'name of a key' : 'name of a secret';
  if (/^session$/i.test(key)) return 'session';
  if (VALUE_KEYS.has(key)) return 'named beside';
  return key.length >= SHORTEST && maySpellSecret(key) && redactText(key) !== key ? 'secret itself' : 'plain';
}
