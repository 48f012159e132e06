import type { ExplainedRule } from '../../rules/explain/nearest.ts';
import { type ExplainedLine, explainedLines, failingLines } from '../../rules/explain/say.ts';
import type { Line, Part } from '../answer.ts';
import { type Call, sayAction } from '../call.ts';
import type { CountedEvents, JudgedAlert, Judgement } from '../judgement.ts';
import { bold, cut, fact, sayCount, text } from '../lines.ts';
import type { EventInFull } from '../material.ts';
import type { EventsQuestion } from '../question.ts';
import { sayActor, sayAddress } from '../say-names.ts';
import type { Asked, Draft } from './draft.ts';
import { keptQuiet, withTimes } from './kept-quiet.ts';

/** Rules that are shown clause by clause. */
const MOST_MATCHED = 5;
const MOST_MISSED = 3;
/** Events that a correlation counted. */
const MOST_CALLS = 5;
const LONGEST_LINE = 220;
const LONGEST_COUNT = 600;
const LONGEST = 2_800;

/** Why an event alerted, or not: each rule about it, clause by clause, and what became of its matches. */
export function drawUpExplain(asked: Asked<EventsQuestion>): Draft {
  const [event] = asked.material.events ?? [];
  if (!event) return { lead: [], parts: [], follow: [] };
  const { judgement } = event;
  if (!judgement) return { lead: [text('The rules are not at hand.')], parts: [], follow: [] };
  const alert = judgement.alerts.find(({ id }) => asked.question.eventIds.includes(id));
  const follow: Draft['follow'] = [
    {
      label: [text('Show event')],
      question: { ...asked.question, kind: 'event', eventIds: [event.record.eventId] },
    },
  ];
  if (alert?.counted) return { ...drawCounted(alert, alert.counted, asked), follow };
  const { missed } = judgement.verdict;
  // The rule of the alert that was asked for goes before others that match the same event.
  const isOwn = ({ rule }: ExplainedRule) => Number(rule.id === alert?.ruleId);
  const matched = judgement.verdict.matched.toSorted((a, b) => isOwn(b) - isOwn(a));
  return {
    lead: alert
      ? [...sayAlert(alert), text(' '), ...sayMatches({ matched, missed })]
      : [...sayMatches({ matched, missed }), ...sayEvent(event, asked)],
    parts: [
      ...becameOf(event, asked),
      ...matched.slice(0, MOST_MATCHED).flatMap((one) => drawMatched(one, judgement)),
      ...restOf(matched.length - MOST_MATCHED, 'further rule matched', 'further rules matched'),
      ...missed
        .slice(0, MOST_MISSED)
        .map((one, at) => drawMissed(one, matched.length === 0 && at === 0 ? 'whole' : 'short')),
      ...drawOthers(judgement),
    ],
    follow,
  };
}

/** The alert of a correlation: the count that made it, its newest events, and each rule that it counts for one. */
function drawCounted(
  alert: JudgedAlert,
  { holds, says, calls, rules }: CountedEvents,
  { names }: Asked,
): Omit<Draft, 'follow'> {
  const clause = `${holds ? '✓' : '✗'} ${clauseText(says, LONGEST_COUNT)}`;
  const shown = calls.slice(0, MOST_CALLS);
  const changed =
    'This is not enough by the rules in force: they were changed since, or some of the events are gone.';
  return {
    lead: sayAlert(alert),
    parts: [
      { kind: 'code', title: `${cut(alert.title)} · ${alert.level}`, text: clause },
      ...(holds ? [] : [{ kind: 'lines' as const, lines: [[text(changed)]] }]),
      {
        kind: 'list',
        title: `What it counted${calls.length > shown.length ? `: the newest ${shown.length} of ${calls.length}` : ''}`,
        ordered: false,
        items: shown.map((call) => sayCall(call, names)),
      },
      ...rules.map((one) => drawRule(one, 'counts', explainedLines(one.explanation))),
    ],
  };
}

function sayAlert({ id, title, level, summary }: JudgedAlert): Line {
  const sentence = cut(summary, LONGEST_LINE);
  return [
    bold(`${id} “${cut(title)}”`, 120),
    text(` · ${level}: ${sentence}${/[.!?…]$/.test(sentence) ? '' : '.'}`),
  ];
}

function sayCall(call: Call, names: Asked['names']): Line {
  return [
    { at: call.at, form: 'date and time' },
    text('  '),
    bold(sayAction(call)),
    text(` by ${sayActor(call.actor.label, names)} from `),
    ...sayAddress(call.address, names),
    ...(call.errorCode === undefined ? [] : [text(` → ${cut(call.errorCode)}`)]),
  ];
}

