/** A selection in YAML that must be refused, and what the one problem says after the file's name. */
export const SELECTION_REFUSALS: readonly (readonly [selection: string, expected: string])[] = [
  [
    '{a: {b: c}}',
    '4:12: a map cannot be the value of a field; write the dotted path, as in "requestParameters.name: value"',
  ],
  ['{a: [[x]]}', '4:13: a list of values holds text and numbers only; lay it flat'],
  ['{}', '4:8: this selection is empty; write "field: value", or remove it'],
  ['[]', '4:8: this selection is empty; write "field: value", or remove it'],
  ['[{}]', '4:9: this selection is empty; write "field: value", or remove it'],
  ['', '4:8: a selection holds maps of fields, or keywords; write "field: value"'],
  ['[[x]]', '4:9: a selection holds maps of fields, or keywords; write "field: value"'],
  ['[true]', '4:9: a keyword must be text, not true; write text, in quotes'],
  ['{"|all": [x, null]}', '4:21: a keyword must be text, not null; write text, in quotes'],
  ['{"|cidr": 10.0.0.0/8}', '4:9: "cidr" needs a field; write the field name before the "|"'],
  // modifiers
  ['{a|contians: x}', '4:11: "contians" is not a modifier; did you mean "contains"?'],
  [
    '{a|: x}',
    '4:11: a modifier is missing after "|"; use one of contains, startswith, endswith, all, neq, re, i, m, s, cidr, exists, lt, lte, gt, gte, fieldref, cased, expand, windash, base64, base64offset, wide, utf16, utf16le, utf16be, minute, hour, day, week, month, year',
  ],
  ['{a|contains|contains: x}', '4:20: the modifier "contains" stands twice; remove one'],
  ['{a|contains|endswith: x}', '4:20: "endswith" does not go with "contains"; drop "endswith" or "contains"'],
  ['{a|contains: true}', '4:21: "contains" needs text, not true; write text, in quotes'],
  ['{a|startswith: null}', '4:23: "startswith" needs text, not null; write text, in quotes'],
  ['{a|expand: null}', '4:19: "expand" needs text, not null; write text, in quotes'],
  ['{a|contains|re: x}', '4:20: "re" must be the first modifier; write it directly after the field name'],
  ['{a|re|cased: x}', '4:14: "re" does not go with "cased"; drop "cased": "re" minds case already'],
  ['{a|cased|re: x}', '4:17: "re" must be the first modifier; write it directly after the field name'],
  ['{a|i: x}', '4:11: "i" only goes with "re"; write "re|i", or drop it'],
  ['{a|re|expand: x}', '4:14: "expand" does not go with "re"; drop "expand" or "re"'],
  [
    "{a|re: 'a(?=b)'}",
    '4:15: lookaround is not supported: regular expressions run in linear time here; add a selection and combine the two in the condition',
  ],
  [
    "{a|re: '(?<!a)b'}",
    '4:15: lookaround is not supported: regular expressions run in linear time here; add a selection and combine the two in the condition',
  ],
  [
    "{a|re: '(a)\\1'}",
    '4:15: a backreference is not supported: regular expressions run in linear time here; use "fieldref", or write the alternatives out',
  ],
  ["{a|re: 'a('}", '4:15: this is not a regular expression (missing closing ): `a(`); use the syntax of RE2'],
  ['{a|re: null}', '4:15: "re" needs a regular expression, not null; write one, in quotes'],
  [
    '{a|cidr|all: 10.0.0.0/8}',
    '4:16: "cidr" must be the only modifier; move the rest to a selection of its own',
  ],
  [
    '{a|neq|cidr: 10.0.0.0/8}',
    '4:15: "cidr" must be the only modifier; move the rest to a selection of its own',
  ],
  ['{a|cidr: 10.0.0.1/8}', '4:17: "10.0.0.1/8" has bits set after its prefix; write "10.0.0.0/8"'],
  [
    "{a|cidr: '2001:db8:0:0:1::/32'}",
    '4:17: "2001:db8:0:0:1::/32" has bits set after its prefix; write "2001:db8::/32"',
  ],
  ['{a|cidr: 10.0.0.0/33}', '4:17: "10.0.0.0/33" has no valid prefix length; write /0 to /32'],
  ["{a|cidr: '2001:db8::/129'}", '4:17: "2001:db8::/129" has no valid prefix length; write /0 to /128'],
  ['{a|cidr: 10.0.0.0/x}', '4:17: "10.0.0.0/x" has no valid prefix length; write /0 to /32'],
  ['{a|cidr: internal}', '4:17: "internal" is not a network; write it as 10.0.0.0/8 or 2001:db8::/32'],
  ["{a|gt: '5'}", '4:15: "gt" compares with a number, and this is none; write 5 without quotes'],
  ['{a|gt: many}', '4:15: "gt" compares with a number, and this is none; write a number'],
  ['{a|gt: null}', '4:15: "gt" compares with a number, and this is none; write a number'],
  ['{a|gt|contains: 5}', '4:14: "contains" does not go with "gt"; drop "contains" or "gt"'],
  ['{a|contains|gt: 5}', '4:20: "gt" does not go with "contains"; drop "gt" or "contains"'],
  ['{a|gt|lt: 5}', '4:14: "lt" does not go with "gt"; drop "lt" or "gt"'],
  [
    '{a|exists|neq: true}',
    '4:18: "exists" must be the only modifier; move the rest to a selection of its own',
  ],
  [
    '{a|neq|exists: true}',
    '4:15: "exists" must be the only modifier; move the rest to a selection of its own',
  ],
  ["{a|exists: 'true'}", '4:19: "exists" needs true or false; write one of them, without quotes'],
  ['{a|exists: constructor}', '4:19: "exists" needs true or false; write one of them, without quotes'],
  ['{a|exists: 1}', '4:19: "exists" needs true or false; write one of them, without quotes'],
  ['{a|exists: [true, false]}', '4:19: "exists" needs true or false; write one of them, without quotes'],
  [
    '{a|endswith|fieldref: b}',
    '4:20: "fieldref" cannot stand after "endswith"; write "fieldref" first, as in "fieldref|endswith"',
  ],
  ["{a|fieldref: 'b*'}", '4:21: the field name "b*" has a wildcard; name one field'],
  ['{a|fieldref: 5}', '4:21: "fieldref" needs the name of another field; write its dotted path'],
  [
    "{a|expand: '%owners%'}",
    '4:19: the placeholder %owners% has no values; add "owners" to "lists" in the configuration (lists there: admins, regions, nobody)',
  ],
  ['{a|gt: 1e400}', '4:15: 1e400 is more than a number can be here; write at most 9007199254740991'],
  ['{a|re|windash: x}', '4:14: "windash" does not go with "re"; drop "windash" or "re"'],
  ['{a|base64|windash: x}', '4:18: "windash" cannot stand after "base64"; write "windash" before "base64"'],
  ['{a|windash: true}', '4:20: "windash" needs text, not true; write text, in quotes'],
  [
    "{a|windash: '-a -b -c -d -e -f'}",
    '4:20: this text has too many dashes for "windash"; use shorter texts, in a list with "all"',
  ],
  [
    "{a|base64: 'adm*'}",
    '4:19: "base64" cannot encode the wildcard in "adm*"; write \\* and \\? for the characters themselves, or drop the wildcard',
  ],
  [
    "{a|expand|base64: '%admins%'}",
    '4:26: "base64" cannot encode the wildcard in "bob*"; write \\* and \\? for the characters themselves, or drop the wildcard',
  ],
  ['{a|base64: null}', '4:19: "base64" needs text, not null; write text, in quotes'],
  [
    '{a|base64offset|contains: x}',
    '4:34: "x" is too short to be known again by "base64offset"; use a longer text',
  ],
  [
    '{a|contains|base64: x}',
    '4:20: "base64" cannot stand after "contains"; write "base64" before "contains"',
  ],
  [
    '{a|base64|base64offset: x}',
    '4:18: "base64offset" does not go with "base64"; drop "base64offset" or "base64"',
  ],
  ['{a|base64|wide: x}', '4:18: "wide" cannot stand after "base64"; write "wide" before "base64"'],
  ['{a|wide|utf16: x}', '4:16: "utf16" does not go with "wide"; drop "utf16" or "wide"'],
  ['{a|re|base64: x}', '4:14: "base64" does not go with "re"; drop "base64" or "re"'],
  ...['wide', 'utf16', 'utf16le', 'utf16be'].map((name): readonly [string, string] => [
    `{a|${name}: x}`,
    `4:11: "${name}" makes bytes, which are no text; add "base64" or "base64offset|contains" after it`,
  ]),
  ["{a|hour: '9'}", '4:17: "hour" compares with a number, and this is none; write 9 without quotes'],
  ['{a|hour: null}', '4:17: "hour" compares with a number, and this is none; write a number'],
  ['{a|gte|hour: 9}', '4:15: "hour" cannot stand after "gte"; write "hour" before "gte"'],
  ['{a|hour|gte|lt: 9}', '4:20: "lt" does not go with "gte"; drop "lt" or "gte"'],
  ['{a|hour|day: 9}', '4:16: "day" does not go with "hour"; drop "day" or "hour"'],
  ['{a|hour|contains: 9}', '4:16: "contains" does not go with "hour"; drop "contains" or "hour"'],
  ['{a|hour|cased: 9}', '4:16: "cased" does not go with "hour"; drop "cased" or "hour"'],
  ['{"|hour": 9}', '4:9: "hour" needs a field; write the field name before the "|"'],
];

