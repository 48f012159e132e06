import type { Config } from '../config/config.ts';
import { createLog, type Log } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import {
  type Clock,
  MINUTE,
  type Millis,
  parseDuration,
  SECOND,
  sayDuration,
  systemClock,
} from '../kernel/time.ts';
import type { Answer } from '../questions/answer.ts';
import { toCsv } from '../questions/csv.ts';
import { drawUp } from '../questions/drawing/draw-up.ts';
import { sayCount } from '../questions/lines.ts';
import type { Material, Names } from '../questions/material.ts';
import type { Mistake, Question } from '../questions/question.ts';
import { readQuestion } from '../questions/reading/read-question.ts';
import type { AskOptions, AskState } from '../work/ask/ask.ts';
import { answerJson } from './answer-json.ts';
import { answerText, coverageLines } from './answer-text.ts';
import { harmless, onOneLine } from './columns.ts';
import { type Command, commandsLike, programOf } from './lookup-command.ts';
import { allRead, nothingAsked } from './missing.ts';
import { createProgress } from './progress.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { wholeTimeline } from './timeline.ts';

export interface LookupOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly timeline?: boolean;
  /** From 1. */
  readonly page?: number;
  readonly limit?: number;
  /** A length such as `90s` or `5m`. */
  readonly within?: string;
  readonly config?: string;
  readonly data?: string;
}

/** What answers come from. */
export interface LookupTools {
  ask(question: Question, options: AskOptions): Promise<Material>;
  readonly names: Names;
  close(): Promise<void>;
}

/** `named`: the person said which data folder. */
type Open = (options: { config: Config; clock: Clock; log: Log; named: boolean }) => Promise<LookupTools>;

/** What was asked, and what was found. */
interface Found {
  readonly question: Question;
  readonly material: Material;
  readonly names: Names;
  readonly now: Millis;
}

const WITHIN: Millis = 2 * MINUTE;
/** Lines of a timeline. */
const TIMELINE_LIMIT = 100;
/** Columns where nobody says how many there are, and the fewest that anything is fitted into. */
const COLUMNS = 120;
const FEWEST_COLUMNS = 40;
const NOTHING_ASKED =
  'Neither the own store nor AWS could be asked: this answer says nothing about what happened.';

/** The lookup in this process; what it needs of AWS is loaded only here. */
const openHere: Open = async (options) => {
  const { openLookup } = await import('../app/lookup.ts');
  return openLookup(options);
};

/**
 * Answers the question that the words make, from the own store and from AWS. Ctrl-C ends the search, not the
 * command: what was found is printed with what it covers.
 */
export async function lookup(
  terminal: Terminal,
  words: readonly string[],
  options: LookupOptions,
  open: Open = openHere,
  clock: Clock = systemClock,
): Promise<number> {
  refuseContradictions(options);
  const deadline = deadlineOf(options.within);
  const { config } = readSettings(terminal, options.config, { data: options.data });
  const command = commandsLike(terminal.env, options);
  const asked = words.map(asTyped(words.length)).join(' ');
  const question = readQuestion(asked, clock.now(), config.accounts);
  if ('mistake' in question) throw new Misuse(sayMistake(question, asked, terminal, command));
  if (question.kind === 'explain') {
    const words = `explain ${question.eventIds.join(' ')}`;
    throw new Misuse(`“explain” is a command of its own. Try: ${programOf(terminal.env)} ${words}`);
  }
  const log = createLog('error', { write: terminal.err });
  const tools = await open({ config, clock, log, named: options.data !== undefined });
  try {
    const material = await search(terminal, tools, question, deadline);
    print(terminal, { question, material, names: tools.names, now: clock.now() }, options, command);
    return nothingAsked(material.coverage) ? EXIT.finding : EXIT.fine;
  } finally {
    await tools.close();
  }
}

/** The shell has taken the quotes off a name with spaces. */
function asTyped(count: number): (word: string) => string {
  return (word) => (count > 1 && /\s/.test(word) && !word.includes('"') ? `"${word}"` : word);
}

/** What Slack answers, and what is a command of its own here. */
function sayMistake(
  { mistake, corrected }: Mistake,
  asked: string,
  { env }: Terminal,
  command: Command,
): string {
  const [first = ''] = asked
    .replace(/^\s*\/trail\s+/i, '')
    .trim()
    .toLowerCase()
    .split(/\s+/);
  const program = programOf(env);
  const help = `What can be asked: ${program} lookup --help`;
  if (corrected === '/trail help' && first !== 'help') return `${onOneLine(mistake)} ${help}`;
  switch (first) {
    case 'help':
      return `“help” is no question. ${help}`;
    case 'alerts':
    case 'status':
      return `“${first}” is answered in Slack only, by /trail ${first}. ${help}`;
    case 'rules':
      return `“rules” is a command of its own. Try: ${program} rules list`;
    default:
      return `${onOneLine(mistake)} Try: ${command(corrected.replace(/^\/trail /, ''))}`;
  }
}

