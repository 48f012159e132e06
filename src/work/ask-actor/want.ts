import type { Alert } from '../../alerts/alert.ts';
import { doerOf, isAboutOwnCredentials, isGrave } from '../../alerts/ask-actor.ts';
import type { Accounts } from '../../alerts/labels.ts';
import { type Millis, sayUtc } from '../../kernel/time.ts';
import type { Match } from '../../rules/rule.ts';
import { fillSummary } from '../../rules/summary.ts';
import {
  type ActorQuestion,
  confirmations,
  countQuieted,
  type Deed,
  insertQuestion,
  questionsOfAlert,
} from '../../store/actor-questions.ts';
import { alertById } from '../../store/alerts.ts';
import { enqueue } from '../../store/jobs.ts';
import { operatorNames } from '../../store/operators.ts';
import type { Sql } from '../../store/sql.ts';
import type { Suppression } from '../../store/suppressions.ts';
import { nameOf } from './name.ts';

/** Job: ask what is wanted. Its subject is the question. */
export const ASK_JOB = 'actor_ask';

/** One alert asks so often at most, whoever it is that it asks. */
const MOST_OF_ALERT = 5;

/**
 * Asks for the human behind a new alert to be asked, in the transaction that opens it; due with its message. About what
 * stands in digests alone nobody is asked: there is no thread in which others would read it.
 */
export async function wantQuestion(sql: Sql, alert: Alert, match: Match, now: Millis): Promise<void> {
  if (!match.rule.askActor || alert.loudness !== 'usual') return;
  const { summary, accountName } = alert.facts;
  await want(sql, { alert, number: 1, match, summary, accountName }, now + alert.groupWait, now);
}

/**
 * A further match of an open alert: another human is asked, too; and whoever has said yes is asked again when something
 * grave comes from an address that the yes was not about.
 */
export async function wantFurtherQuestion(
  sql: Sql,
  alert: Alert,
  match: Match,
  accounts: Accounts,
  now: Millis,
): Promise<void> {
  const { rule, record, firing } = match;
  if (!rule.askActor || !(await isLoud(sql, alert))) return;
  const before = await questionsOfAlert(sql, alert.id);
  const { key } = doerOf(record);
  const same = before.filter(({ doer }) => doer.key === key);
  const known = same.length > 0 && !isElsewhere(match, same);
  if (known || before.length >= MOST_OF_ALERT) return;
  const number = before.length + 1;
  const summary = fillSummary(rule.summary ?? '{actor} called {eventName}', record, firing);
  const accountName = accounts.get(record.account)?.name;
  await want(sql, { alert, number, match, summary, accountName }, now, now);
}

/** This very match may have brought it out of the digests. */
async function isLoud(sql: Sql, { id, loudness }: Alert): Promise<boolean> {
  return loudness === 'usual' || (await alertById(sql, id))?.loudness === 'usual';
}

/** Nothing is open, and what was said yes to did not come from there. */
function isElsewhere({ rule, record }: Match, same: readonly ActorQuestion[]): boolean {
  return (
    isGrave(rule.level) &&
    same.every(({ state, address }) => state === 'yes' && address !== record.sourceAddress)
  );
}

interface Wanted {
  readonly alert: Alert;
  readonly number: number;
  readonly match: Match;
  readonly summary: string;
  readonly accountName: string | undefined;
}

async function want(
  sql: Sql,
  { alert, number, match, summary, accountName }: Wanted,
  dueAt: Millis,
  now: Millis,
): Promise<void> {
  const { rule, record } = match;
  const { sourceAddress, userAgent } = record;
  const deed: Deed = {
    summary,
    at: record.eventTime,
    account: accountName === undefined ? record.account : `${accountName} (${record.account})`,
    region: record.region,
    own: isAboutOwnCredentials(record),
    ...(sourceAddress === undefined ? {} : { from: sourceAddress }),
    ...(userAgent === undefined ? {} : { client: userAgent }),
  };
  await insertQuestion(sql, {
    alertId: alert.id,
    number,
    ruleId: rule.id,
    account: record.account,
    doer: doerOf(record),
    deed,
    address: sourceAddress,
    wantedAt: now,
  });
  await enqueue(sql, ASK_JOB, `${alert.id}:${number}`, dueAt);
}

/** Why a match that would open an alert does not: whoever did it has said yes to the same, a short while ago. */
export async function confirmedBefore(
  sql: Sql,
  match: Match,
  fingerprint: string,
  now: Millis,
): Promise<Suppression | undefined> {
  const said = await confirmationOf(sql, match, fingerprint, now);
  if (!said) return undefined;
  await countQuieted(sql, said);
  const reason = await sayConfirmed(sql, said, now);
  const place = { recordKey: match.record.key, ruleId: match.rule.id };
  return { ...place, kind: 'confirmed', reason, source: said.alertId };
}

/** `bob said at 2026-11-20 09:15:00 UTC that it was them (A-12)`. */
export async function sayConfirmed(sql: Sql, said: ActorQuestion, now: Millis): Promise<string> {
  const who = nameOf(said, await operatorNames(sql));
  return `${who} said at ${sayUtc(said.answeredAt ?? now)} that it was them (${said.alertId})`;
}

/** The yes that keeps a match from opening an alert. */
export async function confirmationOf(
  sql: Sql,
  { rule, record }: Match,
  fingerprint: string,
  now: Millis,
): Promise<ActorQuestion | undefined> {
  if (!rule.askActor) return undefined;
  const of = { ruleId: rule.id, account: record.account, key: doerOf(record).key, fingerprint };
  return fitting(await confirmations(sql, of, now), isGrave(rule.level), record.sourceAddress);
}

/** What is grave has to come from the address that was confirmed. */
export function fitting(
  said: readonly ActorQuestion[],
  grave: boolean,
  address: string | undefined,
): ActorQuestion | undefined {
  return said.find((one) => !grave || one.address === address);
}
