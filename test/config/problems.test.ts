import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { sayProblem } from '../../src/kernel/problem.ts';

const problemsOf = (text: string): string[] => {
  const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
  return 'problems' in read ? read.problems.map(sayProblem) : [];
};

/** What the problems of a file are, word for word. */
const cases: [name: string, text: string, problems: string[]][] = [
  [
    'an unknown key with a near one',
    'listen:\n  prot: 1\nacounts: {}',
    [
      'trailbot.yaml:2:3: unknown key "prot" in listen; did you mean "port"?',
      'trailbot.yaml:3:1: unknown key "acounts"; did you mean "accounts"?',
    ],
  ],
  [
    'an unknown key without a near one',
    'listen: { colour: red }',
    ['trailbot.yaml:1:11: unknown key "colour" in listen; the keys here are host, port'],
  ],
  [
    'how long an acknowledgement is believed, and how many people it takes',
    'acknowledgement: { remind_after: soon, expires_after: 10s }\nrules: { needs: { some-rule: 6 } }',
    [
      'trailbot.yaml:1:34: acknowledgement.remind_after must be a length of time such as 4h; write for example remind_after: 4h',
      'trailbot.yaml:1:55: acknowledgement.expires_after must be a length of time such as 30m, at least 1m; write for example expires_after: 30m',
      'trailbot.yaml:2:30: rules.needs.some-rule must be between 1 and 5; write for example some-rule: 2',
    ],
  ],
  [
    'when digests are wanted',
    'digests: { time_zone: Mars/Base, daily: 9 am, weekly: someday 09:00, only: high }',
    [
      'trailbot.yaml:1:23: digests.time_zone must be a time zone by its name, such as Europe/Berlin; write for example time_zone: Europe/Berlin',
      'trailbot.yaml:1:41: digests.daily must be a time of day such as 09:00, or never; write for example daily: 09:00',
      'trailbot.yaml:1:55: digests.weekly must be a day of the week and a time such as monday 09:00, or never; write for example weekly: monday 09:00',
      'trailbot.yaml:1:76: digests.only must be low or none; write one of them',
    ],
  ],
  [
    'a wrong type',
    'listen:\n  port: abc\n  host: [1]',
    [
      'trailbot.yaml:2:9: listen.port must be a number, not text; write for example port: 3000',
      'trailbot.yaml:3:9: listen.host must be text, not a list; write for example host: 0.0.0.0',
    ],
  ],
  [
    'a number out of bounds, or not whole',
    'listen: { port: 99999 }',
    ['trailbot.yaml:1:17: listen.port must be between 0 and 65535; write for example port: 3000'],
  ],
  [
    'a fraction',
    'listen: { port: 1.5 }',
    ['trailbot.yaml:1:17: listen.port must be a whole number, not a fraction; write for example port: 3000'],
  ],
  [
    'a word that is none of the choices',
    'log: { level: inof }\nrules:\n  levels: { r: urgent }',
    [
      'trailbot.yaml:1:15: log.level must be trace, debug, info, warn, error, fatal or silent; did you mean "info"?',
      'trailbot.yaml:3:16: rules.levels.r must be informational, low, medium, high or critical; write one of them',
    ],
  ],
  [
    'empty text and an empty list',
    'data_dir: ""\nrules: { paths: [] }',
    [
      'trailbot.yaml:1:11: data_dir must be text that is not empty; write for example data_dir: /var/lib/trailbot',
      'trailbot.yaml:2:17: rules.paths must be a list with at least one entry; write for example paths: ["builtin","./rules"]',
    ],
  ],
  [
    'text that is too long',
    `data_dir: ${'x'.repeat(1001)}`,
    [
      'trailbot.yaml:1:11: data_dir must be at most 1000 characters; write for example data_dir: /var/lib/trailbot',
    ],
  ],
  [
    'a length of time',
    'history: { records: 5min }\nroutes: { group_wait: 5 }',
    [
      'trailbot.yaml:1:21: history.records must be a length of time such as 14d or 30d, at least 2d (EventBridge delivers again for a day) and at most 3650d; write for example records: 30d',
      'trailbot.yaml:2:23: routes.group_wait must be text, not a number; write for example group_wait: 0s',
    ],
  ],
  [
    'records kept for less than an hour',
    'history: { records: 59m }',
    [
      'trailbot.yaml:1:21: history.records must be a length of time such as 14d or 30d, at least 2d (EventBridge delivers again for a day) and at most 3650d; write for example records: 30d',
    ],
  ],
  [
    'account ids without quotes',
    'accounts:\n  012345678901: { name: Logs }\nlists:\n  known_accounts: [111122223333]',
    [
      'trailbot.yaml:2:3: the key "012345678901" is not in quotes, so YAML does not read it as text (a number loses the zeros before it); write it in quotes: "012345678901"',
      'trailbot.yaml:4:20: lists.known_accounts[0] must be text, not a number (an account id as a number loses the zeros before it); write it in quotes: "111122223333"',
    ],
  ],
  [
    'an account id that is none, and an account without a name',
    'accounts: { "12": { name: Logs }, "111122223333": {} }',
    [
      'trailbot.yaml:1:13: the key accounts."12" must be an AWS account id: 12 digits, in quotes because one may begin with 0; write for example accounts: {"111122223333":{"name":"Production"}}',
      'trailbot.yaml:1:35: accounts."111122223333".name is missing; write for example name: Production',
    ],
  ],
  [
    'a name of a list that no placeholder can have',
    'lists: { "my list": [a] }',
    [
      'trailbot.yaml:1:10: the key lists."my list" must be a name of letters, digits, _ and -; write for example lists: {"known_accounts":["111122223333"]}',
    ],
  ],
  [
    'a channel that became a comment, and one that is none',
    'routes:\n  channel: #alerts\n  routes: [{ channel: Alerts }]',
    [
      'trailbot.yaml:2:12: routes.channel has no value (without quotes, # starts a comment); write for example channel: "#security-alerts"',
      'trailbot.yaml:3:23: routes.routes[0].channel must be a Slack channel: # and its name in lower case, or its id (C…); write for example channel: "#security-alerts"',
    ],
  ],
  [
    'a matcher at the top of the routes',
    'routes: { match: [level=high] }',
    [
      'trailbot.yaml:1:11: the top of the routes takes everything, so it has no match; put it on an entry under routes.routes',
    ],
  ],
  [
    'matchers with a mistake, and one that stands alone',
    'routes:\n  routes:\n    - match: [levle=high, nonsense]\n      routes: [{ match: level=low }]',
    [
      'trailbot.yaml:3:15: routes.routes[0].match[0]: unknown label "levle" (did you mean "level"?); write it like level>=high or account=111122223333',
      'trailbot.yaml:3:27: routes.routes[0].match[1]: a matcher is a label, an operator and a value; write it like level>=high or account=111122223333',
      'trailbot.yaml:4:25: routes.routes[0].routes[0].match must be a list, not text; write for example match: ["level>=high","environment=production"]',
    ],
  ],
  [
    'a matcher on an environment that no account has',
    'accounts: { "111122223333": { name: P, environment: production } }\nroutes: { routes: [{ match: [environment=prodution] }] }\nsilences: [{ match: [environment!=test], reason: r }]',
    [
      'trailbot.yaml:2:30: no account has the environment "prodution"; did you mean "production"?',
      'trailbot.yaml:3:22: no account has the environment "test"; give an account under accounts this environment',
    ],
  ],
  [
    'a silence without matchers or reason, until no instant',
    'silences:\n  - match: []\n    until: tomorrow',
    [
      'trailbot.yaml:2:5: silences[0].reason is missing; write for example reason: the scanner of the security team',
      'trailbot.yaml:2:12: silences[0].match must be a list with at least one entry; write for example match: ["level>=high","environment=production"]',
      'trailbot.yaml:3:12: silences[0].until must be an instant with its zone, such as 2027-01-31T18:00:00Z; write for example until: 2027-01-31T18:00:00Z',
    ],
  ],
  [
    'people who are neither users nor user groups of Slack',
    'access: { respond: alice, ask: [alice] }',
    [
      'trailbot.yaml:1:20: access.respond must be everyone, or a list of Slack user ids and user groups; write for example respond: ["U0123456789","S0123456789"]',
      'trailbot.yaml:1:33: access.ask[0] must be the id of a Slack user (U0123456789) or user group (S0123456789); write for example ask: ["U0123456789","S0123456789"]',
    ],
  ],
  [
    'addresses',
    'public_url: trailbot.example.com\nslack: { api_url: "http://127.0.0.1.example.com/" }\nlisten: { host: "http://x" }',
    [
      'trailbot.yaml:1:13: public_url must be an http or https address without ? or #; write for example public_url: https://trailbot.example.com',
      'trailbot.yaml:2:19: slack.api_url must be https://slack.com/api/, or a loopback http address in tests; write for example api_url: https://slack.com/api/',
      'trailbot.yaml:3:17: listen.host must be an address or a host name, without a port; write for example host: 0.0.0.0',
    ],
  ],
  [
    'what questions are asked of',
    'accounts: { "111122223333": { name: P, reader_role: "a role" } }\naccess: { channels: security }\nhistory: { regions: [Ireland], lookup_events: maybe }',
    [
      'trailbot.yaml:1:53: accounts."111122223333".reader_role must be the name or the ARN of a role in that account; write for example reader_role: TrailbotReader',
      'trailbot.yaml:2:21: access.channels must be everywhere, or a list of channels; write for example channels: ["#security-alerts","#incidents"]',
      'trailbot.yaml:3:22: history.regions[0] must be a region such as eu-west-1; write for example regions: ["us-east-1","eu-west-1"]',
      'trailbot.yaml:3:47: history.lookup_events must be true or false, not text; write for example lookup_events: true',
    ],
  ],
  [
    'escalations, schedules, hours and services that are not there',
    [
      'escalations:',
      '  security:',
      '    steps:',
      '      - { page: [schedule:primry, webhook:siem], wait: 5m }',
      '      - { page: [pagerduty:ops], wait: 5m, only_if: { hours: ofice, outside: night } }',
      'schedules: { primary: { time_zone: UTC, layers: [{ name: week, rotation: weekly, start: 2026-01-05T09:00, people: [U0ALICE01] }] } }',
      'time_intervals: { office: { weekdays: ["monday:friday"] } }',
      'routes: { escalation: securty, routes: [{ hours: nights, channel: "#night" }] }',
    ].join('\n'),
    [
      'trailbot.yaml:4:18: there is no schedule "primry"; did you mean "primary"?',
      'trailbot.yaml:4:35: there is no webhook "siem"; define it under webhooks',
      'trailbot.yaml:5:18: there is no pagerduty service "ops"; define it under pagerduty',
      'trailbot.yaml:5:62: there is no time interval "ofice"; did you mean "office"?',
      'trailbot.yaml:5:78: there is no time interval "night"; define it under time_intervals',
      'trailbot.yaml:8:23: there is no escalation "securty"; did you mean "security"?',
      'trailbot.yaml:8:50: there is no time interval "nights"; define it under time_intervals',
    ],
  ],
  [
    'an escalation that cannot be',
    [
      'escalations:',
      '  security:',
      '    steps: [{ page: [alice], wait: 30s, only_if: { level: ">=loud" } }]',
      '    repeat: 6',
      '    at_end: everyone',
      'webhooks: { siem: { url: "http://siem.example.com/" } }',
      'pagerduty: { ops: { routing_key: abc } }',
      'routes: { hours: office, repeat: 4 }',
    ].join('\n'),
    [
      `trailbot.yaml:3:22: escalations.security.steps[0].page[0] must be somebody to page: a user id (U…), an e-mail address, schedule:NAME, a user group's id (S…), a channel in quotes, webhook:NAME or pagerduty:NAME; write for example page: ["schedule:primary","#security-leads"]`,
      'trailbot.yaml:3:36: escalations.security.steps[0].wait must be a length of time such as 5m or 1h, at least 1m and at most 24h; write for example wait: 5m',
      'trailbot.yaml:3:59: escalations.security.steps[0].only_if.level must be a level with its operator, such as ">=high"; write for example level: ">=high"',
      'trailbot.yaml:4:13: escalations.security.repeat must be between 0 and 5; write for example repeat: 2',
      'trailbot.yaml:5:13: escalations.security.at_end must be a Slack channel: # and its name in lower case, or its id (C…); write for example at_end: here',
      'trailbot.yaml:6:26: webhooks.siem.url must be an https address; write for example url: https://siem.example.com/trailbot',
      'trailbot.yaml:7:21: "routing_key" looks like a secret, and this file is no place for secrets; remove it, set the environment variable TRAILBOT_PAGERDUTY_NAME, and replace the secret if others could read the file',
      'trailbot.yaml:8:11: the top of the routes takes everything, so it has no hours; put it on an entry under routes.routes',
      'trailbot.yaml:8:18: there is no time interval "office"; define it under time_intervals',
      'trailbot.yaml:8:34: routes.repeat must be never, or a length of time such as 4h; write for example repeat: 4h',
    ],
  ],
  [
    'a file that is a list',
    '- 1',
    ['trailbot.yaml:1:1: the file must be keys with values, not a list; see docs/configuration.md'],
  ],
];

