import { sayViolation, type Violation } from './limits/inspection.ts';

/** Slack's no to one call: the `error` code, and what else stands in the answer. */
export class Denied extends Error {
  override readonly name = 'Denied';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** HTTP status; Slack says almost everything with 200. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    options: { details?: Record<string, unknown>; status?: number; headers?: Record<string, string> } = {},
  ) {
    super(code);
    this.code = code;
    this.details = options.details ?? {};
    this.status = options.status ?? 200;
    this.headers = options.headers ?? {};
  }
}

/** A call whose arguments are wrong: `invalid_arguments` with one line for each mistake. */
export function badArguments(...mistakes: readonly string[]): Denied {
  const messages = mistakes.map((mistake) => `[ERROR] ${mistake}`);
  return new Denied('invalid_arguments', { details: { response_metadata: { messages } } });
}

/** A payload that the Block Kit checker refused, as the sending methods report it. */
export function violated(code: string, violations: readonly Violation[]): Denied {
  const messages = violations.map(sayViolation);
  const errors = messages.map((message) => message.replace('[ERROR] ', ''));
  return new Denied(code, { details: { errors, response_metadata: { messages } } });
}
