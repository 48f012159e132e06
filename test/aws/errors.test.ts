import { afterEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  HOME,
  jsonError,
  lookup,
  page,
  readAll,
  startWire,
  stopWire,
  troubleOf,
  xmlError,
} from './wire.ts';

afterEach(stopWire);

const NETWORK = 'check the network and any proxy between this machine and AWS';
const KEYS = 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile';
const USER = `User: arn:aws:sts::${HOME}:assumed-role/Trailbot/i-1 is not authorized to perform: cloudtrail:LookupEvents`;
const INVALID_TOKEN = 'The security token included in the request is invalid.';

interface Case {
  readonly when: string;
  readonly answer: Answer;
  readonly region?: string;
  readonly kind: string;
  readonly what: string;
  readonly remedy: string;
  /** How often it is asked in all. */
  readonly asked?: number;
}

const CASES: readonly Case[] = [
  {
    when: 'no policy allows it',
    answer: jsonError(
      'AccessDeniedException',
      `${USER} because no identity-based policy allows the cloudtrail:LookupEvents action`,
    ),
    kind: 'denied',
    what: 'not allowed to call cloudtrail:LookupEvents',
    remedy: 'allow cloudtrail:LookupEvents to the role or user that asks there',
  },
  {
    when: 'a policy forbids it',
    answer: jsonError('AccessDeniedException', `${USER} with an explicit deny in an identity-based policy`),
    kind: 'denied',
    what: 'not allowed to call cloudtrail:LookupEvents: a policy denies it explicitly',
    remedy: 'take that statement out of the policy',
  },
  {
    when: 'a service control policy forbids it',
    answer: jsonError('AccessDeniedException', `${USER} with an explicit deny in a service control policy`),
    kind: 'denied',
    what: 'not allowed to call cloudtrail:LookupEvents: a service control policy denies it',
    remedy:
      'have the organisation’s administrators except the bot’s role from it, or leave that region out of history.regions',
  },
  {
    when: 'no service control policy allows it',
    answer: jsonError(
      'AccessDeniedException',
      `${USER} because no service control policy allows the cloudtrail:LookupEvents action`,
    ),
    kind: 'denied',
    what: 'not allowed to call cloudtrail:LookupEvents: a service control policy denies it',
    remedy:
      'have the organisation’s administrators except the bot’s role from it, or leave that region out of history.regions',
  },
  {
    when: 'a permissions boundary leaves it out',
    answer: jsonError(
      'AccessDeniedException',
      `${USER} because no permissions boundary allows the cloudtrail:LookupEvents action`,
    ),
    kind: 'denied',
    what: 'not allowed to call cloudtrail:LookupEvents: a permissions boundary denies it',
    remedy: 'allow cloudtrail:LookupEvents in the permissions boundary',
  },
  {
    when: 'the region is one that accounts must turn on',
    answer: jsonError('UnrecognizedClientException', INVALID_TOKEN),
    region: 'ap-east-1',
    kind: 'region off',
    what: 'the region is off in that account',
    remedy: 'enable it there, or leave it out of history.regions',
  },
  {
    when: 'the key is unknown in a region that is always on',
    answer: jsonError('UnrecognizedClientException', INVALID_TOKEN),
    kind: 'no credentials',
    what: 'AWS does not know the access key (UnrecognizedClientException)',
    remedy: KEYS,
  },
  {
    when: 'the client token is invalid',
    answer: jsonError('InvalidClientTokenId', INVALID_TOKEN, 403),
    kind: 'no credentials',
    what: 'AWS does not know the access key (InvalidClientTokenId)',
    remedy: KEYS,
  },
  {
    when: 'the credentials have expired',
    answer: jsonError('ExpiredTokenException', 'The security token included in the request is expired'),
    kind: 'expired',
    what: 'the credentials have expired',
    remedy: 'renew them (`aws sso login`, or new keys)',
    asked: 2,
  },
  {
    when: 'the secret is wrong',
    answer: jsonError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    ),
    kind: 'no credentials',
    what: 'the secret key does not belong to the access key',
    remedy: KEYS,
  },
  {
    when: 'the clock is wrong',
    answer: jsonError(
      'InvalidSignatureException',
      'Signature expired: 20261120T081500Z is now earlier than 20261120T090000Z (20261120T091500Z - 15 min.)',
    ),
    kind: 'refused',
    what: 'AWS refuses the signature: the clock of this machine is wrong',
    remedy: 'set this machine’s clock by the network (NTP)',
    asked: 3,
  },
  {
    when: 'the clock is wrong, in the words of other services',
    answer: jsonError('RequestTimeTooSkewed', 'The difference is too large.', 403),
    kind: 'refused',
    what: 'AWS refuses the signature: the clock of this machine is wrong',
    remedy: 'set this machine’s clock by the network (NTP)',
    asked: 3,
  },
  {
    when: 'the attribute is not accepted',
    answer: jsonError('InvalidLookupAttributesException', 'Invalid attribute value.'),
    kind: 'refused',
    what: 'AWS cannot look events up by that (Invalid attribute value)',
    remedy: 'ask by another name, id or key',
  },
  {
    when: 'the period is not accepted',
    answer: jsonError('InvalidTimeRangeException', 'Start time is after end time'),
    kind: 'refused',
    what: 'AWS does not accept that period (Start time is after end time)',
    remedy: 'ask for a period within the last 90 days',
  },
  {
    when: 'the page size is not accepted',
    answer: jsonError('InvalidMaxResultsException', 'Too many'),
    kind: 'refused',
    what: 'AWS does not accept that page size (Too many)',
    remedy: 'please report this as a mistake of Trailbot',
  },
  {
    when: 'the category is not accepted',
    answer: jsonError('InvalidEventCategoryException', ''),
    kind: 'refused',
    what: 'AWS does not know that category of events (UnknownError)',
    remedy: 'please report this as a mistake of Trailbot',
  },
  {
    when: 'a token is refused that was never sent',
    answer: jsonError('InvalidNextTokenException', 'Invalid token'),
    kind: 'refused',
    what: 'AWS forgot where the answer stood',
    remedy: 'ask again',
  },
  {
    when: 'the region does not offer it',
    answer: jsonError('UnsupportedOperationException', 'Unsupported'),
    kind: 'refused',
    what: 'cloudtrail:LookupEvents is not offered there',
    remedy: 'leave that region out of history.regions',
  },
  {
    when: 'the account may not',
    answer: jsonError('OperationNotPermittedException', 'No'),
    kind: 'refused',
    what: 'cloudtrail:LookupEvents is not permitted in that account',
    remedy: 'ask the account’s administrators what restricts CloudTrail there',
  },
  {
    when: 'the service is down',
    answer: jsonError('ServiceUnavailable', 'Try later', 503),
    kind: 'unreachable',
    what: 'AWS has trouble of its own there (ServiceUnavailable)',
    remedy: 'ask again in a few minutes',
    asked: 3,
  },
  {
    when: 'the service fails',
    answer: jsonError('InternalFailure', 'Oh', 500),
    kind: 'unreachable',
    what: 'AWS has trouble of its own there (InternalFailure)',
    remedy: 'ask again in a few minutes',
    asked: 3,
  },
  {
    when: 'a page comes instead of an answer',
    answer: {
      body: '<html>Please log in to the hotel network</html>',
      headers: { 'content-type': 'text/html' },
    },
    kind: 'unreachable',
    what: 'the answer was not one of AWS',
    remedy: 'check for a proxy in between that answers in its place',
    asked: 3,
  },
  {
    when: 'a proxy refuses',
    answer: { status: 403, body: '<html>Blocked by policy</html>', headers: { 'content-type': 'text/html' } },
    kind: 'unreachable',
    what: 'the request was turned away with HTTP status 403',
    remedy: 'check for a proxy or an endpoint policy in between',
  },
  {
    when: 'a gateway fails',
    answer: { status: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } },
    kind: 'unreachable',
    what: 'AWS has trouble of its own there (HTTP status 502)',
    remedy: 'ask again in a few minutes',
    asked: 3,
  },
  {
    when: 'the answer is broken off',
    answer: { body: '{"Events":[{"EventId":"a"', headers: { 'content-type': 'application/x-amz-json-1.1' } },
    kind: 'unreachable',
    what: 'the answer was not one of AWS',
    remedy: 'check for a proxy in between that answers in its place',
    asked: 3,
  },
  {
    when: 'the error is one that nobody has heard of',
    answer: jsonError('TeapotException', 'Short and stout'),
    kind: 'refused',
    what: 'cloudtrail:LookupEvents failed: TeapotException: Short and stout',
    remedy: 'look into the log of the bot',
  },
];

