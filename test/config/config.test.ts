import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { routesFor } from '../../src/alerts/route.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { unknownRules } from '../../src/config/mentions.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';

const configOf = (text?: string, env: Record<string, string> = {}): Config => {
  const read = readConfig({ text, file: 'trailbot.yaml', env });
  if ('problems' in read) throw new Error(read.problems.map(sayProblem).join('\n'));
  return read.config;
};

describe('what is left out has a default', () => {
  test.each([
    ['no file', undefined],
    ['an empty file', ''],
    ['only comments', '# nothing yet\n'],
    ['parts without lines', 'listen:\naccounts:\n  # none yet\nroutes:\nsilences:\n'],
    ['a byte order mark and Windows line ends', '\ufefflisten:\r\nlog:\r\n'],
  ])('%s', (_name, text) => {
    const { origin, ...rest } = configOf(text);
    expect(origin?.name).toBe(text === undefined ? undefined : 'trailbot.yaml');
    expect(rest).toEqual({
      listen: { host: '127.0.0.1', port: 3000 },
      dataDir: '.trailbot',
      publicUrl: undefined,
      accounts: new Map(),
      lists: new Map([['known_accounts', []]]),
      rules: { paths: ['builtin'], disabled: [], levels: new Map(), needs: new Map(), mentions: [] },
      routes: {
        match: [],
        continue: false,
        channel: '#security-alerts',
        groupBy: undefined,
        groupWait: 0,
        children: [],
      },
      silences: [],
      muteWindows: [],
      inhibitions: [expect.objectContaining({ equal: ['actor', 'account'], for: HOUR })],
      timeIntervals: new Map(),
      schedules: new Map(),
      escalations: new Map(),
      webhooks: new Map(),
      pagerduty: new Map(),
      access: {
        team: undefined,
        respond: 'everyone',
        ask: 'everyone',
        admin: 'everyone',
        channels: ['#security-alerts'],
        questionsPerMinute: 20,
      },
      acknowledgement: {
        remindAfter: { informational: DAY, low: DAY, medium: 8 * HOUR, high: 4 * HOUR, critical: HOUR },
        expiresAfter: 30 * MINUTE,
      },
      digests: {
        zone: 'UTC',
        daily: { hour: 9, minute: 0 },
        weekly: { weekday: 1, hour: 9, minute: 0 },
        only: 'low',
      },
      people: [],
      askActor: { isSetUp: false, wait: 2 * HOUR, quietFor: 21 * HOUR, hours: undefined, resolve: [] },
      history: { records: 30 * DAY, lookupEvents: true, regions: 'enabled', readerRoles: new Map() },
      aws: undefined,
      queues: [],
      watch: {
        canary: true,
        canaryLate: 5 * MINUTE,
        sweep: true,
        sweepEvery: HOUR,
        silence: true,
        trails: false,
      },
      organizationNames: false,
      identityCenter: undefined,
      sources: {},
      log: { level: 'info' },
      slack: { mode: 'local', socket: false },
      webhookKeys: [],
      calendarKey: undefined,
    });
  });
});

test.each([
  ['never', { low: undefined, high: undefined, critical: undefined }],
  ['2h', { low: 2 * HOUR, high: 2 * HOUR, critical: 2 * HOUR }],
  ['{ high: 10m, low: never }', { low: undefined, high: 10 * MINUTE, critical: HOUR }],
])('whoever has an alert is asked after: %s', (written, remindAfter) => {
  const { acknowledgement } = configOf(`acknowledgement: { remind_after: ${written}, expires_after: 5m }`);
  expect(acknowledgement).toMatchObject({ remindAfter, expiresAfter: 5 * MINUTE });
});

test('what is written is taken', () => {
  const config = configOf(`
listen: { host: '::', port: 8080 }
data_dir: /data
public_url: https://trailbot.example.com/aws/
accounts:
  '012345678901': { name: Logs }
  '111122223333': { name: Production, environment: production }
lists:
  admins: [alice, bob]
  known_accounts: ['999988887777', '111122223333']
rules: { paths: [builtin, ./rules], disabled: [a], levels: { b: low } }
access: { team: T0123456789, respond: [U0123456789], ask: everyone }
history: { records: 1w2d }
log: { level: debug }
`);
  expect(config).toMatchObject({
    listen: { host: '::', port: 8080 },
    dataDir: '/data',
    publicUrl: 'https://trailbot.example.com/aws',
    rules: { paths: ['builtin', './rules'], disabled: ['a'], levels: new Map([['b', 'low']]) },
    access: { team: 'T0123456789', respond: ['U0123456789'], ask: 'everyone' },
    history: { records: 9 * DAY },
    log: { level: 'debug' },
  });
  expect(config.accounts.get('012345678901')).toEqual({ name: 'Logs', environment: undefined });
  expect(config.lists.get('admins')).toEqual(['alice', 'bob']);
  // Those of accounts, then the list's own, each once.
  expect(config.lists.get('known_accounts')).toEqual(['012345678901', '111122223333', '999988887777']);
});

