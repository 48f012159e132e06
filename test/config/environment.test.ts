import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { sayProblem } from '../../src/kernel/problem.ts';

const KEY = '0123456789abcdef';
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-secret', SLACK_SIGNING_SECRET: 'secret-of-signing' };

const read = (env: Record<string, string | undefined>, text = '') =>
  readConfig({ text, file: 'trailbot.yaml', env });
const problemsOf = (env: Record<string, string | undefined>, text = ''): string[] => {
  const result = read(env, text);
  return 'problems' in result ? result.problems.map(sayProblem) : [];
};

describe('the environment', () => {
  test('without tokens the local workspace stands in for Slack, and no key is needed', () => {
    expect(read({})).toMatchObject({ config: { slack: { mode: 'local' }, webhookKeys: [] } });
    expect(read({ TRAILBOT_WEBHOOK_KEYS: KEY })).toMatchObject({ config: { webhookKeys: [KEY] } });
  });

  test('the key for calendars is a long one, or none', () => {
    expect(read({ TRAILBOT_CALENDAR_KEY: KEY })).toMatchObject({ config: { calendarKey: KEY } });
    expect(problemsOf({ TRAILBOT_CALENDAR_KEY: 'short' })).toEqual([
      'environment: TRAILBOT_CALENDAR_KEY must have at least 16 characters; make one, for example with "openssl rand -hex 32"',
    ]);
  });

  test('with both tokens and a key it is Slack', () => {
    expect(read({ ...SLACK, TRAILBOT_WEBHOOK_KEYS: ` ${KEY}, ${KEY}2\n` })).toMatchObject({
      config: {
        slack: {
          mode: 'http',
          botToken: 'xoxb-1-secret',
          signingSecret: 'secret-of-signing',
          apiUrl: 'https://slack.com/api/',
        },
        webhookKeys: [KEY, `${KEY}2`],
      },
    });
  });

  test('with an app token it is Socket Mode, which needs no signing secret', () => {
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-1-secret',
      SLACK_APP_TOKEN: 'xapp-1-secret',
      TRAILBOT_WEBHOOK_KEYS: KEY,
    };
    const slack = {
      mode: 'socket',
      botToken: 'xoxb-1-secret',
      appToken: 'xapp-1-secret',
      apiUrl: 'https://slack.com/api/',
    };
    expect(read(env)).toMatchObject({ config: { slack } });
    expect(read({ ...env, ...SLACK })).toMatchObject({ config: { slack } });
    const text = 'slack: { api_url: "http://127.0.0.1:4000/api" }';
    expect(problemsOf({ ...env, SLACK_BOT_TOKEN: 'xoxb-local-1' }, text)).toEqual([
      expect.stringContaining('but SLACK_APP_TOKEN belongs to a real workspace; remove slack.api_url'),
    ]);
  });

  test('slack.socket is for the local workspace alone', () => {
    const text = 'slack: { socket: true }';
    expect(read({}, text)).toMatchObject({ config: { slack: { mode: 'local', socket: true } } });
    expect(problemsOf({ ...SLACK, TRAILBOT_WEBHOOK_KEYS: KEY }, text)).toEqual([
      'trailbot.yaml:1:18: slack.socket is on, but SLACK_APP_TOKEN is not set; set SLACK_APP_TOKEN for Socket Mode; slack.socket is for the local workspace alone',
    ]);
  });

  test('empty variables count as not set', () => {
    const env = {
      SLACK_BOT_TOKEN: '',
      SLACK_SIGNING_SECRET: ' ',
      DATABASE_URL: '',
      TRAILBOT_WEBHOOK_KEYS: '',
    };
    expect(read(env)).toMatchObject({ config: { slack: { mode: 'local' } } });
  });

  test('TRAILBOT_HOST goes before the file', () => {
    expect(read({ TRAILBOT_HOST: '0.0.0.0' }, 'listen: { host: localhost, port: 1 }')).toMatchObject({
      config: { listen: { host: '0.0.0.0', port: 1 } },
    });
  });

  test('a local token goes to a workspace on this machine, a real one never', () => {
    const text = 'slack: { api_url: "http://127.0.0.1:4000/api" }';
    const local = { ...SLACK, SLACK_BOT_TOKEN: 'xoxb-local-1', TRAILBOT_WEBHOOK_KEYS: KEY };
    expect(read(local, text)).toMatchObject({ config: { slack: { apiUrl: 'http://127.0.0.1:4000/api/' } } });
    expect(problemsOf({ ...SLACK, TRAILBOT_WEBHOOK_KEYS: KEY }, text)).toEqual([
      'trailbot.yaml:1:19: slack.api_url is on this machine, but SLACK_BOT_TOKEN belongs to a real workspace; remove slack.api_url; only tokens that start with xoxb-local- or xapp-local- go to a local workspace',
    ]);
  });
});

