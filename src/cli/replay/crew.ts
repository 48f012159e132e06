import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { nextTurn } from '../../kernel/time.ts';
import type { Matcher } from './matcher.ts';
import type { Done, Unit, Wanted } from './outcome.ts';
import type { RuleSource } from './rule-source.ts';
import { doUnit } from './whole.ts';

/** What came of a unit; its bytes are given back. */
export interface Result {
  readonly unit: Unit;
  readonly done: Done;
}

/** Whoever does the units: threads, as many as there are cores. */
export interface Crew {
  /** How many units it is worth to have under way; and how many that are files. */
  readonly ahead: number;
  readonly filesAhead: number;
  /** Resolves when the unit is done. Rejects when the crew is closed before. */
  run(unit: Unit): Promise<Result>;
  /** Ends the threads at once. */
  close(): void;
}

export interface CrewOptions {
  readonly source: RuleSource;
  readonly wanted: Wanted;
  /** Does the units as long as there are no threads. */
  readonly matcher: Matcher;
  /** One means none beside the one that we are; default: one a core, once there is enough to do. */
  readonly threads: number | undefined;
}

/** What a thread is told when it is made. */
export interface WorkerData {
  readonly source: RuleSource;
  readonly wanted: Wanted;
}

/** What it is told to do, and what it answers: what was done of each unit. */
export interface Order {
  readonly id: number;
  readonly units: readonly Unit[];
}
export interface Reply extends Order {
  readonly done: readonly Done[];
}

/** A thread that has the next order already does not wait for it. */
const ORDERS_EACH = 2;
/** Most trail files are small: as many go into one order as have so many bytes together. */
const FILES_BYTES: number = 256 * 1024;
const MOST_FILES = 32;
/** Threads need a tenth of a second to start; so much is read in that time without them. */
const ALONE: number = 8 * 1024 * 1024;
/** What a thread holds is one unit and the rules; garbage beyond is collected rather than kept. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024 };

interface Job {
  readonly unit: Unit;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function createCrew(options: CrewOptions): Crew {
  const wanted = options.threads ?? availableParallelism();
  let alone = options.threads === undefined ? ALONE : 0;
  let threads: Threads | undefined;
  return {
    get ahead() {
      return threads ? wanted * ORDERS_EACH : 0;
    },
    get filesAhead() {
      return this.ahead * MOST_FILES;
    },
    async run(unit) {
      if (wanted > 1 && alone <= 0) {
        threads ??= new Threads(wanted, options);
        return threads.run(unit);
      }
      await nextTurn();
      alone -= unit.kind === 'file' ? ALONE / 16 : unit.bytes.length;
      return { done: doUnit(options.matcher, unit), unit };
    },
    close: () => threads?.close(),
  };
}

class Threads {
  readonly #members: Thread[];
  readonly #waiting: Job[] = [];
  #closed = false;

  constructor(count: number, { source, wanted }: CrewOptions) {
    this.#members = Array.from(
      { length: count },
      () => new Thread({ source, wanted }, () => this.#handOut()),
    );
  }

  run(unit: Unit): Promise<Result> {
    // Files come one right after the other; those that have come by the next turn are handed out together.
    if (this.#waiting.length === 0) void nextTurn().then(() => this.#handOut());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unit, resolve, reject });
    });
  }

  close(): void {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.reject(new Error('The crew was closed.'));
    for (const member of this.#members) member.end();
  }

  /** The first that wait go to the one that has least to do. */
  #handOut(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const member = this.#members.reduce((a, b) => (b.busy < a.busy ? b : a));
      if (member.busy >= ORDERS_EACH) return;
      member.give(this.#waiting.splice(0, orderLength(this.#waiting)));
    }
  }
}

/** How many of them go into one order. */
function orderLength(jobs: readonly Job[]): number {
  let bytes = 0;
  let length = 0;
  for (const { unit } of jobs) {
    if (unit.kind !== 'file') break;
    bytes += unit.size;
    if (bytes > FILES_BYTES || length === MOST_FILES) break;
    length += 1;
  }
  return Math.max(1, length);
}

class Thread {
  readonly #orders = new Map<number, readonly Job[]>();
  readonly #worker: Worker;
  #made = 0;

  constructor(workerData: WorkerData, onFree: () => void) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      resourceLimits: LIMITS,
    });
    this.#worker.on('message', ({ id, units, done }: Reply) => {
      const jobs = this.#orders.get(id) ?? [];
      this.#orders.delete(id);
      for (const [index, job] of jobs.entries()) {
        job.resolve({ unit: units[index] ?? job.unit, done: done[index] ?? 'again' });
      }
      onFree();
    });
    this.#worker.on('error', (error) => this.#giveUp(error));
  }

  get busy(): number {
    return this.#orders.size;
  }

  give(jobs: readonly Job[]): void {
    this.#made += 1;
    this.#orders.set(this.#made, jobs);
    const units = jobs.map(({ unit }) => unit);
    const order: Order = { id: this.#made, units };
    this.#worker.postMessage(order, movable(units));
  }

  end(): void {
    this.#giveUp(new Error('The crew was closed.'));
    void this.#worker.terminate();
  }

  #giveUp(error: unknown): void {
    for (const jobs of this.#orders.values()) for (const job of jobs) job.reject(error);
    this.#orders.clear();
  }
}

/** The memory of units, to be handed over rather than copied. */
export function movable(units: readonly Unit[]): ArrayBuffer[] {
  return units.flatMap((unit) => ('bytes' in unit ? [unit.bytes.buffer] : []));
}
