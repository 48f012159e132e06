import { sayError } from '../kernel/problem.ts';
import type { Trouble } from '../questions/coverage.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import { isDefaultRegion } from './default-regions.ts';
import { sayRefusal } from './refusals.ts';

/** What was asked of AWS when it failed. */
export interface Asked {
  /** `cloudtrail:LookupEvents`: the permission that it takes. */
  readonly action: string;
  readonly region?: string | undefined;
  /** The role that was to be assumed. */
  readonly role?: string | undefined;
  /** Where the configuration lists the regions that are asked: `history.regions` unless said otherwise. */
  readonly setting?: string | undefined;
}

export interface Failure {
  readonly trouble: Trouble;
  /**
   * What helps: ask again more slowly, for as long as it takes; ask again a few times; start over without the
   * token; or nothing.
   */
  readonly again: 'slower' | 'soon' | 'from the start' | undefined;
}

/** A failure of the SDK, as far as it can be told apart. */
interface SdkError {
  /** AWS's own error code, or the SDK's name for it. */
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  /** The system's code (`ENOTFOUND`). */
  readonly code: string | undefined;
}

/**
 * What a failed call to AWS means, in words for an answer, and whether asking again helps.
 * Source of the names: CloudTrail, STS, IAM and Account Management API references, "Errors" and "Common errors".
 */
export function classify(thrown: unknown, asked: Asked): Failure {
  if (thrown instanceof LookupTrouble) return { trouble: thrown.trouble, again: undefined };
  const error = readError(thrown);
  return (
    ofConnection(error) ??
    ofLoad(error) ??
    ofChange(error) ??
    ofClock(error) ??
    ofCredentials(error, asked) ??
    ofPermission(error, asked) ??
    ofRequest(error, asked) ??
    ofStatus(error, asked)
  );
}

function readError(thrown: unknown): SdkError {
  const error = thrown instanceof Error ? thrown : new Error(sayError(thrown));
  const status = statusOf(error, '$metadata', 'httpStatusCode') ?? statusOf(error, '$response', 'statusCode');
  return {
    name: error.name,
    // AWS repeats what it was sent, at any length.
    message: error.message.replace(/\s+/g, ' ').slice(0, 300),
    status,
    code: codeOf(error),
  };
}