const NEW_KEY = 'make one, for example with "openssl rand -hex 32"';
const BOT_TOKEN = 'copy the Bot User OAuth Token from OAuth & Permissions at https://api.slack.com/apps';
const APP_TOKEN =
  'make one with the scope connections:write under Basic Information > App-Level Tokens at https://api.slack.com/apps';
const SIGNING_SECRET =
  'copy the Signing Secret from Basic Information > App Credentials at https://api.slack.com/apps';

describe('a mistake in the environment is named, never repeated', () => {
  test.each([
    [
      'the signing secret is missing',
      { SLACK_BOT_TOKEN: 'xoxb-secret', TRAILBOT_WEBHOOK_KEYS: KEY },
      [
        `SLACK_BOT_TOKEN is set, but SLACK_SIGNING_SECRET is not; ${SIGNING_SECRET}, or set SLACK_APP_TOKEN for Socket Mode`,
      ],
    ],
    [
      'the token is missing',
      { SLACK_SIGNING_SECRET: 'secret' },
      [`SLACK_SIGNING_SECRET is set, but SLACK_BOT_TOKEN is not; ${BOT_TOKEN}`],
    ],
    [
      'the tokens are mixed up',
      { SLACK_BOT_TOKEN: 'secret', SLACK_SIGNING_SECRET: 'xoxb-secret', TRAILBOT_WEBHOOK_KEYS: KEY },
      [
        `SLACK_BOT_TOKEN is not a bot token, which starts with xoxb-; ${BOT_TOKEN}`,
        `SLACK_SIGNING_SECRET is not a signing secret: it has spaces or is a token; ${SIGNING_SECRET}`,
      ],
    ],
    [
      'no webhook key',
      SLACK,
      [
        'TRAILBOT_WEBHOOK_KEYS is not set, so EventBridge cannot prove who it is; make a key, for example with "openssl rand -hex 32", and give it to the connection in EventBridge too',
      ],
    ],
    [
      'a short webhook key',
      { TRAILBOT_WEBHOOK_KEYS: 'secret' },
      [`the key in TRAILBOT_WEBHOOK_KEYS must have 16 to 512 characters; ${NEW_KEY}`],
    ],
    [
      'a second key that is empty',
      { TRAILBOT_WEBHOOK_KEYS: `${KEY},` },
      [`key 2 of TRAILBOT_WEBHOOK_KEYS must have 16 to 512 characters; ${NEW_KEY}`],
    ],
    [
      'characters that EventBridge does not send',
      { TRAILBOT_WEBHOOK_KEYS: `secret:${KEY},secret\n${KEY}` },
      [1, 2].map(
        (n) =>
          `key ${n} of TRAILBOT_WEBHOOK_KEYS has a character that EventBridge does not send: a colon, a control character or a letter beyond ASCII; ${NEW_KEY}`,
      ),
    ],
    [
      'three keys',
      { TRAILBOT_WEBHOOK_KEYS: `${KEY},${KEY},${KEY}` },
      [
        'TRAILBOT_WEBHOOK_KEYS has 3 keys, and two are the most; keep the current key and, while it is replaced, the next one',
      ],
    ],
    [
      'an app token that is none',
      { ...SLACK, SLACK_APP_TOKEN: 'xoxb-secret', TRAILBOT_WEBHOOK_KEYS: KEY },
      [`SLACK_APP_TOKEN is not an app-level token, which starts with xapp-; ${APP_TOKEN}`],
    ],
    [
      'an app token alone',
      { SLACK_APP_TOKEN: 'xapp-secret' },
      [`SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not; ${BOT_TOKEN}`],
    ],
    [
      'Postgres',
      { DATABASE_URL: 'postgres://secret@host' },
      [
        'DATABASE_URL is set, but Postgres is not part of this version; unset it; the data is kept in SQLite in data_dir',
      ],
    ],
    [
      'a host with a port',
      { TRAILBOT_HOST: 'http://secret' },
      ['TRAILBOT_HOST must be an address or a host name, without a port; set it to 127.0.0.1 or 0.0.0.0'],
    ],
  ])('%s', (_name, env, problems) => {
    expect(problemsOf(env)).toEqual(problems.map((problem) => `environment: ${problem}`));
    expect(problemsOf(env).join('\n')).not.toMatch(/(?<!signing |client )secret(?!:| from|s)/);
  });
});