function refuseContradictions({ json, csv, timeline, page }: LookupOptions): void {
  if (json && csv) throw new Misuse('Give --json or --csv, not both.');
  if ((json || csv) && (timeline || page !== undefined)) {
    throw new Misuse(
      `With ${csv ? '--csv' : '--json'} all calls are printed: leave --timeline and --page out.`,
    );
  }
}

function deadlineOf(within: string | undefined): Millis {
  const deadline = within === undefined ? WITHIN : parseDuration(within);
  if (deadline !== undefined && deadline >= SECOND) return deadline;
  throw new Misuse(`--within takes a length of time, such as 90s or 5m, not ${onOneLine(within ?? '')}.`);
}

async function search(
  terminal: Terminal,
  tools: LookupTools,
  question: Question,
  deadline: Millis,
): Promise<Material> {
  const stop = new AbortController();
  terminal.onStop(() => stop.abort());
  let state: AskState | undefined;
  let costSaid = false;
  const progress = createProgress(terminal, () => (state ? sayState(state) : ''));
  try {
    return await tools.ask(question, {
      signal: stop.signal,
      deadline,
      hear(latest) {
        state = latest;
        if (terminal.interactive && latest.cost !== undefined && !costSaid) {
          costSaid = true;
          progress.clear();
          terminal.err(`${latest.cost}\n`);
        }
        progress.show();
      },
    });
  } finally {
    progress.clear();
  }
}

/** Short enough for one line of a terminal. */
function sayState({ places, done, events, left }: AskState): string {
  const time = left === undefined ? '' : `, about ${sayDuration(left)} left`;
  return `${done} of ${places} places asked, ${events} events read${time} (Ctrl-C: show what is found)`;
}

function print(terminal: Terminal, found: Found, options: LookupOptions, command: Command): void {
  const { question, material, names, now } = found;
  const width = Math.max(FEWEST_COLUMNS, terminal.columns ?? COLUMNS);
  const { limit } = options;
  if (!options.json && !options.csv) {
    terminal.out(drawText(found, options, command, width));
    return;
  }
  if (options.json) {
    const answer = drawUp(question, { kind: 'summary' }, material, names, now);
    terminal.out(answerJson(answer, material, names, { limit, command }));
  } else {
    terminal.out(harmless(toCsv(material.calls.slice(0, limit))));
  }
  for (const line of missingLines(found, limit, width)) terminal.err(`${line}\n`);
}

/** What a file of calls does not have: nothing when every source was read and all of it is printed. */
function missingLines(
  { question, material, names }: Found,
  limit: number | undefined,
  width: number,
): string[] {
  const { calls, coverage } = material;
  const cut = limit !== undefined && limit < calls.length;
  return [
    ...(nothingAsked(coverage) ? [NOTHING_ASKED] : []),
    ...(cut ? [`--limit left out all but the newest ${limit} of ${sayCount(calls.length, 'call')}.`] : []),
    ...(allRead(question, coverage) ? [] : coverageLines(coverage, names, width)),
  ];
}

function drawText(found: Found, options: LookupOptions, command: Command, width: number): string {
  const { answer, limit } = drawnFor(found, options);
  const notes = [
    ...(nothingAsked(found.material.coverage) ? [NOTHING_ASKED] : []),
    ...sayNoPage(answer, options.page),
  ];
  return answerText(answer, found.names, { limit, width, notes, command });
}

function drawnFor(
  { question, material, names, now }: Found,
  { timeline, page, limit }: LookupOptions,
): { answer: Answer; limit: number | undefined } {
  if (page !== undefined) {
    const view = { kind: 'timeline' as const, page: page - 1 };
    return { answer: drawUp(question, view, material, names, now), limit };
  }
  if (!timeline) return { answer: drawUp(question, { kind: 'summary' }, material, names, now), limit };
  const lines = limit ?? TIMELINE_LIMIT;
  return { answer: wholeTimeline(question, material, names, now, lines), limit: lines };
}

/** The last page stands for one that there is not. */
function sayNoPage({ pages }: Answer, page: number | undefined): string[] {
  if (!pages || page === undefined || page <= pages.of) return [];
  return [`There is no page ${page}: page ${pages.of} is the last, and follows.`];
}
