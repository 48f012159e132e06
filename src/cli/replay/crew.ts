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
  /** How many units it is worth to have under way. */
  readonly ahead: number;
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

/** What it is told to do, and what it answers. */
export interface Order {
  readonly id: number;
  readonly unit: Unit;
}
export interface Reply extends Order {
  readonly done: Done;
}

/** A thread that has the next unit already does not wait for it. */
const UNITS_EACH = 2;
/** Threads need a tenth of a second to start; so much is read in that time without them. */
const ALONE: number = 8 * 1024 * 1024;
/** What a thread holds is one unit and the rules; garbage beyond is collected rather than kept. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024 };

interface Job {
  readonly order: Order;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function createCrew(options: CrewOptions): Crew {
  const wanted = options.threads ?? availableParallelism();
  let alone = options.threads === undefined ? ALONE : 0;
  let threads: Threads | undefined;
  return {
    get ahead() {
      return threads ? wanted * UNITS_EACH : 0;
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
  #made = 0;
  #closed = false;

  constructor(count: number, { source, wanted }: CrewOptions) {
    this.#members = Array.from(
      { length: count },
      () => new Thread({ source, wanted }, () => this.#handOut()),
    );
  }

  run(unit: Unit): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#made += 1;
      this.#waiting.push({ order: { id: this.#made, unit }, resolve, reject });
      this.#handOut();
    });
  }

  close(): void {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.reject(new Error('The crew was closed.'));
    for (const member of this.#members) member.end();
  }

  /** The first that waits goes to the one that has least to do. */
  #handOut(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const member = this.#members.reduce((a, b) => (b.busy < a.busy ? b : a));
      if (member.busy >= UNITS_EACH) return;
      const job = this.#waiting.shift();
      if (job) member.give(job);
    }
  }
}

class Thread {
  readonly #jobs = new Map<number, Job>();
  readonly #worker: Worker;

  constructor(workerData: WorkerData, onFree: () => void) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      resourceLimits: LIMITS,
    });
    this.#worker.on('message', (reply: Reply) => {
      const job = this.#jobs.get(reply.id);
      this.#jobs.delete(reply.id);
      job?.resolve(reply);
      onFree();
    });
    this.#worker.on('error', (error) => this.#giveUp(error));
  }

  get busy(): number {
    return this.#jobs.size;
  }

  give(job: Job): void {
    const { unit } = job.order;
    this.#jobs.set(job.order.id, job);
    this.#worker.postMessage(job.order, 'bytes' in unit ? [unit.bytes.buffer] : []);
  }

  end(): void {
    this.#giveUp(new Error('The crew was closed.'));
    void this.#worker.terminate();
  }

  #giveUp(error: unknown): void {
    for (const job of this.#jobs.values()) job.reject(error);
    this.#jobs.clear();
  }
}