describe('each mistake is named with its place and its remedy', () => {
  test.each(cases)('%s', (_name, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('all mistakes come at once, those of the environment too', () => {
    const read = readConfig({
      text: 'listen: { prot: 1 }\nlog: { level: loud }\n',
      file: 'trailbot.yaml',
      env: { DATABASE_URL: 'postgres://x' },
    });
    expect('problems' in read && read.problems.map(({ file, line }) => [file, line])).toEqual([
      ['trailbot.yaml', 1],
      ['trailbot.yaml', 2],
      ['environment', 0],
    ]);
  });
});

const yamlCases: [name: string, text: string, problems: string[]][] = [
  [
    'a doubled key',
    'data_dir: a\ndata_dir: b',
    ['trailbot.yaml:2:1: the key "data_dir" stands twice; keep one of them'],
  ],
  ['a tab', '\tlisten: {}', ['trailbot.yaml:1:1: a tab stands in the indentation; indent with spaces']],
  [
    'a bracket that is not closed',
    'listen: { port: 3000\ndata_dir: x',
    [
      'trailbot.yaml:2:1: the indentation does not fit the lines before it, or a bracket is not closed; line it up with its neighbours',
    ],
  ],
  [
    'a quote that is not closed',
    'data_dir: "x',
    [
      'trailbot.yaml:1:13: a quote or a bracket is not closed, or a colon is missing; close it, or add ": " after the key',
    ],
  ],
  [
    'two colons on a line',
    'data_dir: a: b',
    [
      'trailbot.yaml:1:11: a second "key: value" stands on the line; put the value in quotes, or start a new line',
    ],
  ],
  [
    'a reserved character',
    'data_dir: @x',
    ['trailbot.yaml:1:11: a value begins with a character that YAML reserves; put it in quotes'],
  ],
  [
    'a second document',
    'data_dir: x\n---\ndata_dir: y',
    ['trailbot.yaml:2:1: a second YAML document begins here (---); keep one document'],
  ],
  [
    'an unknown alias',
    'data_dir: *x',
    ['trailbot.yaml:1:11: there is no anchor of this name before the alias; write the value itself'],
  ],
  ['a key that is none', '? [a]\n: b', ['trailbot.yaml:1:3: this cannot be a key; write a name and a colon']],
  ['a tag', 'data_dir: !x y', ['trailbot.yaml:1:11: a YAML tag (!) has no meaning here; remove it']],
  [
    'anything else that is not YAML',
    'listen: {}\n]',
    ['trailbot.yaml:2:1: this is not YAML; look at the indentation, the quotes and the colons around here'],
  ],
  [
    'a file that is too large',
    ' '.repeat(1_000_001),
    ['trailbot.yaml:1:1: the file is larger than 1,000,000 characters; make it smaller'],
  ],
];

describe('YAML that cannot be read is a problem, too', () => {
  test.each(yamlCases)('%s', (_name, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++) {
    const [name, before] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
  }
  test.each([
    ['a pile of aliases', lines.join('\n')],
    ['an alias inside its own anchor', 'routes: &r\n  routes: [*r]'],
    ['brackets without end', '['.repeat(100_000)],
    ['very deep nesting', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('%s ends with one problem', (_name, text) => {
    expect(problemsOf(text)).toHaveLength(1);
  });
});

describe('secrets have no place in the file', () => {
  test.each([
    ['slack: { bot_token: hunter2-hunter2 }', 'SLACK_BOT_TOKEN'],
    ['signingSecret: hunter2-hunter2', 'SLACK_SIGNING_SECRET'],
    ['webhook_keys: [hunter2-hunter2]', 'TRAILBOT_WEBHOOK_KEYS'],
    ['secret_access_key: hunter2-hunter2', 'AWS_SECRET_ACCESS_KEY'],
    ['database_url: postgres://u:hunter2-hunter2@h/d', 'DATABASE_URL'],
    ['data_dir: xoxb-hunter2-hunter2', 'SLACK_BOT_TOKEN'],
    ['lists: { a: [xoxb-hunter2-hunter2] }', 'SLACK_BOT_TOKEN'],
  ])('%s', (text, variable) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('this file is no place for secrets');
    expect(problems[0]).toContain(`set the environment variable ${variable}`);
    expect(problems[0]).not.toContain('hunter2');
  });

  test.each([
    'xoxb-1234-hunter2: 1',
    'listen: { xoxb-1234-hunter2: 1 }',
    'lists: { "xoxb-1234-hunter2 ": [1] }',
    'accounts: { aWhUnTeR2hunter2hunter2hunter2: { name: 5 } }',
    'listen: { port: xoxb-1234-hunter2 }',
    'log: { level: xoxb-1234-hunter2 }',
    'data_dir: "xoxb-1234-hunter2',
    'data_dir: x\nxoxb-1234-hunter2',
    '- hunter2\nb: hunter2',
    'xoxb-1234-hunter2: 1\nxoxb-1234-hunter2: 2',
  ])('%j is not repeated in a problem', (text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n').toLowerCase()).not.toContain('hunter2');
  });
});