describe('what AWS says no with', () => {
  it.each(CASES)('$when: $kind', async ({ answer, region = 'eu-west-1', kind, what, remedy, asked = 1 }) => {
    const wire = startWire({ lookup: () => answer });
    const pages = lookup(wire, undefined, { account: HOME, region });
    expect(await troubleOf(readAll(wire, pages))).toEqual({ kind, what, remedy });
    expect(wire.lookups).toHaveLength(asked);
  });

  it('asks again after trouble that passes, and says nothing of it', async () => {
    const down = jsonError('ServiceUnavailable', 'Try later', 503);
    const wire = startWire({ lookup: (_, count) => (count < 3 ? down : page([])) });
    expect(await readAll(wire, lookup(wire))).toEqual([{ records: [], unreadable: [] }]);
  });
});

describe('a connection that fails', () => {
  it.each([
    ['ENOTFOUND', 'cannot be reached (ENOTFOUND)', `check the name of the region, and ${NETWORK}`, 1],
    ['ECONNREFUSED', 'cannot be reached (ECONNREFUSED)', NETWORK, 1],
    ['EAI_AGAIN', 'cannot be reached (EAI_AGAIN)', NETWORK, 3],
    ['ECONNRESET', 'the connection broke', NETWORK, 3],
    ['ETIMEDOUT', 'did not answer in time', NETWORK, 3],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)',
      'name the proxy’s certificate in NODE_EXTRA_CA_CERTS, or take the proxy out of the way',
      1,
    ],
  ])('%s', async (code, what, remedy, asked) => {
    const wire = startWire({ lookup: () => Object.assign(new Error(`connect ${code}`), { code }) });
    expect(await troubleOf(readAll(wire, lookup(wire)))).toEqual({ kind: 'unreachable', what, remedy });
    expect(wire.lookups).toHaveLength(asked);
  });
});

