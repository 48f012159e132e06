import type { types } from '@slack/bolt';
import type { Alert, AlertFacts } from '../alerts/alert.ts';
import type { EventSort } from '../cloudtrail/telling.ts';
import type { Sample } from '../work/samples.ts';
import { bullets, codeLeaf, type Leaf, label, leaf, rawCell, richText, sayCount, words } from './text.ts';

/** What fits on one line of a wide screen: a user agent begins with what tells most, and Show event has it whole. */
const LONGEST_CLIENT = 80;

/** Who, what, from where, with what, which account: one line each. */
export function drawFacts(facts: AlertFacts): types.RichTextBlock {
  const lines = isNobody(facts) ? [] : [actorLine(facts)];
  if (facts.behind.length > 0) lines.push([label('Behind'), ...behind(facts)]);
  lines.push(didLine(facts), ...toldLines(facts));
  if (facts.errorMessage) lines.push([label('Error'), leaf(facts.errorMessage, 400)]);
  if (facts.sourceAddress) lines.push([label('From'), codeLeaf(facts.sourceAddress, 128)]);
  if (facts.userAgent) lines.push([label('Client'), codeLeaf(facts.userAgent, LONGEST_CLIENT)]);
  lines.push(whereLine(facts), ...fieldLines(facts));
  return richText(lines);
}

/** The same for many events: what they share; the calls and addresses stand in the table. */
export function drawSharedFacts(facts: AlertFacts): types.RichTextBlock {
  const lines = [actorLine(facts)];
  if (facts.behind.length > 0) lines.push([label('Behind'), ...behind(facts)]);
  if (facts.userAgent) lines.push([label('Client'), codeLeaf(facts.userAgent, LONGEST_CLIENT)]);
  lines.push(whereLine(facts));
  return richText(lines);
}

/** What is left to read once an alert is resolved: the outcome, and who did what. */
export function drawOutcome(alert: Alert): types.RichTextBlock {
  const outcome = [
    label('Outcome'),
    words(alert.disposition ? DISPOSITION_WORDS[alert.disposition] : 'Resolved'),
  ];
  if (alert.note) outcome.push(words(' — '), leaf(alert.note, 1000));
  const { facts } = alert;
  const actor = isNobody(facts) ? [] : [actorLine(facts)];
  return richText([outcome, ...actor, didLine(facts), whereLine(facts)]);
}

/** The dispositions as people read them. */
export const DISPOSITION_WORDS = {
  true_positive: 'True positive',
  expected: 'Expected activity',
  false_positive: 'False positive',
  test: 'Test',
} as const;

/** The most frequent calls of a burst, as a table. */
export function drawTable(alert: Alert, samples: readonly Sample[]): types.TableBlock {
  const head = [rawCell('API call'), rawCell('Times'), rawCell('From')];
  return {
    type: 'table',
    block_id: `tbl:${alert.id}:${alert.version}`,
    column_settings: [{ is_wrapped: true }, { align: 'right' }, { is_wrapped: true }],
    rows: [
      head,
      ...shown(samples).map((one) => [
        rawCell(one.call),
        rawCell(sayCount(one.count)),
        rawCell(one.from || '–'),
      ]),
    ],
  };
}

/** The table's twin for a workspace that does not take tables yet. */
export function drawTableAsList(samples: readonly Sample[]): types.RichTextBlock {
  return bullets(
    shown(samples).map((one) => [
      codeLeaf(one.call, 100),
      words(` × ${sayCount(one.count)}`),
      ...(one.from ? [words(' from '), codeLeaf(one.from, 100)] : []),
    ]),
  );
}

function shown(samples: readonly Sample[]): readonly Sample[] {
  return samples.slice(0, 6);
}

function actorLine(facts: AlertFacts): Leaf[] {
  const line = [label(facts.sort === 'insight' ? 'Top caller' : 'Actor'), leaf(facts.actor, 200)];
  if (facts.actorArn) line.push(words(' '), codeLeaf(facts.actorArn, 300));
  if (facts.mfa !== undefined) line.push(words(facts.mfa ? ' · with MFA' : ' · without MFA'));
  return line;
}

function behind(facts: AlertFacts): Leaf[] {
  return facts.behind
    .slice(0, 5)
    .flatMap((who, at) => (at === 0 ? [leaf(who, 200)] : [words(' · '), leaf(who, 200)]));
}

function didLine(facts: AlertFacts): Leaf[] {
  const call = codeLeaf(`${clip(facts.eventSource)} ${clip(facts.eventName)}`, 260);
  const named = facts.sort && NO_CALL.get(facts.sort);
  if (named !== undefined) return [label(named), call];
  return [label('Did'), call, words(' → '), leaf(facts.outcome, 120)];
}

/** Events in which nobody called anything that could succeed, and how their line of what happened begins. */
export const NO_CALL: ReadonlyMap<EventSort, string> = new Map([
  ['insight', 'Unusual'],
  ['service', 'Event'],
  ['own', 'Event'],
]);

/** An Insight does not always say whose calls they were. */
function isNobody({ sort, actorArn }: AlertFacts): boolean {
  return sort === 'insight' && actorArn === undefined;
}

/** What only events of this sort have. */
function toldLines({ told = [] }: AlertFacts): Leaf[][] {
  return told.slice(0, 6).map(([name, text]) => [label(name), leaf(text, 300)]);
}

function clip(text: string): string {
  return text.slice(0, 128);
}

function whereLine(facts: AlertFacts): Leaf[] {
  const account = facts.accountName ? [leaf(facts.accountName, 80), words(' ')] : [];
  return [
    label('Where'),
    ...account,
    leaf(facts.account, 40),
    words(' · '),
    leaf(facts.region, 40),
    words(' · eventID '),
    codeLeaf(facts.eventId, 64),
  ];
}

/** The rule's fields, those of one part of the record on one line: `Request  userName bob · path /`. */
function fieldLines(facts: AlertFacts): Leaf[][] {
  const lines = new Map<string, Leaf[]>();
  for (const [path, value] of facts.fields.slice(0, 8)) {
    const [, part = '', rest = ''] = /^([^.]+)\.(.+)$/s.exec(path) ?? [];
    const named = PARTS.get(part);
    const line = lines.get(named ?? path) ?? [leaf(named ?? path, 60, { bold: true }), words('  ')];
    if (line.length > 2) line.push(words(' · '));
    if (named !== undefined) line.push(leaf(rest, 60), words(' '));
    line.push(codeLeaf(value, 250));
    lines.set(named ?? path, line);
  }
  return [...lines.values()];
}

/** How the parts of a record are called. Source: AWS CloudTrail user guide, "CloudTrail record contents". */
const PARTS: ReadonlyMap<string, string> = new Map([
  ['requestParameters', 'Request'],
  ['responseElements', 'Response'],
  ['userIdentity', 'Identity'],
  ['additionalEventData', 'Further'],
]);