/** The SDK keeps it in one of two places, by how far it understood the answer. */
function statusOf(error: Error, place: string, name: string): number | undefined {
  const kept = Object.getOwnPropertyDescriptor(error, place)?.value;
  const status: unknown = typeof kept === 'object' && kept !== null ? kept[name] : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** The system's error code, however deep it is wrapped. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^[A-Z_]+$/.test(error.code)) return error.code;
  return codeOf(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
}

function failure(kind: Trouble['kind'], what: string, remedy: string, again?: Failure['again']): Failure {
  return { trouble: { kind, what, remedy }, again };
}

const NETWORK = 'check the network and any proxy between this machine and AWS';
/** Nobody is there, and nobody will be in a second. */
const GONE = new Set(['ENOTFOUND', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

function ofConnection({ name, code, message, status }: SdkError): Failure | undefined {
  if (name === 'AbortError') return failure('cancelled', 'stopped before AWS answered', '');
  // The SDK's provider of instance credentials passes the system's code on; that is no matter of the network.
  if (/Provider(Error)?$/.test(name)) return undefined;
  if (code === 'ECONNRESET' || code === 'EPIPE' || /socket hang up/i.test(message)) {
    return failure('unreachable', 'the connection broke', NETWORK, 'soon');
  }
  if (name === 'TimeoutError') return failure('unreachable', 'did not answer in time', NETWORK, 'soon');
  if (code?.startsWith('CERT_') || code?.includes('SELF_SIGNED') || code?.includes('VERIFY')) {
    const remedy = 'name the proxy’s certificate in NODE_EXTRA_CA_CERTS, or take the proxy out of the way';
    return failure('unreachable', `its certificate is not trusted (${code})`, remedy);
  }
  if (code !== undefined) {
    const wrong = code === 'ENOTFOUND' ? `check the name of the region, and ${NETWORK}` : NETWORK;
    return failure('unreachable', `cannot be reached (${code})`, wrong, GONE.has(code) ? undefined : 'soon');
  }
  // Whatever came was neither an answer nor an error that AWS writes.
  if (name === 'SyntaxError' && (status === undefined || status < 400)) {
    const remedy = 'check for a proxy in between that answers in its place';
    return failure('unreachable', 'the answer was not one of AWS', remedy, 'soon');
  }
  return undefined;
}

const THROTTLED =
  /^(Throttling(Exception)?|ThrottledException|TooManyRequests(Exception)?|RequestLimitExceeded|RequestThrottled(Exception)?|SlowDown|OverLimit|KmsThrottled)$/;
const BUSY =
  /^(ServiceUnavailable(Exception)?|Internal(Failure|Error|Exception|Server(Error|Exception))|ServiceFailure)$/;

function ofLoad({ name, status }: SdkError): Failure | undefined {
  if (THROTTLED.test(name) || status === 429) {
    const remedy = 'ask again when less is going on in that account, or narrow the question';
    return failure('throttled', 'AWS takes no more requests at the moment', remedy, 'slower');
  }
  if (BUSY.test(name) || (status !== undefined && status >= 500)) {
    const why = `AWS has trouble of its own there (${BUSY.test(name) ? name : `HTTP status ${status}`})`;
    return failure('unreachable', why, 'ask again in a few minutes', 'soon');
  }
  return undefined;
}

/** A change that came at the wrong moment. Sources: EventBridge, IAM and SQS API references, "Errors". */
function ofChange({ name, message }: SdkError): Failure | undefined {
  if (/^ConcurrentModification(Exception)?$/.test(name)) {
    const remedy = 'run the command again when nobody else changes it';
    return failure('refused', 'somebody else changes the same thing in AWS', remedy, 'slower');
  }
  if (/QueueDeletedRecently$/.test(name)) {
    const remedy = 'wait a minute, then run the command again';
    return failure('refused', 'a queue of that name was deleted less than a minute ago', remedy, 'slower');
  }
  // IAM tells its services of a new role only after a while.
  if (name === 'ValidationException' && /cannot be assumed/.test(message)) {
    return failure('refused', message, 'wait a minute, then run the command again', 'slower');
  }
  return undefined;
}

/** The SDK corrects its idea of the time from AWS's answer, so a second request may pass. */
function ofClock({ name, message }: SdkError): Failure | undefined {
  const aboutTime = /signature (expired|not yet current)|too skewed|request has expired/i.test(message);
  if (!/^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/.test(name) && !aboutTime)
    return undefined;
  const remedy = 'set this machine’s clock by the network (NTP)';
  return failure('refused', 'AWS refuses the signature: the clock of this machine is wrong', remedy, 'soon');
}

const OWN_KEYS = 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile';

function ofCredentials(error: SdkError, asked: Asked): Failure | undefined {
  const { name } = error;
  if (/Provider(Error)?$|^InstanceMetadataV1FallbackError$/.test(name)) return ofProvider(error);
  if (/^(ExpiredToken(Exception)?|TokenRefreshRequired)$/.test(name)) {
    return failure('expired', 'the credentials have expired', 'renew them (`aws sso login`, or new keys)');
  }
  if (/^(SignatureDoesNotMatch|InvalidSignatureException)$/.test(name)) {
    return failure('no credentials', 'the secret key does not belong to the access key', OWN_KEYS);
  }
  if (/^(RegionDisabledException|OptInRequired)$/.test(name)) return regionOff(asked);
  if (/^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|AuthFailure)$/.test(name)) {
    // A region that is off knows no key at all, and says only that.
    const off = asked.region !== undefined && !isDefaultRegion(asked.region);
    return off
      ? regionOff(asked)
      : failure('no credentials', `AWS does not know the access key (${name})`, OWN_KEYS);
  }
  return undefined;
}

function regionOff({ setting = 'history.regions' }: Asked): Failure {
  return failure(
    'region off',
    'the region is off in that account',
    `enable it there, or leave it out of ${setting}`,
  );
}

function ofProvider({ message }: SdkError): Failure {
  if (/expired|refresh|sso session/i.test(message)) {
    return failure('expired', 'the credentials of the profile have expired', 'run `aws sso login`');
  }
  const remedy =
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile that has them, or give the instance, task or pod a role';
  const general = /any providers|instance metadata|metadata service|metadata v1/i.test(message);
  const why = general ? 'no AWS credentials were found' : `no AWS credentials: ${message.replace(/\.$/, '')}`;
  return failure('no credentials', why, remedy);
}

const DENIED =
  /^(AccessDenied(Exception)?|Unauthorized(Operation|Exception)?|NotAuthorized(Exception)?|Forbidden)$/;

function ofPermission({ name, message }: SdkError, asked: Asked): Failure | undefined {
  if (name === 'KmsAccessDenied') {
    const remedy = 'allow kms:Decrypt on the key that encrypts it to the bot’s role';
    return failure('denied', `${asked.action} needs a key of KMS that the bot may not use`, remedy);
  }
  if (!DENIED.test(name)) return undefined;
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? asked.action;
  const [, policy] =
    /\b(service control policy|resource control policy|permissions boundary|session policy|VPC endpoint policy|resource-based policy)\b/i.exec(
      message.replace(/because no [\w-]+ policy/i, ''),
    ) ?? [];
  const explicit = /explicit deny/i.test(message);
  if (policy !== undefined) {
    const by = policy.replace(/^Service/, 'service');
    return failure(
      'denied',
      `not allowed to call ${action}: a ${by} denies it`,
      remedyFor(by, action, asked),
    );
  }
  if (asked.role !== undefined && action === 'sts:AssumeRole') {
    const remedy =
      'check that the role exists, that its trust policy names the bot’s own role, and that the bot may call sts:AssumeRole on it';
    return failure('denied', `not allowed to assume the role ${asked.role}`, remedy);
  }
  const what = `not allowed to call ${action}`;
  return explicit
    ? failure('denied', `${what}: a policy denies it explicitly`, 'take that statement out of the policy')
    : failure('denied', what, `allow ${action} to the role or user that asks there`);
}

function remedyFor(policy: string, action: string, { setting = 'history.regions' }: Asked): string {
  return /service control|resource control/i.test(policy)
    ? `have the organisation’s administrators except the bot’s role from it, or leave that region out of ${setting}`
    : `allow ${action} in the ${policy}`;
}

function ofRequest(error: SdkError, asked: Asked): Failure | undefined {
  if (error.name === 'InvalidNextTokenException') {
    return failure('refused', 'AWS forgot where the answer stood', 'ask again', 'from the start');
  }
  const refusal = sayRefusal(error, asked);
  return refusal && failure('refused', refusal.what, refusal.remedy);
}

/** An answer without a known name: most often not from AWS but from something in between. */
function ofStatus({ name, message, status }: SdkError, asked: Asked): Failure {
  if (status === 403 || status === 407 || name === 'SyntaxError') {
    const remedy = 'check for a proxy or an endpoint policy in between';
    return failure('unreachable', `the request was turned away with HTTP status ${status}`, remedy);
  }
  const named = name === 'Error' || /^Unknown/.test(name) ? '' : `${name}: `;
  return failure('refused', `${asked.action} failed: ${named}${message}`, 'look into the log of the bot');
}
