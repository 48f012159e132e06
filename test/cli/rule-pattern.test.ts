import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const HEAD = 'title: A rule\nlogsource: {product: aws, service: cloudtrail}\n';

let folder: string;
const put = (name: string, selection: string) =>
  writeFileSync(join(folder, name), `${HEAD}detection: {sel: ${selection}, condition: sel}\n`);

beforeEach(() => {
  folder = temporaryFolder();
});

it('rules pattern prints the patterns by the state that their EventBridge rule needs', async () => {
  put('trail.yml', '{eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}');
  put('secret.yml', '{eventName: GetSecretValue, requestParameters.secretId|contains: prod}');
  const { code, out } = await call(['rules', 'pattern', 'trail.yml', 'secret.yml'], { folder });
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'EventBridge rules in the state ENABLED:',
    '  {"source":[{"prefix":"aws."}],"detail-type":[{"suffix":" via CloudTrail"}],"detail":{"eventName":[{"equals-ignore-case":"StopLogging"}],"eventSource":["cloudtrail.amazonaws.com"]}}',
    '',
    'EventBridge rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS, for reads:',
    '  {"source":[{"prefix":"aws."}],"detail-type":[{"suffix":" via CloudTrail"}],"detail":{"eventName":[{"equals-ignore-case":"GetSecretValue"}]}}',
    '',
    'Rules that get more events than they match:',
    '  secret: asks for fields that may hold a list or an object: requestParameters.secretId',
    '',
  ]);
});

it('rules pattern says which rule makes it let everything through', async () => {
  put('words.yml', '[denied]');
  const { out } = await call(['rules', 'pattern', 'words.yml'], { folder });
  expect(out).toContain('  words: needs every event: looks for text anywhere in the record\n');
  expect(out).toContain('Rules that name no event, and so get calls of every service: words.\n');
});

it('rules pattern --json is for machines', async () => {
  put('trail.yml', '{eventName: StopLogging}');
  const { out } = await call(['rules', 'pattern', 'trail.yml', '--json'], { folder });
  expect(JSON.parse(out)).toEqual({
    changes: [expect.stringMatching(/^\{.*\}$/)],
    reads: [],
    rules: [{ id: 'trail', name: 'trail', reach: 'exact', named: true, reads: false, reasons: [] }],
    shortened: [],
  });
});

it('rules pattern prints no pattern for rules with mistakes', async () => {
  writeFileSync(join(folder, 'a.yml'), 'title: [');
  const { code, out, err } = await call(['rules', 'pattern', 'a.yml'], { folder });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('a.yml:1:9');
});
