import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { HOUR } from '../../src/kernel/time.ts';
import { callOf } from '../../src/questions/call.ts';
import { namesIn } from '../../src/questions/names.ts';
import { insight, SHARED_ID } from '../support/insights.ts';
import { readable } from '../support/records.ts';
import { answer, labels, listOf, NOW, SCOPE, say, sayAll } from './said.ts';

function read(body: JsonObject) {
  const record = readRecord(body);
  if ('unreadable' in record) throw new Error(record.unreadable);
  return record;
}

function ask(record = readable()) {
  const event = { record, receivedAt: NOW - HOUR, alertIds: [], suppressed: [] };
  return answer({ kind: 'event', eventIds: [record.eventId], scope: SCOPE }, { events: [event] });
}

describe('an Insight', () => {
  const record = read(insight('Start'));

  it('is told in words, and leads to its other half', () => {
    const drawn = ask(record);
    expect(say(drawn.title)).toBe('Insight ec2:RunInstances');
    expect(say(drawn.lead)).toBe(
      'RunInstances 12 × its usual rate (61 a minute instead of 5), top caller role deploy, for 4 minutes so far, 3 h ago.',
    );
    const said = sayAll(drawn);
    for (const line of [
      'Top caller  role deploy arn:aws:sts::111122223333:assumed-role/deploy',
      'Unusual  ec2.amazonaws.com RunInstances',
      'Callers  role deploy 58 a minute (usually 4) · user bob 3 a minute (new)',
    ]) {
      expect(said).toContain(line);
    }
    expect(said).not.toContain('success');
    expect(labels(drawn)).toEqual(['Its start and its end', 'Activity of deploy']);
    expect(drawn.follow[0]?.question).toMatchObject({ kind: 'resource', value: SHARED_ID });
    expect(namesIn(record).map(({ name }) => name)).toContain(SHARED_ID);
  });

  it('without attributions has no caller', () => {
    const said = sayAll(ask(read(insight('End', { insightContext: {} }))));
    expect(said).not.toContain('Top caller');
    expect(said).toContain('RunInstances at an unusual rate, and it is over, 2 h ago.');
  });

  it('stands in a list with its rates, and is counted with no call', () => {
    const calls = [
      callOf(record),
      callOf(readable({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' })),
    ];
    const question = { kind: 'user', value: 'deploy', scope: SCOPE } as const;
    const drawn = answer(question, { calls }, { kind: 'timeline', page: 0 });
    expect(listOf(drawn, 'Newest first').join('\n')).toContain(
      'ec2:RunInstances Insight  role deploy → 12 × its usual rate (61 a minute instead of 5)',
    );
    const summary = answer(question, { calls });
    expect(say(summary.lead)).toMatch(/^1 call /);
    expect(listOf(summary, 'Insights')).toEqual([
      '2026-11-20 09:15  ec2:RunInstances 12 × its usual rate (61 a minute instead of 5) · top caller role deploy',
    ]);
    const alone = answer(question, { calls: calls.filter(({ name }) => name.endsWith('Insight')) });
    expect(say(alone.lead)).toBe('No call was found; 1 Insight of CloudTrail names it.');
  });
});

describe('the first line', () => {
  it('of a data event names the object', () => {
    const record = readable({
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      requestParameters: { bucketName: 'acme-backups', key: 'db/dump.sql' },
      eventCategory: 'Data',
      managementEvent: false,
    });
    const drawn = ask(record);
    expect(say(drawn.lead)).toMatch(/^user alice called s3:GetObject on acme-backups\/db\/dump\.sql from /);
    expect(sayAll(drawn)).toContain('On  acme-backups/db/dump.sql');
    expect(labels(drawn)).toContain('Who touched acme-backups');
  });

  it('of a network activity event names the endpoint and its policy, and the account by name', () => {
    const record = readable({
      userIdentity: { type: 'AWSAccount', principalId: 'AROAX:batch', accountId: '111122223333' },
      eventType: 'AwsVpceEvent',
      eventCategory: 'NetworkActivity',
      errorCode: 'VpceAccessDenied',
      errorMessage: 'The request was denied due to a VPC endpoint policy',
      vpcEndpointId: 'vpce-0abc1234',
      vpcEndpointAccountId: '111122223333',
    });
    const drawn = ask(record);
    expect(say(drawn.lead)).toBe(
      'The policy of VPC endpoint vpce-0abc1234 denied iam:CreateAccessKey to batch @ account Production (111122223333), 3 h ago.',
    );
    expect(sayAll(drawn)).toContain('Endpoint  vpce-0abc1234 of account Production (111122223333)');
    expect(callOf(record).target).toBe('vpce-0abc1234');
  });

  it('of a sign-in says what happened, and from where', () => {
    const record = readable({
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      eventType: 'AwsConsoleSignIn',
      requestParameters: null,
      responseElements: { ConsoleLogin: 'Failure' },
      errorMessage: 'Failed authentication',
    });
    const said = sayAll(ask(record));
    expect(said).toContain('user alice failed to sign in to the console from 203.0.113.5, 3 h ago.');
    expect(said).toContain('Did  signin.amazonaws.com ConsoleLogin → Failed');
  });
});

it('an event leads to its pages in the console', () => {
  const { parts } = ask();
  const lines = parts.flatMap((part) => (part.kind === 'lines' ? part.lines : []));
  const links = lines.flat().filter((span) => 'url' in span);
  expect(links.map((span) => ('url' in span ? [span.text, span.url] : []))).toEqual([
    ['Open in CloudTrail', expect.stringContaining('https://us-east-1.console.aws.amazon.com/cloudtrailv2/')],
    ['Open user', expect.stringContaining('/users/details/bob')],
  ]);
});
