import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { Fault, sayError } from '../kernel/problem.ts';
import { type Millis, SECOND } from '../kernel/time.ts';

const SOON: Millis = 5 * SECOND;
const LATER: Millis = 30 * SECOND;

/**
 * What a failed call to Slack means: try again when, or why never. `uncertain` unless it is sure that Slack
 * has not done the work. Source of the error names: Slack Web API reference, chat.postMessage and "Errors".
 */
export function classify(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof WebAPIRateLimitedError) {
    const wait = Math.max(1, error.retryAfter) * SECOND;
    return Fault.later(`Slack asks to wait ${error.retryAfter} s (rate limit)`, wait, { cause: error });
  }
  if (error instanceof WebAPIHTTPError) return classifyStatus(error);
  if (error instanceof WebAPIPlatformError) return classifyRefusal(error);
  if (error instanceof WebAPIRequestError) return classifyConnection(error);
  const uncertain = { cause: error, uncertain: true };
  return Fault.later(`the call to Slack failed: ${sayError(error)}`, LATER, uncertain);
}

function classifyStatus(error: WebAPIHTTPError): Fault {
  const message = `Slack answered with HTTP status ${error.statusCode}`;
  if (error.statusCode >= 500) return Fault.later(message, SOON, { cause: error, uncertain: true });
  if (error.statusCode === 408 || error.statusCode === 425 || error.statusCode === 429) {
    return Fault.later(message, LATER, { cause: error, uncertain: error.statusCode === 408 });
  }
  return Fault.never(`${message}; check SLACK_API_URL and any proxy in between`, { cause: error });
}

/** The connection could not even be opened, so nothing was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function classifyConnection(error: WebAPIRequestError): Fault {
  const code = codeOf(error.original);
  if (code !== undefined && NOT_SENT.has(code)) {
    return Fault.later(`Slack cannot be reached (${code})`, SOON, { cause: error });
  }
  const what =
    error.original.name === 'TimeoutError'
      ? 'Slack did not answer in time'
      : `the connection to Slack broke (${code ?? error.original.message})`;
  return Fault.later(what, SOON, { cause: error, uncertain: true });
}

/** The system's error code, however deep fetch has wrapped it. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return codeOf(inner, depth + 1);
}

/** Slack had trouble of its own; its documentation says that part of the work may have been done. */
const TROUBLE = new Set(['internal_error', 'fatal_error', 'request_timeout']);
/** Nothing was done, and it will be possible again. */
const BUSY = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'service_unavailable',
  'team_added_to_org',
  'accesslimited',
]);

const INVITE = 'invite the bot in that channel: /invite @trailbot, and check the channel id in the routes';
const TOKEN = 'check SLACK_BOT_TOKEN, and reinstall the app in Slack if it was removed';

const REMEDIES: Readonly<Record<string, string>> = {
  channel_not_found: INVITE,
  not_in_channel: INVITE,
  is_archived: 'unarchive the channel, or send these alerts to another one in the routes',
  restricted_action:
    'a workspace setting restricts who may post there; ask a workspace admin to allow the app',
  restricted_action_read_only_channel: 'only some people may post in that channel; allow the app to',
  invalid_auth: TOKEN,
  not_authed: TOKEN,
  account_inactive: TOKEN,
  token_revoked: TOKEN,
  token_expired: TOKEN,
  no_permission: TOKEN,
  message_not_found: 'the message was deleted in Slack',
  user_not_in_channel: 'the person has left that channel',
  permission_denied:
    'only some people may change user groups there; an owner of the workspace can allow everyone to, under Settings & permissions, User groups',
  paid_teams_only: 'user groups need a paid plan of Slack',
  invalid_users: 'a guest, a bot or somebody who has left cannot be in a user group',
  no_such_subteam: 'there is no user group with that id (S…); correct it in the configuration',
  expired_trigger_id: 'Slack gives three seconds from the press; press again',
};

function classifyRefusal(error: WebAPIPlatformError): Fault {
  const name = refusalOf(error) ?? 'unknown_error';
  if (TROUBLE.has(name)) {
    return Fault.later(`Slack had trouble of its own (${name})`, SOON, { cause: error, uncertain: true });
  }
  if (BUSY.has(name)) return Fault.later(`Slack takes nothing right now (${name})`, LATER, { cause: error });
  // Something between us and Slack answered 200 with a page instead of JSON.
  if (!/^[a-z][a-z0-9_]{2,60}$/.test(name)) {
    return Fault.later('the answer was not from Slack: is a proxy in between?', LATER, {
      cause: error,
      uncertain: true,
    });
  }
  if (name === 'missing_scope') {
    const scope = 'needed' in error.data ? String(error.data.needed) : 'the scopes of `trailbot manifest`';
    return Fault.never(`Slack refused: missing_scope; add ${scope} to the app and reinstall it`, {
      cause: error,
    });
  }
  const remedy = REMEDIES[name];
  return Fault.never(remedy ? `Slack refused: ${name}; ${remedy}` : `Slack refused: ${name}`, {
    cause: error,
  });
}

/** The name of Slack's refusal, such as `channel_not_found`; `undefined` for every other failure. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? String(error.data.error) : undefined;
}
