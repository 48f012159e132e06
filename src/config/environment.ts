import type { Problem } from '../kernel/problem.ts';
import { HOST } from './schema.ts';

/** How Slack is reached; `local` = no token, so the local workspace stands in for it. */
type Credentials =
  | { readonly mode: 'local' }
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string }
  /** Socket Mode: the bot opens connections to Slack, and Slack none to the bot. */
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string };

export interface Environment {
  readonly slack: Credentials;
  /** What EventBridge sends as its API key: the keys that are accepted, none in local mode unless given. */
  readonly webhookKeys: readonly string[];
  /** TRAILBOT_HOST, which goes before the file's `listen.host`. */
  readonly host: string | undefined;
  /** TRAILBOT_CALENDAR_KEY: whoever gives it may read the schedules as calendars; without it nobody may. */
  readonly calendarKey: string | undefined;
  /** The secret of a service that the file names; `undefined` where its variable is not set. */
  readonly serviceSecret: (kind: ServiceVariable, name: string) => string | undefined;
  readonly problems: readonly Problem[];
}

type ServiceVariable = 'TRAILBOT_WEBHOOK_SECRET' | 'TRAILBOT_PAGERDUTY';

/** `TRAILBOT_PAGERDUTY_SECURITY` for the service `security`. */
export function serviceVariable(kind: ServiceVariable, name: string): string {
  return `${kind}_${name.toUpperCase().replace(/[^A-Z0-9]/gu, '_')}`;
}

type Variables = Readonly<Record<string, string | undefined>>;
type Words = Pick<Problem, 'what' | 'remedy'>;

const WHERE_BOT_TOKEN =
  'copy the Bot User OAuth Token from OAuth & Permissions at https://api.slack.com/apps';
const WHERE_SIGNING_SECRET =
  'copy the Signing Secret from Basic Information > App Credentials at https://api.slack.com/apps';
const WHERE_APP_TOKEN =
  'make one with the scope connections:write under Basic Information > App-Level Tokens at https://api.slack.com/apps';

/** Secrets come from here and nowhere else. No problem ever repeats a value. */
export function readEnvironment(env: Variables): Environment {
  const problems: Words[] = [];
  const slack = readCredentials(env, problems);
  const webhookKeys = readWebhookKeys(env, problems);
  if (set(env, 'SLACK_BOT_TOKEN') && !set(env, 'TRAILBOT_WEBHOOK_KEYS')) {
    problems.push({
      what: 'TRAILBOT_WEBHOOK_KEYS is not set, so EventBridge cannot prove who it is',
      remedy:
        'make a key, for example with "openssl rand -hex 32", and give it to the connection in EventBridge too',
    });
  }
  const host = set(env, 'TRAILBOT_HOST');
  if (host !== undefined && !HOST.test(host)) {
    problems.push({
      what: 'TRAILBOT_HOST must be an address or a host name, without a port',
      remedy: 'set it to 127.0.0.1 or 0.0.0.0',
    });
  }
  const calendarKey = set(env, 'TRAILBOT_CALENDAR_KEY');
  if (calendarKey !== undefined && calendarKey.length < 16) {
    problems.push({
      what: 'TRAILBOT_CALENDAR_KEY must have at least 16 characters',
      remedy: 'make one, for example with "openssl rand -hex 32"',
    });
  }
  if (set(env, 'DATABASE_URL')) {
    problems.push({
      what: 'DATABASE_URL is set, but Postgres is not part of this version',
      remedy: 'unset it; the data is kept in SQLite in data_dir',
    });
  }
  return {
    slack,
    webhookKeys,
    host,
    calendarKey,
    serviceSecret: (kind, name) => set(env, serviceVariable(kind, name)),
    problems: problems.map((words) => ({ file: 'environment', line: 0, column: 0, ...words })),
  };
}

/** An empty variable counts as none: that is how compose files leave one out. */
function set(env: Variables, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function readCredentials(env: Variables, problems: Words[]): Credentials {
  const botToken = set(env, 'SLACK_BOT_TOKEN');
  const signingSecret = set(env, 'SLACK_SIGNING_SECRET');
  const appToken = set(env, 'SLACK_APP_TOKEN');
  if (appToken !== undefined && !/^xapp-[\x21-\x7e]+$/u.test(appToken)) {
    problems.push({
      what: 'SLACK_APP_TOKEN is not an app-level token, which starts with xapp-',
      remedy: WHERE_APP_TOKEN,
    });
  }
  if (botToken !== undefined && !/^xoxb-[\x21-\x7e]+$/u.test(botToken)) {
    problems.push({
      what: 'SLACK_BOT_TOKEN is not a bot token, which starts with xoxb-',
      remedy: WHERE_BOT_TOKEN,
    });
  }
  if (
    signingSecret !== undefined &&
    (/^(xox[a-z]|xapp)-/u.test(signingSecret) || /\s/u.test(signingSecret))
  ) {
    problems.push({
      what: 'SLACK_SIGNING_SECRET is not a signing secret: it has spaces or is a token',
      remedy: WHERE_SIGNING_SECRET,
    });
  }
  // Nothing comes to the request URL of an app in Socket Mode, so its signatures need no secret.
  if (botToken !== undefined && appToken !== undefined) return { mode: 'socket', botToken, appToken };
  if (botToken !== undefined && signingSecret !== undefined) return { mode: 'http', botToken, signingSecret };
  if (botToken !== undefined) {
    problems.push({
      what: 'SLACK_BOT_TOKEN is set, but SLACK_SIGNING_SECRET is not',
      remedy: `${WHERE_SIGNING_SECRET}, or set SLACK_APP_TOKEN for Socket Mode`,
    });
  }
  if (botToken === undefined && (signingSecret !== undefined || appToken !== undefined)) {
    const name = appToken === undefined ? 'SLACK_SIGNING_SECRET' : 'SLACK_APP_TOKEN';
    problems.push({
      what: `${name} is set, but SLACK_BOT_TOKEN is not`,
      remedy: WHERE_BOT_TOKEN,
    });
  }
  return { mode: 'local' };
}

/** Source of the limits: EventBridge `CreateConnection`, `ApiKeyValue`. */
function readWebhookKeys(env: Variables, problems: Words[]): string[] {
  const written = set(env, 'TRAILBOT_WEBHOOK_KEYS');
  if (written === undefined) return [];
  const keys = written.split(',').map((key) => key.trim());
  if (keys.length > 2) {
    problems.push({
      what: `TRAILBOT_WEBHOOK_KEYS has ${keys.length} keys, and two are the most`,
      remedy: 'keep the current key and, while it is replaced, the next one',
    });
  }
  for (const [index, key] of keys.entries()) {
    const name =
      keys.length > 1 ? `key ${index + 1} of TRAILBOT_WEBHOOK_KEYS` : 'the key in TRAILBOT_WEBHOOK_KEYS';
    if (key.length < 16 || key.length > 512) {
      problems.push({
        what: `${name} must have 16 to 512 characters`,
        remedy: 'make one, for example with "openssl rand -hex 32"',
      });
    } else if (!/^[\x20-\x7e]+$/u.test(key) || key.includes(':')) {
      problems.push({
        what: `${name} has a character that EventBridge does not send: a colon, a control character or a letter beyond ASCII`,
        remedy: 'make one, for example with "openssl rand -hex 32"',
      });
    }
  }
  return keys;
}
