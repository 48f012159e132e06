/** What AWS refuses to answer because of what was asked. */
interface Refusal {
  readonly what: string;
  readonly remedy: string;
}

type Said = (message: string, action: string) => Refusal;

const REPORT = 'please report this as a mistake of Trailbot';

/** Source: CloudTrail API reference, `LookupEvents`, and EventBridge and IAM API references, "Errors". */
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
  LimitExceededException: tooMany,
  LimitExceeded: tooMany,
  PolicyLengthExceededException: (message) => ({
    what: `the policy of the event bus has no room for more (${message})`,
    remedy: 'set aws.organization, so that one statement lets all accounts in',
  }),
  InvalidEventPatternException: (message) => ({
    what: `EventBridge does not accept the pattern (${message})`,
    remedy: REPORT,
  }),
  ManagedRuleException: (message) => ({
    what: `a service of AWS manages that rule (${message})`,
    remedy: 'choose another aws.name',
  }),
  OperationDisabledException: (_, action) => ({
    what: `${action} is not offered there`,
    remedy: 'leave that region out of aws.regions',
  }),
  DeleteConflictException: (message) => ({
    what: `somebody has attached something to it (${message})`,
    remedy: 'detach that, then run the command again',
  }),
  AWSOrganizationsNotInUseException: () => ({
    what: 'the account is in no organization',
    remedy: 'name the accounts under accounts, and set organization.names to false',
  }),
  // Source: S3 API reference, "Error responses".
  InvalidObjectState: () => ({
    what: 'the file lies in an archive (Glacier), where it cannot be read',
    remedy: 'restore it (aws s3api restore-object), or ask for a later period',
  }),
  NoSuchBucket: () => ({
    what: 'the bucket does not exist any more',
    remedy: 'look who deleted it; whatever was in it is gone',
  }),
  TrailNotFoundException: (message) => ({
    what: `there is no such trail (${message})`,
    remedy: 'name one that trailbot verify-logs without --trail shows',
  }),
  QueueDoesNotExist: noQueue,
  'AWS.SimpleQueueService.NonExistentQueue': noQueue,
  InvalidAddress: noQueue,
  ValidationException: invalid,
  ValidationError: invalid,
  InvalidInput: invalid,
};

function tooMany(message: string, action: string): Refusal {
  return {
    what: `${action} would go over a quota of that account (${message})`,
    remedy: 'delete what is not needed there, or have the quota raised (Service Quotas in the console)',
  };
}

function noQueue(): Refusal {
  return {
    what: 'the queue does not exist',
    remedy: 'create it (trailbot aws apply makes one), or correct its URL under queues in the configuration',
  };
}

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
