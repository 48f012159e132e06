import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { expect, test } from 'vitest';
import { Fault } from '../../src/kernel/problem.ts';
import { classify } from '../../src/slack/classify.ts';

function refusal(error: string, more: object = {}) {
  return new WebAPIPlatformError({ ok: false, error, ...more });
}

function broken(code: string) {
  return new WebAPIRequestError(
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }),
  );
}

const timeOut = new WebAPIRequestError(
  new DOMException('The operation was aborted', 'TimeoutError') as Error,
);
const twoAddresses = new WebAPIRequestError(
  new TypeError('fetch failed', {
    cause: new AggregateError([Object.assign(new Error('no'), { code: 'ECONNREFUSED' })]),
  }),
);

test.each<[string, unknown, number, boolean]>([
  ['rate limited', new WebAPIRateLimitedError(7), 7000, false],
  ['rate limited by a refusal', refusal('ratelimited'), 30_000, false],
  ['500', new WebAPIHTTPError(500, 'x', {}, ''), 5000, true],
  ['503', new WebAPIHTTPError(503, 'x', {}, ''), 5000, true],
  ['408', new WebAPIHTTPError(408, 'x', {}, ''), 30_000, true],
  ['time-out', timeOut, 5000, true],
  ['connection reset', broken('ECONNRESET'), 5000, true],
  ['the other side closed', broken('UND_ERR_SOCKET'), 5000, true],
  ['connection refused', broken('ECONNREFUSED'), 5000, false],
  ['refused on every address', twoAddresses, 5000, false],
  ['name not found', broken('ENOTFOUND'), 5000, false],
  ['trouble inside Slack', refusal('internal_error'), 5000, true],
  ['a page of a proxy instead of JSON', refusal('<html>Sign in to the Wi-Fi</html>'), 30_000, true],
  ['anything else', new Error('what?'), 30_000, true],
  ['not even an error', 'what?', 30_000, true],
])('%s: tried again', (_, error, after, uncertain) => {
  const fault = classify(error);
  expect({ after: fault.retryAfter, uncertain: fault.uncertain }).toEqual({ after, uncertain });
});

test.each<[string, unknown, RegExp]>([
  [
    'channel_not_found',
    refusal('channel_not_found'),
    /channel_not_found; invite the bot.*\/invite @trailbot/,
  ],
  ['not_in_channel', refusal('not_in_channel'), /\/invite @trailbot/],
  ['is_archived', refusal('is_archived'), /unarchive/],
  ['invalid_auth', refusal('invalid_auth'), /SLACK_BOT_TOKEN/],
  ['token_revoked', refusal('token_revoked'), /SLACK_BOT_TOKEN/],
  [
    'missing_scope',
    refusal('missing_scope', { needed: 'channels:history' }),
    /add channels:history .* reinstall/,
  ],
  ['invalid_blocks', refusal('invalid_blocks'), /invalid_blocks/],
  ['a refusal nobody knows', refusal('brand_new_error'), /brand_new_error/],
  ['404', new WebAPIHTTPError(404, 'x', {}, ''), /404/],
])('%s: never, with a remedy where there is one', (_, error, message) => {
  const fault = classify(error);
  expect(fault.retryAfter).toBeUndefined();
  expect(fault.uncertain).toBe(false);
  expect(fault.message).toMatch(message);
});

test('a Fault stays what it is, and the cause is kept', () => {
  const fault = Fault.never('no');
  expect(classify(fault)).toBe(fault);
  const error = refusal('is_archived');
  expect(classify(error).cause).toBe(error);
});
