import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { valuesAt } from '../rules/field.ts';
import type { Match } from '../rules/rule.ts';

/** What an account is called, from the configuration. */
interface AccountInfo {
  readonly name: string;
  readonly environment: string | undefined;
}

export type Accounts = ReadonlyMap<string, AccountInfo>;

/** What matchers of routes and silences look at. */
export function labelsOf(match: Match, accounts: Accounts): ReadonlyMap<string, readonly string[]> {
  const { rule, record } = match;
  const info = accounts.get(record.account);
  return new Map([
    ['level', [rule.level]],
    ['rule', [rule.id, rule.name]],
    ['tag', rule.tags],
    ['account', info ? [record.account, info.name] : [record.account]],
    ['environment', info?.environment === undefined ? [] : [info.environment]],
    ['region', [record.region]],
    ['actor', [record.actor.id, record.actor.name]],
  ]);
}

/**
 * The values that make two matches of a rule one alert: the route's choice, the rule's, a correlation's group-by, or
 * account + actor.
 */
export function groupValues(
  { rule, record, firing }: Match,
  chosen: readonly string[] | undefined,
): string[] {
  const group = new Map(firing?.group);
  const own = firing ? [...group.keys()] : ['account', 'actor'];
  return (chosen ?? rule.groupBy ?? own).map((field) => group.get(field) ?? groupValue(record, field));
}

function groupValue(record: CloudTrailRecord, field: string): string {
  if (field === 'account') return record.account;
  if (field === 'actor') return record.actor.id;
  if (field === 'region') return record.region;
  return JSON.stringify(valuesAt(record.body, field));
}
