import type { JsonObject } from '../kernel/json.ts';
import type { Rule } from '../rules/rule.ts';
import { type MuteTerm, scalarsAt } from './mute.ts';

/** A field that a mute may ask for, with what an alert's event has there. */
export interface MuteChoice {
  /** What people call it: `Actor`, or the path itself. */
  readonly label: string;
  readonly field: string;
  /** One to three. */
  readonly values: readonly string[];
}

/** Slack takes ten checkboxes; a value that nobody can read to its end is no choice. */
const MOST_CHOICES = 10;
const MOST_VALUES = 3;
const LONGEST_VALUE = 500;
const LONGEST_FIELD = 150;

const ROLE = 'userIdentity.sessionContext.sessionIssuer.arn';
const SESSION = 'userIdentity.arn';
const IDENTITIES = [
  'userIdentity.onBehalfOf.userId',
  SESSION,
  'userIdentity.invokedBy',
  'userIdentity.principalId',
  'userIdentity.userName',
  'userIdentity.accountId',
];
const NAMED: ReadonlyMap<string, string> = new Map([
  ['account', 'recipientAccountId'],
  ['region', 'awsRegion'],
]);
const COMMON: readonly (readonly [string, string])[] = [
  ['Account', 'recipientAccountId'],
  ['Region', 'awsRegion'],
  ['Source address', 'sourceIPAddress'],
  ['Event', 'eventName'],
];

/**
 * The fields that a mute of the rule can be made of, with the values of this event: who, where, from where, what, and
 * what the rule shows and groups by.
 */
export function muteChoices(
  body: JsonObject,
  rule: Pick<Rule, 'fields' | 'groupBy'>,
  groupBy: readonly string[] = [],
): MuteChoice[] {
  const own = [...groupBy, ...(rule.groupBy ?? []), ...rule.fields]
    .filter((field) => field !== 'actor')
    .map((field) => NAMED.get(field) ?? field)
    .map((field) => [field, field] as const);
  const choices = new Map<string, MuteChoice>();
  for (const [label, field] of [...actorFields(body), ...COMMON, ...own]) {
    const values = [...new Set(scalarsAt(body, field))];
    // A | in a field would be a modifier in the exported filter.
    const named = field.length <= LONGEST_FIELD && !field.includes('|');
    const usable = named && values.length > 0 && values.length <= MOST_VALUES;
    if (!usable || values.some((value) => value.length > LONGEST_VALUE) || choices.has(field)) continue;
    choices.set(field, { label, field, values });
  }
  return [...choices.values()].slice(0, MOST_CHOICES);
}

/** A role's sessions may be different people: both the role and the session can be chosen. */
function actorFields(body: JsonObject): (readonly [string, string])[] {
  const has = (field: string) => scalarsAt(body, field).length > 0;
  if (has(ROLE)) {
    return [
      ['Actor (all sessions of the role)', ROLE],
      ['Actor (this session only)', SESSION],
    ];
  }
  const field = IDENTITIES.find(has);
  return field === undefined ? [] : [['Actor', field]];
}

/** What a mute asks for when these fields are chosen; fields that are no choice are left out. */
export function termsOf(choices: readonly MuteChoice[], fields: readonly string[]): MuteTerm[] {
  return choices
    .filter(({ field }) => fields.includes(field))
    .flatMap(({ field, values }) => values.map((value) => ({ field, value })));
}
