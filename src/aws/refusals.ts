/** What AWS refuses to answer because of what was asked. */
interface Refusal {
  readonly what: string;
  readonly remedy: string;
}

type Said = (message: string, action: string) => Refusal;

const REPORT = 'please report this as a mistake of Trailbot';

/** Source: CloudTrail API reference, `LookupEvents`, "Errors". */
const REFUSALS: Readonly<Record<string, Said>> = {
  InvalidLookupAttributesException: (message) => ({
    what: `AWS cannot look events up by that (${message})`,
    remedy: 'ask by another name, id or key',
  }),
  InvalidTimeRangeException: (message) => ({
    what: `AWS does not accept that period (${message})`,
    remedy: 'ask for a period within the last 90 days',
  }),
  InvalidMaxResultsException: (message) => ({
    what: `AWS does not accept that page size (${message})`,
    remedy: REPORT,
  }),
  InvalidEventCategoryException: (message) => ({
    what: `AWS does not know that category of events (${message})`,
    remedy: REPORT,
  }),
  UnsupportedOperationException: (_, action) => ({
    what: `${action} is not offered there`,
    remedy: 'leave that region out of history.regions',
  }),
  OperationNotPermittedException: (_, action) => ({
    what: `${action} is not permitted in that account`,
    remedy: 'ask the account’s administrators what restricts CloudTrail there',
  }),
  ValidationException: invalid,
  ValidationError: invalid,
  InvalidInput: invalid,
};

function invalid(message: string, action: string): Refusal {
  return {
    what: `AWS does not accept the request ${action} (${message})`,
    remedy: 'ask by another name, id or key',
  };
}

/** `undefined` when the error is no refusal of the request itself. */
export function sayRefusal(
  error: { readonly name: string; readonly message: string },
  asked: { readonly action: string },
): Refusal | undefined {
  const say = Object.hasOwn(REFUSALS, error.name) ? REFUSALS[error.name] : undefined;
  return say?.(error.message.replace(/\.$/, '') || error.name, asked.action);
}
