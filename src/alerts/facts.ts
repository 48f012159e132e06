import { behind } from '../cloudtrail/actor.ts';
import { eventUrl } from '../cloudtrail/console.ts';
import type { Json } from '../kernel/json.ts';
import { valuesAt } from '../rules/field.ts';
import type { Match } from '../rules/rule.ts';
import { fillSummary } from '../rules/summary.ts';
import type { AlertFacts } from './alert.ts';
import { sayNew } from './first-seen.ts';
import type { Accounts } from './labels.ts';

const MOST_FIELDS = 8;
const LONGEST_VALUE = 300;

/** What an alert says about the record that opened it. */
export function factsOf(match: Match, accounts: Accounts): AlertFacts {
  const { rule, record } = match;
  return {
    summary: fillSummary(rule.summary ?? '{actor} called {eventName}', record, match.firing),
    actor: record.actor.label,
    actorArn: record.actor.arn,
    behind: behind(record.actor),
    mfa: record.actor.mfa,
    eventSource: record.eventSource,
    eventName: record.eventName,
    outcome: outcomeOf(match),
    errorMessage: record.errorMessage,
    sourceAddress: record.sourceAddress,
    userAgent: record.userAgent,
    account: record.account,
    accountName: accounts.get(record.account)?.name,
    region: record.region,
    eventId: record.eventId,
    eventTime: record.eventTime,
    fields: fieldsOf(match),
    consoleUrl: eventUrl(record),
  };
}

/** Sign-in says failure in its answer, not in an error code. */
function outcomeOf({ record }: Match): string {
  if (record.errorCode !== undefined) return record.errorCode;
  const signIn = valuesAt(record.body, 'responseElements.ConsoleLogin')[0];
  return typeof signIn === 'string' ? signIn : 'Success';
}

function fieldsOf(match: Match): [string, string][] {
  const { rule, record } = match;
  const news = sayNew(match);
  const shown: [string, string][] = news === undefined ? [] : [['New', news]];
  for (const path of rule.fields) {
    if (SHOWN_ANYWAY.has(path)) continue;
    const values = valuesAt(record.body, path).filter((value) => value !== null);
    if (values.length === 0) continue;
    shown.push([path, values.map(asText).join(', ').slice(0, LONGEST_VALUE)]);
    if (shown.length === MOST_FIELDS) break;
  }
  return shown;
}

const SHOWN_ANYWAY = new Set([
  'eventName',
  'eventSource',
  'eventTime',
  'awsRegion',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'errorMessage',
  'recipientAccountId',
  'userIdentity.arn',
  'userIdentity.accountId',
]);

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
