import type { ExplainedRule } from '../../rules/explain/nearest.ts';
import { explainedLines } from '../../rules/explain/say.ts';
import type { Line, Part } from '../answer.ts';
import { sayAction } from '../call.ts';
import type { Judgement } from '../judgement.ts';
import { bold, code, cut, fact, sayCount, text } from '../lines.ts';
import type { EventInFull } from '../material.ts';
import type { EventsQuestion } from '../question.ts';
import { sayActor } from '../say-names.ts';
import type { Asked, Draft } from './draft.ts';

/** Rules that are shown clause by clause. */
const MOST_MATCHED = 5;
const MOST_MISSED = 3;
const LONGEST_LINE = 220;
const LONGEST = 2_800;

/** Why an event alerted, or not: each rule about it, clause by clause, and what became of its matches. */
export function drawUpExplain(asked: Asked<EventsQuestion>): Draft {
  const [event] = asked.material.events ?? [];
  if (!event) return { lead: [], parts: [], follow: [] };
  const { judgement } = event;
  if (!judgement) return { lead: [text('The rules are not at hand.')], parts: [], follow: [] };
  return {
    lead: leadOf(event, judgement, asked),
    parts: [
      ...becameOf(event, asked),
      ...judgement.verdict.matched.slice(0, MOST_MATCHED).flatMap((one) => drawMatched(one, judgement)),
      ...restOf(
        judgement.verdict.matched.length - MOST_MATCHED,
        'further rule matched',
        'further rules matched',
      ),
      ...judgement.verdict.missed.slice(0, MOST_MISSED).map(drawMissed),
      ...drawOthers(judgement),
    ],
    follow: [
      {
        label: [text('Show event')],
        question: { ...asked.question, kind: 'event', eventIds: [event.record.eventId] },
      },
    ],
  };
}

function leadOf({ record }: EventInFull, { verdict }: Judgement, { names }: Asked): Line {
  const { matched, missed } = verdict;
  const nearest = missed[0];
  const said: Line =
    matched.length > 0
      ? [bold(sayCount(matched.length, 'rule matches', 'rules match')), text(': '), text(titles(matched))]
      : [
          bold('No rule matches'),
          text(nearest ? `; the nearest is “${cut(nearest.rule.title)}”, ${away(nearest)}` : ''),
        ];
  return [
    ...said,
    text('. '),
    text(`${sayActor(record.actor.label, names)} called `),
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
function becameOf({ alertIds, suppressed, receivedAt }: EventInFull, { material }: Asked): Part[] {
  const { store, lookup } = material.coverage;
  if ('off' in store && 'off' in lookup) return [];
  const quiet = suppressed
    .slice(0, 5)
    .map(({ ruleId, reason }): Line => fact('Kept quiet', code(ruleId), text(` ${cut(reason, 300)}`)));
  const alerts = alertIds.length > 0 ? alertIds.slice(0, 20).join(', ') : 'none';
  const unseen = 'none: it did not come through the webhook, so no rule has seen it';
  const line = fact('Alerts', text(receivedAt === undefined ? unseen : alerts));
  return [{ kind: 'lines', lines: [line, ...quiet] }];
}

function drawMatched(explained: ExplainedRule, { next }: Judgement): Part[] {
  const sentences = next.get(explained.rule.id) ?? [];
  return [
    drawRule(explained, 'matches'),
    ...(sentences.length > 0
      ? [{ kind: 'lines' as const, lines: sentences.map((one): Line => fact('Now', text(cut(one, 300)))) }]
      : []),
  ];
}

function drawMissed(explained: ExplainedRule): Part {
  return drawRule(explained, away(explained));
}

function drawRule({ rule, explanation }: ExplainedRule, said: string): Part {
  const lines = explainedLines(explanation).map(
    ({ depth, holds, text: clause }) =>
      `${'  '.repeat(depth)}${holds ? '✓' : '✗'} ${cut(clause, LONGEST_LINE)}`,
  );
  return { kind: 'code', title: `${cut(rule.title)} · ${rule.level} · ${said}`, text: fitting(lines) };
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
