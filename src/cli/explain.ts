import { judgeHere, openLookup } from '../app/lookup.ts';
import { namesOf } from '../app/names.ts';
import { unwrap } from '../cloudtrail/envelope.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import { createLog } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import { MINUTE, type Millis, systemClock } from '../kernel/time.ts';
import { callOf } from '../questions/call.ts';
import { drawUp } from '../questions/drawing/draw-up.ts';
import type { JudgedAlert, Judgement } from '../questions/judgement.ts';
import type { EventInFull, Material } from '../questions/material.ts';
import type { EventsQuestion } from '../questions/question.ts';
import { readQuestion } from '../questions/reading/read-question.ts';
import type { ExplainedRule } from '../rules/explain/nearest.ts';
import { explainedLines } from '../rules/explain/say.ts';
import { answerText, plainAnswerText } from './answer-text.ts';
import { harmlessJson, onOneLine } from './columns.ts';
import { readPieces } from './input.ts';
import { commandsLike } from './lookup-command.ts';
import { soundRules } from './rules.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface ExplainOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

const ID = /^(?:A-\d{1,15}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
const WITHIN: Millis = 2 * MINUTE;
const COLUMNS = 100;

/** Prints what each rule says of one event, and what would become of it. Exit 1 when no rule matches. */
export async function explain(terminal: Terminal, event: string, options: ExplainOptions): Promise<number> {
  const { config } = readSettings(terminal, options.config, { data: options.data });
  const ruleset = soundRules(terminal, options.rules ?? [], options.config);
  const clock = systemClock;
  const width = terminal.columns ?? COLUMNS;
  let material: Material;
  if (ID.test(event)) {
    const question = questionOf(event, clock.now());
    const log = createLog('error', { write: terminal.err });
    const named = options.data !== undefined;
    const lookup = await openLookup({ config, clock, log, named, ruleset: () => ruleset });
    try {
      material = await lookup.ask(question, { signal: new AbortController().signal, deadline: WITHIN });
    } finally {
      await lookup.close();
    }
    const draw = () => drawUp(question, { kind: 'summary' }, material, namesOf(config), clock.now());
    const command = commandsLike(terminal.env, options);
    terminal.out(options.json ? jsonOf(material) : answerText(draw(), namesOf(config), { width, command }));
  } else {
    const record = await recordIn(terminal, event);
    const question = questionOf(record.eventId, clock.now());
    material = given(question, record, await judgeHere({ config, clock, ruleset }, record));
    const draw = () => drawUp(question, { kind: 'summary' }, material, namesOf(config), clock.now());
    terminal.out(options.json ? jsonOf(material) : plainAnswerText(draw(), width));
  }
  const matched = material.events?.some((one) => (one.judgement?.verdict.matched.length ?? 0) > 0);
  return matched ? EXIT.fine : EXIT.finding;
}

/** The one record of the input. Throws Misuse when there is none, or more than one. */
async function recordIn(terminal: Terminal, file: string): Promise<CloudTrailRecord> {
  const found: ReturnType<typeof readRecord>[] = [];
  for await (const pieces of readPieces(terminal, [file])) {
    for (const { value } of pieces) {
      for (const item of unwrap(value ?? null)) {
        found.push('reason' in item ? { unreadable: item.reason } : readRecord(item.record, item));
      }
    }
    if (found.length > 1) break;
  }
  const [record] = found;
  const name = onOneLine(file);
  if (!record) throw new Misuse(`${name} has no event. Give a file with one event, or the id of an event.`);
  if (found.length > 1) {
    throw new Misuse(
      `${name} has more than one event, and one is explained at a time. Give a file with one.`,
    );
  }
  if ('unreadable' in record) throw new Misuse(`${name} has no event: ${onOneLine(record.unreadable)}`);
  return record;
}

function questionOf(id: string, now: Millis): EventsQuestion {
  const read = readQuestion(`explain ${id}`, now);
  if ('kind' in read && read.kind === 'explain') return read;
  // A record without an id of its own cannot be asked for anywhere.
  return { kind: 'explain', eventIds: [id], scope: { period: { from: 0, to: now, said: 'last 90 days' } } };
}

/** An event of a file has no past here. */
function given({ scope }: EventsQuestion, record: CloudTrailRecord, judgement: Judgement): Material {
  const off = 'the event was given';
  return {
    calls: [callOf(record)],
    coverage: { scope, store: { off }, lookup: { off }, blind: [] },
    events: [{ record, receivedAt: undefined, alertIds: [], suppressed: [], judgement }],
  };
}

function jsonOf(material: Material): string {
  return `${harmlessJson(JSON.stringify(material.events?.map(brief) ?? []))}\n`;
}

/** What a program reads: the rules with their clauses as lines. */
function brief({ record, alertIds, suppressed, judgement }: EventInFull): object {
  const rule = ({ rule: { id, name, title, level }, explanation }: ExplainedRule) => ({
    rule: id,
    name,
    title,
    level,
    missing: explanation.missing,
    next: judgement?.next.get(id),
    clauses: explainedLines(explanation),
  });
  return {
    event: record.eventId,
    alerts: alertIds,
    counted: judgement?.alerts.flatMap(countedBrief),
    quiet: suppressed,
    matched: judgement?.verdict.matched.map(rule),
    missed: judgement?.verdict.missed.map(rule),
    others: judgement?.verdict.aboutOthers,
  };
}

function countedBrief({ id, ruleId, title, level, summary, counted }: JudgedAlert): object[] {
  if (!counted) return [];
  const { holds, says, calls } = counted;
  const events = calls.map(({ eventId }) => eventId);
  return [{ alert: id, rule: ruleId, title, level, summary, holds, text: says, events }];
}
