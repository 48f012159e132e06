/** Where a set of blocks is to be shown. */
export type Surface = 'message' | 'modal' | 'home';

/** One thing that Slack would refuse, in the shape that `blocks.validate` reports it. */
export interface Violation {
  /** JSON pointer (RFC 6901) from the top of the payload: `/blocks/0/text`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly constraint: { readonly type: string; readonly expected: readonly string[]; readonly got: string };
}

/** One pass over one payload. */
export interface Inspection {
  readonly surface: Surface;
  readonly found: Violation[];
}

/** Looks at one value and writes what is wrong with it into the inspection; never throws. */
export type Check = (value: unknown, at: string, into: Inspection) => void;

/** A hostile payload could have a mistake in every node: an answer with more than this helps nobody. */
const MOST_VIOLATIONS = 100;
const LONGEST_ECHO = 80;

/** Adds one violation; beyond a hundred they are dropped. */
export function report(
  into: Inspection,
  at: string,
  code: string,
  message: string,
  constraint: { type: string; expected?: readonly string[]; got?: string },
): void {
  if (into.found.length >= MOST_VIOLATIONS) return;
  const { type, expected = [], got = '' } = constraint;
  into.found.push({ pointer: at, code, message, constraint: { type, expected, got } });
}

/** A value of the payload cut to a length that an error message can carry. */
export function echo(value: unknown): string {
  const text = typeof value === 'string' ? value : kindOf(value);
  return text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO)}…` : text;
}

/** `null`, `array`, or what `typeof` says. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** As Slack writes it into `response_metadata.messages`. */
export function sayViolation(violation: Violation): string {
  return `[ERROR] ${violation.message} [json-pointer:${violation.pointer}]`;
}