test('questions: where they may be asked, and of which accounts and regions', () => {
  const { access, history } = configOf(`
accounts:
  '111122223333': { name: Production, reader_role: TrailbotReader }
  '444455556666': { name: Staging, reader_role: 'arn:aws:iam::444455556666:role/audit/Reader' }
  '012345678901': { name: Logs }
access: { channels: ['#security', C0123456789], questions_per_minute: 5 }
history: { lookup_events: false, regions: [us-east-1, us-gov-west-1] }
`);
  expect(access).toMatchObject({ channels: ['#security', 'C0123456789'], questionsPerMinute: 5 });
  expect(history.readerRoles).toEqual(
    new Map([
      ['012345678901', undefined],
      ['111122223333', 'TrailbotReader'],
      ['444455556666', 'arn:aws:iam::444455556666:role/audit/Reader'],
    ]),
  );
  expect(history).toMatchObject({ lookupEvents: false, regions: ['us-east-1', 'us-gov-west-1'] });
});

test('without access.channels, questions may be asked where alerts go', () => {
  const { access } = configOf(`
routes:
  channel: '#all'
  routes:
    - { match: [level>=high], channel: '#urgent', routes: [{ match: [tag=x], channel: C0123456789 }] }
    - { match: [level=low] }
`);
  expect(access.channels).toEqual(['#all', '#urgent', 'C0123456789']);
});

test('routes inherit, and silences keep their reason and end', () => {
  const { routes, silences } = configOf(`
routes:
  channel: '#all'
  group_wait: 1m
  routes:
    - match: [level>=high]
      group_by: [sourceIPAddress]
      routes:
        - match: [tag=attack.t1078]
          continue: true
          channel: C0123456789
silences:
  - match: [actor=scanner]
    reason: the scanner
    until: 2027-01-31T18:00:00+01:00
`);
  expect(routes).toMatchObject({
    channel: '#all',
    groupWait: MINUTE,
    children: [
      {
        channel: '#all',
        groupBy: ['sourceIPAddress'],
        match: [{ label: 'level', operator: '>=', value: 'high' }],
        children: [
          { channel: 'C0123456789', groupWait: MINUTE, groupBy: ['sourceIPAddress'], continue: true },
        ],
      },
    ],
  });
  expect(silences).toMatchObject([
    { match: [{ text: 'actor=scanner' }], reason: 'the scanner', until: Date.UTC(2027, 0, 31, 17) },
  ]);
});

test('aliases may be used, and a mistake is shown where it is written', () => {
  expect(configOf('lists: { a: &a [x], b: *a }').lists.get('b')).toEqual(['x']);
  const read = readConfig({ text: 'lists:\n  a: &a [1]\n  b: *a', file: 'f', env: {} });
  expect('problems' in read && read.problems.map(({ line, column }) => [line, column])).toEqual([
    [2, 10],
    [2, 10],
  ]);
});

test('every rule that the file names can be looked up when the rules are there', () => {
  const { rules } = configOf(`
rules:
  disabled: [root-api-use, rot-login]
  levels: { root-api-use: low, key-maed: high }
routes: { routes: [{ match: [rule=nothing-like-it, tag=x, 'rule=~"r.*"'] }] }
`);
  const known = new Set(['root-api-use', 'root-login', 'key-made']);
  expect(unknownRules(rules.mentions, known).map(sayProblem)).toEqual([
    'trailbot.yaml:3:28: there is no rule "rot-login"; did you mean "root-login"?',
    'trailbot.yaml:4:32: there is no rule "key-maed"; did you mean "key-made"?',
    'trailbot.yaml:5:30: there is no rule "nothing-like-it"; see "trailbot rules list" for the rules there are',
  ]);
});

