import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const COMMANDS = [
  [],
  ['serve'],
  ['send'],
  ['rules'],
  ['rules', 'check'],
  ['rules', 'list'],
  ['rules', 'show'],
  ['match'],
  ['lookup'],
  ['manifest'],
];

it.each(COMMANDS)('every command prints its help: %s %s', async (...command) => {
  const { code, out, err } = await call([...command, '--help'], { folder: temporaryFolder() });
  expect(out).toContain(`Usage: ${['trailbot', ...command].join(' ')}`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

it('prints its version', async () => {
  const { code, out } = await call(['--version'], { folder: temporaryFolder() });
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(code).toBe(0);
});

it.each([
  [['serv'], `Unknown command 'serv'; did you mean serve? "trailbot --help" says what it takes.`],
  [['xyzzy'], `Unknown command 'xyzzy'. "trailbot --help" says what it takes.`],
  [
    ['rules', 'chek'],
    `Unknown command 'chek'; did you mean check? "trailbot rules --help" says what it takes.`,
  ],
  [
    ['match', '--cout'],
    `Unknown option '--cout'; did you mean --count? "trailbot match --help" says what it takes.`,
  ],
  [['rules', 'show'], `Missing required argument 'rule'. "trailbot rules show --help" says what it takes.`],
  [
    ['manifest', '--url'],
    `Option '--url <url>' argument missing. "trailbot manifest --help" says what it takes.`,
  ],
  [
    ['serve', '--port', '70000'],
    `Option '--port <number>' argument '70000' is invalid. Give a port between 0 and 65535. "trailbot serve --help" says what it takes.`,
  ],
  [
    ['send', '--rate', '0'],
    `Option '--rate <number>' argument '0' is invalid. Give a number greater than 0. "trailbot send --help" says what it takes.`,
  ],
  [
    ['match', '--config', 'no.yaml'],
    'no.yaml: the configuration cannot be read: there is none; give a file that is there and that this user may read, with --config, or none',
  ],
  [
    ['match', 'no.json'],
    'no.json cannot be read: there is none. Give a file or folder with events, or - for standard input.',
  ],
  [
    ['match', '.'],
    '. is a folder without event files. Their names end in .json, .ndjson, .jsonl, .log or .gz.',
  ],
  [
    ['rules', 'show', 'root-api-us'],
    'There is no rule root-api-us; did you mean root-api-use? "trailbot rules list" shows the rules there are.',
  ],
  [['rules', 'show', 'xyzzy'], 'There is no rule xyzzy. "trailbot rules list" shows the rules there are.'],
  [
    ['send', 'events.json'],
    'No local bot was started here. Start one with npm start, or give the webhook with --to URL.',
  ],
  [['send', '--sample', 'burst', 'a.json'], 'Give files or --sample NAME, not both.'],
  [
    ['manifest'],
    'Slack must reach the bot over https. Give --url https://trailbot.example.com, or public_url in the configuration, or --socket for Socket Mode.',
  ],
  [
    ['manifest', '--url', 'http://x.example'],
    'Slack must reach the bot over https. http://x.example will not do. Give --url https://trailbot.example.com, or public_url in the configuration, or --socket for Socket Mode.',
  ],
])('a mistake is one sentence on standard error, and exit code 2: %s', async (args, sentence) => {
  expect(await call(args, { folder: temporaryFolder() })).toEqual({ code: 2, out: '', err: `${sentence}\n` });
});

it.each(['match', 'send'])('%s does not wait in silence for somebody to type events', async (command) => {
  const { code, err } = await call([command], { folder: temporaryFolder(), keyboard: true });
  expect(code).toBe(2);
  expect(err).toMatch(/^Give .*\n$/);
});

it('a missing half of a pair of secrets is named, with where to find it, and never a value', async () => {
  const folder = temporaryFolder();
  const { code, err } = await call(['serve'], { folder, env: { SLACK_SIGNING_SECRET: 's3cretvalue' } });
  expect(code).toBe(2);
  expect(err).toBe(
    'environment: SLACK_SIGNING_SECRET is set, but SLACK_BOT_TOKEN is not; copy the Bot User OAuth Token from OAuth & Permissions at https://api.slack.com/apps\n',
  );
});