function sayMatches({ matched, missed }: Pick<Judgement['verdict'], 'matched' | 'missed'>): Line {
  if (matched.length > 0) {
    const count = sayCount(matched.length, 'rule matches', 'rules match');
    return [bold(count), text(`: ${titles(matched)}.`)];
  }
  const [nearest] = missed;
  const near = nearest ? `; the nearest is “${cut(nearest.rule.title)}”, ${away(nearest)}` : '';
  return [bold('No rule matches'), text(`${near}.`)];
}

function sayEvent({ record }: EventInFull, { names }: Asked): Line {
  return [
    text(` ${sayActor(record.actor.label, names)} called `),
    bold(sayAction({ source: record.eventSource, name: record.eventName })),
    text(', '),
    { at: record.eventTime, form: 'date and time' },
    text('.'),
  ];
}

function titles(rules: readonly ExplainedRule[]): string {
  const shown = rules.slice(0, 3).map(({ rule }) => `“${cut(rule.title)}”`);
  return shown.join(', ') + (rules.length > 3 ? ` and ${rules.length - 3} more` : '');
}

function away({ explanation }: ExplainedRule): string {
  return `${sayCount(explanation.missing, 'clause')} away`;
}

/** What really happened to it, which older rules may have decided. Nobody knows of an event that was given. */
function becameOf(event: EventInFull, { material }: Asked): Part[] {
  const { alertIds, receivedAt } = event;
  const { store, lookup } = material.coverage;
  if ('off' in store && 'off' in lookup) return [];
  const alerts = alertIds.length > 0 ? alertIds.slice(0, 20).join(', ') : 'none';
  const unseen = 'none: it did not come through the webhook, so no rule has seen it';
  const line = fact('Alerts', text(receivedAt === undefined ? unseen : alerts));
  return [{ kind: 'lines', lines: [line, ...keptQuiet(event)] }];
}

function drawMatched(explained: ExplainedRule, { next }: Judgement): Part[] {
  const sentences = (next.get(explained.rule.id) ?? []).map((one) => cut(one, 300));
  const now = fact('Now', ...withTimes(sentences.join(' ')));
  return [
    drawRule(explained, 'matches', explainedLines(explained.explanation)),
    ...(sentences.length > 0 ? [{ kind: 'lines' as const, lines: [now] }] : []),
  ];
}

/** Whole, or only the clauses that fail. */
function drawMissed(explained: ExplainedRule, how: 'whole' | 'short'): Part {
  const { explanation } = explained;
  const lines = how === 'whole' ? explainedLines(explanation) : failingLines(explanation);
  return drawRule(explained, away(explained), lines);
}

function drawRule({ rule }: ExplainedRule, said: string, clauses: readonly ExplainedLine[]): Part {
  const lines = clauses.map(
    ({ depth, holds, text: clause }) =>
      `${'  '.repeat(depth)}${holds ? '✓' : '✗'} ${clauseText(clause, LONGEST_LINE)}`,
  );
  return { kind: 'code', title: `${cut(rule.title)} · ${rule.level} · ${said}`, text: fitting(lines) };
}

/** A value with line ends must not look like clauses of its own. */
function clauseText(untrusted: string, longest: number): string {
  return cut(untrusted.replaceAll(/[\r\n\u2028\u2029]+/g, ' '), longest);
}

/** As many lines as a message has room for. */
function fitting(lines: readonly string[]): string {
  let length = 0;
  const shown = lines.filter((line) => {
    length += line.length + 1;
    return length <= LONGEST;
  });
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${sayCount(left, 'clause')}`] : [])].join('\n');
}

function restOf(rest: number, one: string, many: string): Part[] {
  return rest > 0 ? [{ kind: 'lines', lines: [[text(`and ${sayCount(rest, one, many)}`)]] }] : [];
}

function drawOthers({ verdict }: Judgement): Part[] {
  const about = verdict.furtherMissed + Math.max(0, verdict.missed.length - MOST_MISSED);
  const parts = [
    ...(about > 0
      ? [
          `${sayCount(about, 'rule that could have matched lacks', 'rules that could have matched lack')} more`,
        ]
      : []),
    ...(verdict.aboutOthers > 0
      ? [`${sayCount(verdict.aboutOthers, 'rule is', 'rules are')} about other calls`]
      : []),
  ];
  return parts.length > 0 ? [{ kind: 'lines', lines: [[text(`${parts.join('; ')}.`)]] }] : [];
}
