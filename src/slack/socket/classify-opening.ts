import { Fault } from '../../kernel/problem.ts';
import { MINUTE, type Millis } from '../../kernel/time.ts';
import { classify, refusalOf } from '../classify.ts';

const LATER: Millis = MINUTE / 2;
const NEW_TOKEN =
  'make an app-level token with the scope connections:write under Basic Information > App-Level Tokens at https://api.slack.com/apps';

/** Refusals that no further try changes. Source: Slack Web API reference, apps.connections.open. */
const REMEDIES: Readonly<Record<string, string>> = {
  invalid_auth: NEW_TOKEN,
  not_authed: NEW_TOKEN,
  token_revoked: NEW_TOKEN,
  token_expired: NEW_TOKEN,
  not_allowed_token_type: NEW_TOKEN,
  missing_scope: NEW_TOKEN,
  account_inactive: 'the app or its workspace was removed; install the app again',
  team_disabled: 'the workspace was removed in Slack',
  user_removed_from_team: 'who made the token has left the workspace; somebody else has to make one',
  forbidden_team: 'the app is not installed in this workspace; install it',
};

/** What a failure to open a socket means. */
export function classifyOpening(error: unknown): Fault {
  const name = refusalOf(error);
  const remedy = REMEDIES[name ?? ''];
  if (remedy !== undefined) {
    return Fault.never(`Slack refused SLACK_APP_TOKEN: ${name}; ${remedy}`, { cause: error });
  }
  const fault = classify(error);
  // A refusal that is not known may pass: the bot starts, and the sockets are tried again.
  return fault.retryAfter === undefined ? Fault.later(fault.message, LATER, { cause: error }) : fault;
}
