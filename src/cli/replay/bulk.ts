import { type Millis, nextTurn, systemClock } from '../../kernel/time.ts';
import type { Ruleset } from '../../rules/ruleset.ts';
import { createProgress, type Progress, sayPace } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { createCrew } from './crew.ts';
import { Matcher } from './matcher.ts';
import type { Wanted } from './outcome.ts';
import { type Portion, replay } from './replay.ts';
import type { RuleSource } from './rule-source.ts';
import { type Source, sourcesOf } from './sources.ts';

export interface BulkOptions {
  readonly ruleset: Ruleset;
  /** What the ruleset was made of. */
  readonly source: RuleSource;
  readonly wanted: Wanted;
  /** Default: one a core. */
  readonly threads?: number | undefined;
}

/** A command's input on its way through the rules. */
export interface Bulk {
  /** What became of it, in the order of the input; ends early when it is stopped. */
  readonly portions: AsyncGenerator<Portion>;
  /** Line on a terminal with the rate, the share and the time left; whoever prints takes it away before. */
  readonly progress: Progress;
  /** Somebody has pressed Ctrl-C. */
  readonly stopped: boolean;
}

/** How many files are looked at before something else gets its turn. */
const LOOKED_AT = 200;

/**
 * Files, folders and standard input (no name, or `-`) through the rules with all cores, with progress, until the end
 * or Ctrl-C. Throws Misuse, before anything is read, for a name behind which there is nothing to read.
 */
export function bulk(terminal: Terminal, names: readonly string[], options: BulkOptions): Bulk {
  const sources = sourcesOf(terminal, names);
  const abort = new AbortController();
  terminal.onStop(() => abort.abort());
  const { ruleset, source, wanted, threads } = options;
  const matcher = new Matcher(ruleset, wanted);
  const crew = createCrew({ source, wanted, matcher, threads });
  const { signal } = abort;
  const pace = createPace(terminal, sources, signal);
  const portions = replay({ sources: sources(), stdin: terminal.stdin, crew, matcher, signal });
  return {
    portions: pace.follow(portions),
    progress: pace.progress,
    get stopped() {
      return signal.aborted;
    },
  };
}

interface Pace {
  readonly progress: Progress;
  follow(portions: AsyncGenerator<Portion>): AsyncGenerator<Portion>;
}

function createPace(terminal: Terminal, sources: () => Iterable<Source>, signal: AbortSignal): Pace {
  const startedAt: Millis = systemClock.now();
  let records = 0;
  let done = 0;
  let all: number | undefined;
  const progress = createProgress(terminal, () =>
    sayPace(records, 'records read', { done, all }, systemClock.now() - startedAt),
  );
  return {
    progress,
    async *follow(portions) {
      if (terminal.interactive) {
        void bytesIn(sources, signal).then((bytes) => {
          all = bytes;
        });
      }
      for await (const portion of portions) {
        records += portion.outcome.records;
        done += portion.bytes;
        yield portion;
        progress.show();
      }
    },
  };
}

/** Bytes in all files; `undefined` when there is standard input among them, which may go on for ever. */
async function bytesIn(sources: () => Iterable<Source>, signal: AbortSignal): Promise<number | undefined> {
  let bytes = 0;
  let looked = 0;
  try {
    for (const { path, size } of sources()) {
      if (path === undefined || signal.aborted) return undefined;
      bytes += size;
      looked += 1;
      if (looked % LOOKED_AT === 0) await nextTurn();
    }
  } catch {
    // A name that is gone meanwhile: whoever reads it says so.
    return undefined;
  }
  return bytes;
}