describe('what the documentation shows is accepted', () => {
  const guide = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const blocks = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block ?? '');

  test('trailbot.example.yaml', () => {
    const example = readFileSync(new URL('../../trailbot.example.yaml', import.meta.url), 'utf8');
    expect(configOf(example).routes.children).toHaveLength(3);
  });

  test('all that docs/on-call.md shows, its first example as a whole file', () => {
    const text = readFileSync(new URL('../../docs/on-call.md', import.meta.url), 'utf8');
    const [whole = '', ...others] = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
      ([, block]) => block ?? '',
    );
    const { schedules, escalations, routes } = configOf(whole);
    expect([...schedules.keys(), ...escalations.keys()]).toEqual(['primary', 'security']);
    expect(routes.children).toHaveLength(1);
    expect(others.length).toBeGreaterThan(4);
    const secondary =
      'schedules: { primary: { time_zone: UTC, calendar: a.ics }, secondary: { time_zone: UTC, calendar: b.ics } }';
    for (const block of others) {
      const rest = block.includes('schedule:secondary') ? secondary : '';
      expect(configOf(`${block}\n${rest}`), block).toBeDefined();
    }
  });

  test('the guide has examples', () => expect(blocks.length).toBeGreaterThan(5));

  test.each(blocks)('%s', (block) => {
    expect(configOf(block)).toBeDefined();
  });

  test('the mistakes that the guide shows are those that one gets', () => {
    const text = `listen:\n  prot: 1\n${'\n'.repeat(3)}routes:\n  routes:\n    # here\n    - match: [levle=high]`;
    const read = readConfig({
      text,
      file: 'trailbot.yaml',
      env: { SLACK_BOT_TOKEN: 'xoxb-1', TRAILBOT_WEBHOOK_KEYS: 'k'.repeat(16) },
    });
    const said = 'problems' in read ? read.problems.map(sayProblem).join('\n') : '';
    expect(guide).toContain(`\`\`\`text\n${said}\n\`\`\``);
  });
});

describe('the worked example of the guide', () => {
  const guide = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const example = /```yaml\n((?:(?!```).)*rule=root-api-use.*?)```/s.exec(guide)?.[1] ?? '';
  const { routes } = configOf(example);

  test.each([
    ['high, in Production', ['routes[1].routes[0]'], { level: 'high', environment: 'production' }],
    [
      'low, in Production, by `ci-deploy`',
      ['routes[1].routes[1]'],
      { level: 'low', environment: 'production', actor: 'ci-deploy' },
    ],
    [
      'low, in Production, by `alice`',
      ['routes[1]'],
      { level: 'low', environment: 'production', actor: 'alice' },
    ],
    ['low, in Staging', ['routes[2]'], { level: 'low', environment: 'staging' }],
    ['medium, in Staging', ['root'], { level: 'medium', environment: 'staging' }],
    [
      '`root-api-use`, high, in Production',
      ['routes[0]', 'routes[1].routes[0]'],
      { level: 'high', environment: 'production', rule: 'root-api-use' },
    ],
  ])('%s', (alert, paths, labels) => {
    const decisions = routesFor(
      routes,
      new Map(Object.entries(labels).map(([key, value]) => [key, [value]])),
      Date.UTC(2026, 10, 20, 9, 15),
    );
    const channels = decisions.map(({ channel }) => `\`${channel}\``).join(' and ');
    expect(decisions.map(({ path }) => path)).toEqual(paths);
    const row = guide.split('\n').find((line) => line.startsWith(`| ${alert} |`));
    expect(row).toContain(`| ${channels}`);
    expect(row).toContain(`| ${paths.map((path) => `\`${path}\``).join(', ')} |`);
  });
});

describe('whatever the file holds, there is a configuration or a list of problems', () => {
  const check = (text: string) => {
    const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
    const problems = 'problems' in read ? read.problems : [];
    expect('config' in read || problems.length > 0).toBe(true);
    for (const { line, column, what, remedy } of problems) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(what).not.toBe('');
      expect(remedy).not.toBe('');
    }
  };

  test('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check));
  });

  test('text of YAML signs and known words', () => {
    const piece = fc.constantFrom(
      ...'- ,: ,\n,  ,[,],{,},#,&a ,*a,",\',|,>,?,!,%,---,~,1,<<,__proto__,constructor'.split(','),
      ...'listen,port,accounts,lists,routes,match,level>=high,silences,slack,"111122223333"'.split(','),
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(fc.property(text, check), { numRuns: 500 });
  });

  test('a key that JavaScript gives a meaning', () => {
    check('public_url:\n  constructor:\n    name: {}\n');
    check('lists:\n  constructor: {}\n  toString: 1\n  __proto__: [x]\n');
  });

  test('any value in any part', () => {
    const keys = [
      'listen',
      'public_url',
      'accounts',
      'lists',
      'rules',
      'routes',
      'silences',
      'access',
      'slack',
    ];
    const inner = ['match', 'channel', 'routes', 'reason', 'until', 'name', 'levels', 'disabled', 'respond'];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...inner, '111122223333', 'constructor'), tie('value'), { maxKeys: 3 }),
      ),
    }));
    const file = fc.dictionary(fc.constantFrom(...keys), value).map((content) => stringify(content));
    fc.assert(fc.property(file, check), { numRuns: 300 });
  });
});
