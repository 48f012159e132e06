import { createHash } from 'node:crypto';
import type { Mute, MuteTerm } from '../../alerts/mute.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../../kernel/json.ts';
import type { Refusal } from '../../kernel/problem.ts';
import { sayUtc } from '../../kernel/time.ts';
import { fieldPath } from '../../rules/field.ts';
import type { Ruleset } from '../../rules/ruleset.ts';
import { writeFilter } from '../../rules/write-filter.ts';
import { sayTerms } from './say-terms.ts';

/**
 * The mute as a Sigma filter for good, with tests made of the event that it came from: that event is left out, and the
 * same with another value is not, where the rule itself allows another.
 */
export function filterOf(mute: Mute, ruleset: Ruleset): { readonly text: string } | Refusal {
  const { id, ruleId, ruleTitle, terms, reason, madeByName, madeAt } = mute;
  const rule = ruleset.compiled.find((one) => one.rule.id === ruleId)?.rule;
  if (!rule) return { refused: whyNoRule(mute, ruleset) };
  if (terms.length === 0) {
    return {
      refused: `${id} mutes every match of “${ruleTitle}”, which no filter says: put the rule under rules.disabled in the configuration instead.`,
    };
  }
  const sample = parseJson(mute.sample);
  const event = isObject(sample) ? sample : {};
  const near = nearMiss(event, terms, (body) => ruleset.rulesFor(body).some((one) => one.id === ruleId));
  const tests = [
    { name: 'what was muted', event, expect: false },
    ...(near ? [{ name: `another ${near.field} still alerts`, event: near.event, expect: true }] : []),
  ];
  const text = writeFilter({
    title: `Not an alert of ${ruleTitle}`.slice(0, 200),
    id: uuidOf(`${id} ${ruleId} ${madeAt}`),
    description: `${reason} (from the mute ${id} of ${madeByName}, ${sayUtc(madeAt)}: ${sayTerms(terms)})`,
    ruleId,
    terms,
    tests,
  });
  return { text };
}

function whyNoRule({ id, ruleId, ruleTitle }: Mute, { correlations }: Ruleset): string {
  return correlations.some(({ rule }) => rule.id === ruleId)
    ? `“${ruleTitle}” is a correlation, and a Sigma filter looks at single events: write one for the rules that it counts.`
    : `The rule of ${id}, “${ruleTitle}”, is no longer loaded, so there is nothing to filter.`;
}

/** The event with one value changed so that the mute does not hold and the rule still does. */
function nearMiss(
  event: JsonObject,
  terms: readonly MuteTerm[],
  matches: (body: JsonObject) => boolean,
): { readonly field: string; readonly event: JsonObject } | undefined {
  for (const { field, value } of terms) {
    for (const other of othersThan(value)) {
      const changed = withValue(event, field, value, other);
      if (matches(changed)) return { field, event: changed };
    }
  }
  return undefined;
}

/** Values of the same sort. Source of the addresses: RFC 5737. */
function othersThan(value: string): string[] {
  if (/^\d{1,3}(\.\d{1,3}){3}$/u.test(value)) return value === '192.0.2.1' ? ['192.0.2.2'] : ['192.0.2.1'];
  if (/^\d{12}$/u.test(value)) return value === '999999999999' ? ['888888888888'] : ['999999999999'];
  return [`${value}-other`, `other-${value}`];
}

function withValue(body: JsonObject, field: string, from: string, to: string): JsonObject {
  const changed = replaced(body, fieldPath(field).steps, 0, from, to);
  return isObject(changed) ? changed : body;
}

type Steps = ReturnType<typeof fieldPath>['steps'];

/** The copy with the text at the path changed; arrays on the way stand for their members, as in rules. */
function replaced(value: Json, steps: Steps, index: number, from: string, to: string): Json {
  if (Array.isArray(value)) return value.map((member) => replaced(member, steps, index, from, to));
  const step = steps[index];
  if (step === undefined) return isSame(value, from) ? to : value;
  if (!isObject(value)) return value;
  const whole = Object.hasOwn(value, step.rest);
  const key = whole ? step.rest : step.key;
  if (!Object.hasOwn(value, key)) return value;
  const inner = replaced(value[key] ?? null, steps, whole ? steps.length : index + 1, from, to);
  return { ...value, [key]: inner };
}

function isSame(value: Json, text: string): boolean {
  return typeof value !== 'object' && String(value) === text;
}

/** The same for the same mute, so that a second export replaces the first. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
