import { behind } from '../cloudtrail/actor.ts';
import type { Portal } from '../cloudtrail/console.ts';
import { consoleLinks } from '../cloudtrail/console-links.ts';
import { readInsight } from '../cloudtrail/insight.ts';
import { signInOutcome } from '../cloudtrail/sign-in.ts';
import { type Telling, tell } from '../cloudtrail/telling.ts';
import type { Json } from '../kernel/json.ts';
import { valuesAt } from '../rules/field.ts';
import type { Match } from '../rules/rule.ts';
import { fillSummary } from '../rules/summary.ts';
import type { AlertFacts } from './alert.ts';
import { sayNew } from './first-seen.ts';
import type { Accounts } from './labels.ts';

const MOST_FIELDS = 8;
const LONGEST_VALUE = 300;

/** What an alert says about the record that opened it. With `portal` its links open the console through that. */
export function factsOf(match: Match, accounts: Accounts, portal?: Portal): AlertFacts {
  const { record } = match;
  const links = consoleLinks(record, portal);
  const telling = tell(record);
  return {
    summary: summaryOf(match, telling, accounts),
    actor: record.actor.label,
    actorArn: record.actor.arn,
    behind: behind(record.actor),
    mfa: record.actor.mfa,
    eventSource: record.eventSource,
    eventName: record.eventName,
    outcome: outcomeOf(match),
    errorMessage: record.errorMessage,
    sourceAddress: outside(record.sourceAddress),
    userAgent: outside(record.userAgent),
    account: record.account,
    accountName: accounts.get(record.account)?.name,
    region: record.region,
    eventId: record.eventId,
    eventTime: record.eventTime,
    fields: fieldsOf(match),
    consoleUrl: links.event,
    thing: links.thing,
    sort: telling?.sort,
    told: telling && toldBeside(telling, match, accounts),
    insight: halfOf(match),
  };
}

/** The rule's own words; else what this sort of event is told with, or who called what. */
function summaryOf(match: Match, telling: Telling | undefined, accounts: Accounts): string {
  const { rule, record, firing } = match;
  if (rule.summary !== undefined) return fillSummary(rule.summary, record, firing);
  if (telling && !firing) return named(telling.said, accounts);
  return fillSummary('{actor} called {eventName}', record, firing);
}

/** What the rule's fields show is not said twice. */
function toldBeside({ facts }: Telling, { rule }: Match, accounts: Accounts): Telling['facts'] {
  const own = rule.fields.some((path) => path.startsWith('serviceEventDetails'));
  return facts
    .filter(([label]) => !own || label !== 'Details')
    .map(([label, text]) => [label, named(text, accounts)]);
}

/** A sentence with its accounts by name. */
function named(text: string, accounts: Accounts): string {
  return text.replace(/\baccount (\d{12})\b/g, (said, id: string) => {
    const name = accounts.get(id)?.name;
    return name === undefined ? said : `account ${name} (${id})`;
  });
}

/** AWS writes this in place of an address and of a client where it was its own. */
function outside(said: string | undefined): string | undefined {
  return said === 'AWS Internal' ? undefined : said;
}

function halfOf({ record }: Match): AlertFacts['insight'] {
  const { sharedId, state } = readInsight(record.body) ?? {};
  return sharedId === undefined || state === undefined ? undefined : { sharedId, state };
}

/**
 * What changes in an alert about an Insight when the Insight's other half comes: it is over, and what it came to.
 * `undefined` for any other match.
 */
export function factsOfBothHalves(
  before: AlertFacts,
  match: Match,
  accounts: Accounts,
): Partial<AlertFacts> | undefined {
  const half = halfOf(match);
  const { insight: known, endedAt } = before;
  if (!half || !known || endedAt !== undefined) return undefined;
  if (half.sharedId !== known.sharedId || half.state === known.state) return undefined;
  if (half.state === 'start') return { endedAt: before.eventTime };
  const telling = tell(match.record);
  return {
    summary: summaryOf(match, telling, accounts),
    told: telling && toldBeside(telling, match, accounts),
    endedAt: match.record.eventTime,
  };
}

/** Sign-in says failure in its answer, not in an error code. */
function outcomeOf({ record }: Match): string {
  return record.errorCode ?? signInOutcome(record) ?? 'Success';
}

function fieldsOf(match: Match): [string, string][] {
  const { rule, record } = match;
  const news = sayNew(match);
  const shown: [string, string][] = news === undefined ? [] : [['New', news]];
  for (const path of rule.fields) {
    if (SHOWN_ANYWAY.has(path) || path.startsWith('insightDetails.')) continue;
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