describe('questions about a key', () => {
  const never = new AbortController().signal;

  it('names the missing permission', async () => {
    const message = `User: arn:aws:iam::${HOME}:user/bot is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE`;
    const wire = startWire({
      action: (parameters) =>
        parameters.get('Action') === 'GetAccessKeyLastUsed' ? xmlError('AccessDenied', message) : undefined,
    });
    expect(await troubleOf(wire.history.keyOwner('AKIAIOSFODNN7EXAMPLE', HOME, never))).toEqual({
      kind: 'denied',
      what: 'not allowed to call iam:GetAccessKeyLastUsed',
      remedy: 'allow iam:GetAccessKeyLastUsed to the role or user that asks there',
    });
  });

  it.each([
    ['SignatureDoesNotMatch', 'The request signature we calculated does not match.', 'no credentials'],
    ['SignatureDoesNotMatch', 'Signature expired: 20261120T081500Z is now earlier than …', 'refused'],
    ['InvalidClientTokenId', INVALID_TOKEN, 'no credentials'],
    ['ExpiredToken', 'The security token included in the request is expired', 'expired'],
    ['RegionDisabledException', 'STS is not activated in this region', 'region off'],
  ])('%s of STS: %s → %s', async (code, message, kind) => {
    const wire = startWire({
      action: (parameters) =>
        parameters.get('Action') === 'GetAccessKeyInfo' ? xmlError(code, message) : undefined,
    });
    const asked = readKey(wire);
    expect(await troubleOf(asked)).toMatchObject({ kind });
  });
});

async function readKey(wire: ReturnType<typeof startWire>): Promise<unknown> {
  const asking = wire.history.keyAccount('AKIAIOSFODNN7EXAMPLE', new AbortController().signal);
  const over = asking.then(
    () => 'over',
    () => 'over',
  );
  while ((await Promise.race([over, wire.clock.untilSleeping()])) !== 'over') await wire.clock.advance(100);
  return asking;
}
