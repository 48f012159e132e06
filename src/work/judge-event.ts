import { fingerprintOf } from '../alerts/fingerprint.ts';
import type { Inhibition } from '../alerts/inhibition.ts';
import { type Accounts, groupValues, labelsOf } from '../alerts/labels.ts';
import type { MuteWindow } from '../alerts/mute-window.ts';
import { type Decision, type Route, routesFor } from '../alerts/route.ts';
import { type Silence, silencedBy } from '../alerts/silence.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { type Clock, type Millis, sayDuration, sayUtc } from '../kernel/time.ts';
import type { JudgedAlert, Judgement } from '../questions/judgement.ts';
import { type Use, usesOf } from '../rules/correlation/correlation.ts';
import { whyNotCounted } from '../rules/explain/counted.ts';
import { verdictOn } from '../rules/explain/nearest.ts';
import type { Level, Match } from '../rules/rule.ts';
import { allRules, type Ruleset } from '../rules/ruleset.ts';
import { lastResolved, openAlert } from '../store/alerts.ts';
import type { Sql } from '../store/sql.ts';
import { suppressionsOfRecord } from '../store/suppressions.ts';
import { confirmationOf, sayConfirmed } from './ask-actor/want.ts';
import { judgeAlerts } from './judge-alert.ts';
import { heldBackNow, sayHeldBack } from './mute/inhibit.ts';
import { quietBy } from './mute/suppress.ts';
import { isForDigest } from './raise.ts';

/** What a judgement is made with: the rules and settings in force, and the alerts there are. */
export interface JudgeEventTools {
  /** Without a store, what depends on other alerts is left out. */
  readonly sql: Sql | undefined;
  readonly ruleset: () => Ruleset;
  readonly settings: () => {
    routes: Route;
    silences: readonly Silence[];
    muteWindows?: readonly MuteWindow[];
    inhibitions?: readonly Inhibition[];
    accounts: Accounts;
    digests?: { readonly only: Level | undefined };
  };
  readonly clock: Clock;
}

/** Near misses that are looked at clause by clause. */
const MOST_MISSED = 3;

/** What the rules in force say of a record, and what would become of its matches if it came in now. */
export async function judgeEvent(tools: JudgeEventTools, record: CloudTrailRecord): Promise<Judgement> {
  const ruleset = tools.ruleset();
  const verdict = verdictOn(ruleset.compiled, record.body, MOST_MISSED);
  const uses = usesOf(ruleset.correlations);
  const alerts = tools.sql ? await judgeAlerts(tools.sql, ruleset, record.key) : [];
  const next = new Map<string, readonly string[]>();
  for (const { rule } of verdict.matched) {
    const match = { rule, record };
    const alone = rule.correlated ? [] : await sentencesFor(tools, match);
    next.set(rule.id, [...sayNeeds(match, uses.get(rule.id) ?? [], alerts), ...alone]);
  }
  return { verdict, next, alerts, quietTitles: await quietTitles(tools, ruleset, record) };
}

async function quietTitles({ sql }: JudgeEventTools, ruleset: Ruleset, { key }: CloudTrailRecord) {
  const quiet = new Set(sql ? (await suppressionsOfRecord(sql, key)).map(({ ruleId }) => ruleId) : []);
  return new Map(allRules(ruleset).flatMap(({ id, title }) => (quiet.has(id) ? [[id, title] as const] : [])));
}

/** What must be so beyond the event itself. */
function sayNeeds({ rule, record }: Match, uses: readonly Use[], alerts: readonly JudgedAlert[]): string[] {
  const { firstSeen, correlated } = rule;
  const first = firstSeen
    ? [`It goes on only where ${firstSeen.of.join(', ')} was not seen before, and not while the rule learns.`]
    : [];
  const said = uses.map((use) => sayUse(use, record, alerts));
  return [...first, ...new Set(said), ...(correlated ? ['By itself it alerts nobody.'] : [])];
}

/** Whether it counts towards a correlation, and in which alerts it did. */
function sayUse(use: Use, record: CloudTrailRecord, alerts: readonly JudgedAlert[]): string {
  const { id, title } = use.correlation.rule;
  const why = whyNotCounted(use, record);
  if (why !== undefined) return `It does not count towards “${title}”: ${why}.`;
  const counted = alerts.filter(({ ruleId }) => ruleId === id).map((alert) => alert.id);
  return `It counts towards “${title}”${counted.length > 0 ? `: it is counted in ${counted.join(', ')}` : ''}.`;
}

async function sentencesFor({ sql, settings, clock }: JudgeEventTools, match: Match): Promise<string[]> {
  const { routes, silences, muteWindows = [], inhibitions = [], accounts, digests } = settings();
  const labels = labelsOf(match, accounts);
  const now = clock.now();
  if (match.rule.level === 'informational') return ['Informational: it is counted, and never an alert.'];
  const silence = silencedBy(silences, labels, now);
  if (silence) return [saySilence(silence)];
  const quiet = await quietBy(sql, muteWindows, match, labels, now);
  if (quiet) return [`${quiet.reason.charAt(0).toUpperCase()}${quiet.reason.slice(1)}`];
  const by = sql && (await heldBackNow(sql, inhibitions, match, labels, now));
  const sentences: string[] = [];
  for (const decision of routesFor(routes, labels, now)) {
    const outcome = sql ? await sayAlert(sql, match, decision, now) : '';
    const held = outcome === '' && by ? ` It would be ${sayHeldBack(by)}.` : outcome;
    const low = held === '' && isForDigest(match.rule.level, digests?.only);
    sentences.push(`${sayRoute(match, decision)}${low ? DIGEST_ONLY : held}`);
  }
  return sentences;
}

const DIGEST_ONLY =
  ' It is low: it would have no message, and stand in the next digest alone (digests.only).';

function saySilence({ reason, until }: Silence): string {
  return `Silenced ${until === undefined ? 'for good' : `until ${sayUtc(until)}`}: ${reason}`;
}

function sayRoute({ rule }: Match, { channel, path, groupBy }: Decision): string {
  const fields = (groupBy ?? rule.groupBy ?? ['account', 'actor']).join(', ');
  return `To ${channel} by route ${path}, one alert for each ${fields}.`;
}

/** What stands in the way of a new alert: one that is open, or one that was resolved a moment ago. */
async function sayAlert(sql: Sql, match: Match, decision: Decision, now: Millis): Promise<string> {
  const values = groupValues(match, decision.groupBy);
  const fingerprint = fingerprintOf(match.rule.id, values, decision.channel);
  const open = await openAlert(sql, fingerprint);
  if (open) return ` ${open.id} is open: this would be counted into it.`;
  const resolved = await lastResolved(sql, fingerprint);
  const until = (resolved?.resolvedAt ?? 0) + (match.rule.quietFor ?? 0);
  const said = await confirmationOf(sql, match, fingerprint, now);
  if (!resolved || until <= now) {
    return said ? ` It would open no alert: ${await sayConfirmed(sql, said, now)}.` : '';
  }
  return ` ${resolved.id} was resolved, and the rule stays quiet for ${sayDuration(until - now)} more.`;
}
