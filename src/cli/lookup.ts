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
import type { Answer, View } from '../questions/answer.ts';
import { toCsv } from '../questions/csv.ts';
import { drawUp } from '../questions/drawing/draw-up.ts';
import type { Material, Names } from '../questions/material.ts';
import type { Question } from '../questions/question.ts';
import { readQuestion } from '../questions/reading/read-question.ts';
import type { AskOptions, AskState } from '../work/ask/ask.ts';
import { answerText } from './answer-text.ts';
import { harmless, harmlessJson, onOneLine } from './columns.ts';
import { createProgress } from './progress.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

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

type Open = (options: { config: Config; clock: Clock; log: Log }) => Promise<LookupTools>;

const WITHIN: Millis = 2 * MINUTE;

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
  const view = viewOf(options);
  const deadline = deadlineOf(options.within);
  const { config } = readSettings(terminal, options.config, { data: options.data });
  const question = readQuestion(words.map(asTyped(words.length)).join(' '), clock.now(), config.accounts);
  if ('mistake' in question) {
    const corrected = commandOf(question.corrected.replace(/^\/trail /, ''));
    throw new Misuse(`${onOneLine(question.mistake)} Try: ${corrected}`);
  }
  const tools = await open({ config, clock, log: createLog('error', { write: terminal.err }) });
  try {
    const material = await search(terminal, tools, question, deadline);
    print(
      terminal,
      drawUp(question, view, material, tools.names, clock.now()),
      material,
      tools.names,
      options,
    );
  } finally {
    await tools.close();
  }
  return EXIT.fine;
}

/** The shell has taken the quotes off a name with spaces. */
function asTyped(count: number): (word: string) => string {
  return (word) => (count > 1 && /\s/.test(word) && !word.includes('"') ? `"${word}"` : word);
}

function viewOf({ json, csv, timeline, page }: LookupOptions): View {
  if (json && csv) throw new Misuse('Give --json or --csv, not both.');
  if (csv && (timeline || page !== undefined)) {
    throw new Misuse('With --csv all calls are printed: leave --timeline and --page out.');
  }
  return timeline || page !== undefined ? { kind: 'timeline', page: (page ?? 1) - 1 } : { kind: 'summary' };
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
  const progress = createProgress(terminal, () => (state ? sayState(state) : ''));
  try {
    return await tools.ask(question, {
      signal: stop.signal,
      deadline,
      hear(latest) {
        state = latest;
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
  return `${done} of ${places} regions done, ${events} events read${time} (Ctrl-C: show what is found)`;
}

function print(
  terminal: Terminal,
  answer: Answer,
  { calls }: Material,
  names: Names,
  options: LookupOptions,
): void {
  if (options.json) {
    terminal.out(`${harmlessJson(JSON.stringify(answer, null, 2))}\n`);
  } else if (options.csv) {
    terminal.out(harmless(toCsv(calls.slice(0, options.limit))));
  } else {
    terminal.out(answerText(answer, names, { limit: options.limit, command: commandOf }));
  }
}

/** To copy into a shell. */
function commandOf(words: string, page?: number): string {
  const safe = onOneLine(words).replace(/"[^"]*"|[^\s"]+/g, (word) =>
    /^[\w.:/@,+=%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return `trailbot lookup ${safe}${page === undefined ? '' : ` --page ${page}`}`;
}
