import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { envelope, record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const RULE = `title: Key for somebody else
id: 3b0f4c52-7a61-4c8e-9d0b-5f8e7c1a2d34
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: CreateAccessKey, errorCode: null}
  own: {requestParameters.userName|fieldref: userIdentity.userName}
  condition: selection and not own
level: high
trailbot: {group_by: [account]}
`;
const created = (userName: string) =>
  record({
    userIdentity: user('alice'),
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    requestParameters: { userName },
  });

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 'rule.yml'), RULE);
});

function explain(event: string, ...options: string[]) {
  writeFileSync(join(folder, 'event.json'), event);
  return call(['explain', 'event.json', '--rules', 'rule.yml', ...options], { folder });
}

describe('explain', () => {
  it('shows each clause of a rule that matches, and where the alert would go', async () => {
    const { code, out } = await explain(JSON.stringify(created('bob')));
    expect(code).toBe(0);
    expect(out).toContain('1 rule matches: “Key for somebody else”.');
    expect(out).toContain(
      [
        'Key for somebody else · high · matches',
        '  ✓ selection',
        '    ✓ eventName: CreateAccessKey   (it is CreateAccessKey)',
        '    ✓ errorCode: null   (it is absent)',
        '  ✓ not own',
        '    ✗ requestParameters.userName|fieldref: userIdentity.userName   (it is bob; userIdentity.userName is alice)',
      ].join('\n'),
    );
    expect(out).toContain('Now  To #security-alerts by route root, one alert for each account.');
  });

  it('shows how far away a rule was that does not match, and ends with 1', async () => {
    const { code, out } = await explain(JSON.stringify(envelope(created('alice'))));
    expect(code).toBe(1);
    expect(out).toContain('No rule matches; the nearest is “Key for somebody else”, 1 clause away.');
    expect(out).toContain('  ✗ not own\n');
  });

  it('shows of a rule that came less near only the clauses that fail', async () => {
    const further = RULE.replace('Key for somebody else', 'Key by root')
      .replace('a2d34', 'a2d35')
      .replace('errorCode: null', 'errorCode: null, userIdentity.type: Root');
    writeFileSync(join(folder, 'rule.yml'), `${RULE}---\n${further}`);
    const { out } = await explain(JSON.stringify(created('alice')));
    expect(out).toContain(
      [
        'Key by root · high · 2 clauses away',
        '  ✗ userIdentity.type: Root   (it is IAMUser)',
        '  ✗ not own\n',
      ].join('\n'),
    );
  });

  it('only counts the rules about other calls', async () => {
    const { out } = await explain(JSON.stringify(record({ eventName: 'RunInstances' })));
    expect(out).toContain('1 rule is about other calls.');
    expect(out).not.toContain('Key for somebody else');
  });

  it('says with --json what a program needs', async () => {
    const { out } = await explain(JSON.stringify(created('bob')), '--json');
    expect(JSON.parse(out)).toMatchObject([
      {
        matched: [
          {
            rule: '3b0f4c52-7a61-4c8e-9d0b-5f8e7c1a2d34',
            missing: 0,
            next: ['To #security-alerts by route root, one alert for each account.'],
            clauses: [{ depth: 0, holds: true, text: 'selection' }, {}, {}, { text: 'not own' }, {}],
          },
        ],
        missed: [],
        others: 0,
      },
    ]);
  });

  it.each([
    ['nothing', '', 'event.json has no event. Give a file with one event, or the id of an event.\n'],
    [
      'several events',
      `${JSON.stringify(created('bob'))}\n${JSON.stringify(created('eve'))}\n`,
      'event.json has more than one event, and one is explained at a time. Give a file with one.\n',
    ],
    [
      'something else',
      '[7]',
      'event.json has no event: Not a CloudTrail record: a number where an object should be.\n',
    ],
  ])('refuses a file with %s in one sentence', async (_says, text, err) => {
    expect(await explain(text)).toEqual({ code: 2, out: '', err });
  });

  it('does not let what stands in an event steer the terminal', async () => {
    const { out } = await explain(JSON.stringify(created('\u001b[2Jbob')));
    expect(out).not.toContain('\u001b');
    expect(out).toContain('[2Jbob');
  });

  it('keeps a value with line ends on the line of its clause', async () => {
    const { out } = await explain(JSON.stringify(created('bob\n✓ own')));
    expect(out).toContain('(it is bob ✓ own; userIdentity.userName is alice)');
  });

  it('leaves “lookup explain” to the command of that name', async () => {
    const { code, err } = await call(['lookup', 'explain', 'A-12'], { folder });
    expect({ code, err }).toEqual({
      code: 2,
      err: '“explain” is a command of its own. Try: trailbot explain A-12\n',
    });
  });
});