const LOGSOURCE = 'logsource: {product: aws, service: cloudtrail}\n';
const DETECTION = 'detection: {sel: {a: x}, condition: sel}\n';
const HEAD = `title: A rule\n${LOGSOURCE}`;
const RULE = `${HEAD}${DETECTION}`;

/** A file that must be refused, and all that is said about it, in the order of its lines. */
export const FILE_REFUSALS: readonly (readonly [says: string, text: string, expected: readonly string[]])[] =
  [
    // YAML
    [
      'broken YAML',
      'title: [',
      [
        '1:9: this is not YAML (Flow sequence in block collection must be sufficiently indented and end with a ]); correct it',
      ],
    ],
    [
      'a key that stands twice',
      `${RULE}title: Again\n`,
      ['4:1: the key "title" stands twice, first at 1:1; remove one, or join their values in one list'],
    ],
    [
      'a field that stands twice',
      `${HEAD}detection:\n  sel:\n    a: x\n    a: y\n  condition: sel\n`,
      ['6:5: the key "a" stands twice, first at 5:5; remove one, or join their values in one list'],
    ],
    [
      'a merge key',
      `${HEAD}detection:\n  sel: {<<: {a: x}}\n  condition: sel\n`,
      ['4:9: merge keys ("<<") are not supported; write the merged keys out'],
    ],
    [
      'an alias for nothing',
      `${HEAD}detection:\n  sel: *other\n  condition: sel\n`,
      ['4:8: "*other" stands for nothing; put "&other" before a value above'],
    ],
    [
      'a key that is no text',
      `${HEAD}detection:\n  sel: {[a]: x}\n  condition: sel\n`,
      ['4:9: this key is not text; write a name before the colon'],
    ],
    [
      'a document that is a list',
      '- a\n- b\n',
      ['1:1: this document is no map; write "title:", "logsource:", "detection:"'],
    ],
    // the document
    [
      'nothing of a rule',
      'author: me\n',
      [
        '1:1: the rule has no title; add "title:" with a short name',
        '1:1: "logsource" is missing; add "product: aws" and "service: cloudtrail" to it',
        '1:1: "detection" is missing; add a selection and a condition to it',
      ],
    ],
    [
      'an empty title',
      `title:\n${LOGSOURCE}${DETECTION}`,
      ['1:1: the rule has no title; add "title:" with a short name'],
    ],
    [
      'a title that is a list',
      `title: [a]\n${LOGSOURCE}${DETECTION}`,
      ['1:8: "title" must be text; write text, in quotes where YAML needs them'],
    ],
    [
      'a long title',
      `title: ${'x'.repeat(257)}\n${LOGSOURCE}${DETECTION}`,
      ['1:8: the title has 257 characters; shorten it to 256, move the rest to "description"'],
    ],
    [
      'a logsource that is text',
      `title: A\nlogsource: aws\n${DETECTION}`,
      ['2:12: "logsource" must be a map; add "product: aws" and "service: cloudtrail" to it'],
    ],
    [
      'an empty logsource',
      `title: A\nlogsource: {}\n${DETECTION}`,
      ['2:12: "logsource" is empty; add "product: aws" and "service: cloudtrail" to it'],
    ],
    [
      'a detection that is text',
      `${HEAD}detection: sel\n`,
      ['3:12: "detection" must be a map; add a selection and a condition to it'],
    ],
    [
      'an id that is no UUID',
      `${RULE}id: my-rule\n`,
      ['4:5: the id "my-rule" is not a UUID; make one with uuidgen; "name" may be a word'],
    ],
    ['an unknown level', `${RULE}level: hihg\n`, ['4:8: "hihg" is not a level; did you mean "high"?']],
    [
      'a level of another tool',
      `${RULE}level: P1\n`,
      ['4:8: "P1" is not a level; use one of informational, low, medium, high, critical'],
    ],
    [
      'an unknown status',
      `${RULE}status: testing\n`,
      ['4:9: "testing" is not a status; use one of stable, test, experimental, deprecated, unsupported'],
    ],
    [
      'another taxonomy',
      `${RULE}taxonomy: ecs\n`,
      ['4:11: the taxonomy "ecs" is not known; use CloudTrail\'s field names and remove the key'],
    ],
    [
      'a later version of Sigma',
      `${RULE}sigma-version: 4\n`,
      [
        '4:16: only Sigma 2 is evaluated, and 3 for array blocks; write the rule in Sigma 2.1 and remove the key',
      ],
    ],
    [
      'a rule collection',
      `action: global\n${RULE}`,
      ['1:1: "action" (rule collections) is Sigma\'s old syntax; write each rule out in full'],
    ],
    [
      'tags that are a map',
      `${RULE}tags: {a: b}\n`,
      ['4:7: "tags" must be a list of texts; write each entry as "- text"'],
    ],
    [
      'references with a map',
      `${RULE}references: [x, {a: b}]\n`,
      ['4:17: "references" must be a list of texts; write each entry as "- text"'],
    ],
    [
      'a correlation',
      `title: Many\nid: 6d9f5f5c-9a0a-4d38-9e2f-7a0c1c0a0b01\n${'correlation: {type: event_count}'}\n`,
      [
        '3:14: the correlation has no timespan; add "timespan: 10m"',
        '3:14: the correlation has no condition; add "condition: {gte: 10}"',
      ],
    ],
    [
      'a filter',
      `title: Known\n${LOGSOURCE}filter: {rules: any}\n`,
      ['3:9: the detection has no condition; add "condition: selection"'],
    ],
    // the detection
    [
      'no condition',
      `${HEAD}detection: {sel: {a: x}}\n`,
      ['3:12: the detection has no condition; add "condition: selection"'],
    ],
    [
      'a condition that is a map',
      `${HEAD}detection: {sel: {a: x}, condition: {a: b}}\n`,
      ['3:37: a condition is text; write it as "selection and not filter"'],
    ],
    [
      'an empty list of conditions',
      `${HEAD}detection: {sel: {a: x}, condition: []}\n`,
      ['3:37: the condition is empty; name a selection'],
    ],
    [
      'an empty condition',
      `${HEAD}detection: {sel: {a: x}, condition: }\n`,
      ['3:37: the condition is empty; name a selection'],
    ],
    [
      'a selection without a usable name',
      `${HEAD}detection: {"my sel": {a: x}, sel: {a: x}, condition: sel}\n`,
      [
        '3:13: "my sel" cannot be the name of a selection; use letters, digits, "_" and "-" only, so that the condition can name it',
      ],
    ],
    [
      'a time frame and a count',
      `${HEAD}detection:\n  sel: {a: x}\n  timeframe: 5m\n  condition: sel | count() > 5\n`,
      [
        '5:3: "timeframe" is Sigma\'s old syntax; write "condition: sel", give the rule a name, and add a document with "correlation: {type: event_count, rules: [NAME], timespan: 5m, condition: {gt: 5}}"',
        '6:18: an aggregation after "|" is Sigma\'s old syntax; write "condition: sel", give the rule a name, and add a document with "correlation: {type: event_count, rules: [NAME], timespan: 5m, condition: {gt: 5}}"',
      ],
    ],
    [
      'every mistake of a rule at once',
      `title: A\n${LOGSOURCE}level: hihg\ndetection:\n  sel:\n    a|contians: x\n    b|cidr: 10.0.0.1/8\n  condition: sle\n`,
      [
        '3:8: "hihg" is not a level; did you mean "high"?',
        '6:7: "contians" is not a modifier; did you mean "contains"?',
        '7:13: "10.0.0.1/8" has bits set after its prefix; write "10.0.0.0/8"',
        '8:14: no selection is named "sle"; did you mean "sel"?',
      ],
    ],
    // trailbot:
    [
      'trailbot that is text',
      `${RULE}trailbot: yes\n`,
      [
        '4:11: "trailbot" must be a map; its keys are summary, runbook, group_by, quiet_for, first_seen, needs, ask_actor, tests',
      ],
    ],
    [
      'a misspelt key',
      `${RULE}trailbot:\n  sumary: x\n`,
      ['5:3: "trailbot" has no key "sumary"; did you mean "summary"?'],
    ],
    [
      'an unknown key',
      `${RULE}trailbot:\n  colour: red\n`,
      [
        '5:3: "trailbot" has no key "colour"; its keys are summary, runbook, group_by, quiet_for, first_seen, needs, ask_actor, tests',
      ],
    ],
    [
      'ask_actor that is neither true nor false',
      `${RULE}trailbot:\n  ask_actor: sometimes\n`,
      ['5:14: "ask_actor" must be true or false; write ask_actor: true'],
    ],
    [
      'more people than can be needed',
      `${RULE}trailbot:\n  needs: 6\n`,
      [
        '5:10: "needs" must be a whole number from 1 to 5; write how many different people have to acknowledge: needs: 2',
      ],
    ],
    [
      'needs that is no number',
      `${RULE}trailbot:\n  needs: [alice, bob]\n`,
      [
        '5:10: "needs" must be a whole number from 1 to 5; write how many different people have to acknowledge: needs: 2',
      ],
    ],
    [
      'a summary with a loose brace',
      `${RULE}trailbot:\n  summary: '{actor did it'\n`,
      [
        '5:12: the summary has a brace that is not part of a placeholder; write placeholders as {actor} or {requestParameters.userName}',
      ],
    ],
    [
      'a summary with an empty placeholder',
      `${RULE}trailbot:\n  summary: 'did {} it'\n`,
      [
        '5:12: the summary has a brace that is not part of a placeholder; write placeholders as {actor} or {requestParameters.userName}',
      ],
    ],
    [
      'a runbook that is no https address',
      `${RULE}trailbot:\n  runbook: http://example.com\n`,
      ['5:12: the runbook "http://example.com" is not an https address; write it as https://…'],
    ],
    [
      'an empty group_by',
      `${RULE}trailbot:\n  group_by: []\n`,
      [
        '5:13: "group_by" names no field; name fields, as in [account, requestParameters.userName], or remove the key',
      ],
    ],
    [
      'a group_by that is no path',
      `${RULE}trailbot:\n  group_by: [a..b]\n`,
      ['5:14: "a..b" is not a field path; write it as requestParameters.userName'],
    ],
    [
      'a quiet_for that is no duration',
      `${RULE}trailbot:\n  quiet_for: soon\n`,
      ['5:14: "soon" is not a duration; write it as 30m, 4h or 7d'],
    ],
    [
      'tests that are a map',
      `${RULE}trailbot:\n  tests: {name: x}\n`,
      ['5:10: "tests" must be a list; write "- name: …", "event: …", "expect: match"'],
    ],
    [
      'a test that is text',
      `${RULE}trailbot:\n  tests: [x]\n`,
      ['5:11: a test must be a map; its keys are name, event, events, expect'],
    ],
    [
      'a test with nothing in it',
      `${RULE}trailbot:\n  tests: [{}]\n`,
      [
        '5:11: this test has no name; add "name:" with what the test shows',
        '5:11: this test does not say what it expects; write "expect: match" or "expect: no match"',
        '5:11: this test has no event; add "event:" with a CloudTrail record, or "events:" with several',
      ],
    ],
    [
      'a test with wrong values',
      `${RULE}trailbot:\n  tests:\n    - name: t\n      evnt: {}\n      event: {}\n      events: []\n      expect: hit\n`,
      [
        '7:7: a test has no key "evnt"; did you mean "event"?',
        '9:7: this test has both "event" and "events"; keep one of them',
        '10:15: "expect" must be "match" or "no match"; write "expect: match" or "expect: no match"',
      ],
    ],
    [
      'a test with events that are no records',
      `${RULE}trailbot:\n  tests:\n    - {name: t, expect: match, events: [x]}\n    - {name: u, expect: match, event: [x]}\n    - {name: v, expect: match, events: {a: b}}\n`,
      [
        '6:41: an event must be a map; write a CloudTrail record',
        '7:39: an event must be a map; write a CloudTrail record',
        '8:40: "events" must be a list; write each event as "- …", or use "event"',
        '8:40: this test has no event; add "event:" with a CloudTrail record, or "events:" with several',
      ],
    ],
  ];
