import { DAY, type Millis, parseDuration, sayDuration } from '../kernel/time.ts';
import { fieldList } from './field-list.ts';
import type { Notes } from './notes.ts';
import { optionalText, refuseUnknown } from './shape.ts';
import { type MapNode, memberOf } from './source.ts';

/** A match of the rule alerts only if the values of some fields are new for those of others (docs/rules.md). */
export interface FirstSeen {
  /** Fields whose values, taken together, must be new. */
  readonly of: readonly string[];
  /** Fields for whose values they must be; none means anywhere. */
  readonly per: readonly string[];
  /** So long values are only remembered. */
  readonly learn: Millis;
  /** A value that was not seen for so long is new again. */
  readonly forget: Millis;
}

const KEYS = ['of', 'per', 'learn', 'forget'];
const LEARN: Millis = 14 * DAY;
const FORGET: Millis = 90 * DAY;
const LONGEST: Millis = 3650 * DAY;

/** Reads `first_seen` under `trailbot:`; mistakes are reported. */
export function readFirstSeen(trailbot: MapNode, notes: Notes): FirstSeen | undefined {
  const member = memberOf(trailbot, 'first_seen');
  if (!member) return undefined;
  const map = member.value;
  if (map.kind !== 'map') {
    notes.refuse(map.at, '"first_seen" must be a map', 'write it as {of: [sourceIPAddress], per: [actor]}');
    return undefined;
  }
  refuseUnknown(map, KEYS, '"first_seen"', notes);
  const of = fieldList(map, 'of', notes);
  if (!of) {
    notes.refuse(member.keyAt, '"first_seen" does not say of what', 'add "of:" with the fields to look at');
  }
  const per = memberOf(map, 'per')?.value;
  const none = per?.kind === 'list' && per.items.length === 0;
  const fields = { of: of ?? [], per: none ? [] : (fieldList(map, 'per', notes) ?? []) };
  refuseTwice(map, fields.of, fields.per, notes);
  return { ...fields, ...readTimes(map, notes) };
}

function refuseTwice(map: MapNode, of: readonly string[], per: readonly string[], notes: Notes): void {
  const all = [...of, ...per];
  const twice = all.find((field, index) => all.indexOf(field) !== index);
  if (twice !== undefined) {
    notes.refuse(map.at, `"first_seen" names "${twice}" twice`, 'name each field once, in "of" or in "per"');
  }
}

function readTimes(map: MapNode, notes: Notes): { learn: Millis; forget: Millis } {
  const learn = readTime(map, 'learn', notes) ?? LEARN;
  const forget = readTime(map, 'forget', notes) ?? FORGET;
  const at = (memberOf(map, 'forget') ?? memberOf(map, 'learn'))?.value.at ?? map.at;
  if (forget === 0) notes.refuse(at, 'a value cannot be forgotten at once', 'write a time such as 90d');
  else if (learn > forget) {
    const what = `what is learnt in ${sayDuration(learn)} would be forgotten after ${sayDuration(forget)}`;
    notes.refuse(at, what, 'make "forget" at least as long as "learn"');
  }
  return { learn, forget };
}

function readTime(map: MapNode, key: string, notes: Notes): Millis | undefined {
  const text = optionalText(map, key, notes);
  const at = memberOf(map, key)?.value.at;
  if (text === undefined || !at) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined) {
    notes.refuse(at, `"${text}" is not a duration`, 'write it as 12h, 14d or 13w');
  } else if (duration > LONGEST) {
    notes.refuse(at, `"${text}" is longer than ten years`, 'write a shorter time');
    return LONGEST;
  }
  return duration;
}
