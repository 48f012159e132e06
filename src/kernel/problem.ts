import type { Millis } from './time.ts';

/**
 * A mistake of a person, in a rule, a configuration, an event or a question. Problems are collected and
 * shown all at once, each with its place and what to do.
 */
export interface Problem {
  readonly file: string;
  /** From 1; 0 where the mistake has no place in the file. */
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly remedy: string;
}

/** `file:line:column: what is wrong; what to do`. */
export function sayProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
  return `${place}: ${problem.what}; ${problem.remedy}`;
}

/** An expected no: a value that becomes a reply to the person who asked. */
export interface Refusal {
  readonly refused: string;
}

/**
 * Something failed that is nobody's mistake here. `later` says when a new try makes sense, `never` why none
 * does. Each edge (Slack, AWS) decides that once, where it knows its own errors.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  /** Milliseconds to wait before the next try; `undefined` when trying again is useless. */
  readonly retryAfter: Millis | undefined;
  /** True when the other side may have done the work although no answer came. */
  readonly uncertain: boolean;

  private constructor(message: string, retryAfter: Millis | undefined, uncertain: boolean, cause: unknown) {
    super(message, { cause });
    this.retryAfter = retryAfter;
    this.uncertain = uncertain;
  }

  static later(
    message: string,
    retryAfter: Millis,
    options: { cause?: unknown; uncertain?: boolean } = {},
  ): Fault {
    return new Fault(message, retryAfter, options.uncertain ?? false, options.cause);
  }

  static never(message: string, options: { cause?: unknown } = {}): Fault {
    return new Fault(message, undefined, false, options.cause);
  }
}

/** The program cannot start or go on as it was called: one sentence for the person, exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** Whatever was thrown, as one line. */
export function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
