import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factsOf } from '../../src/alerts/facts.ts';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { readRecord } from '../../src/cloudtrail/record.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { drawAlert, hasTwin } from '../../src/slack/alert-message.ts';
import { drawEvent } from '../../src/slack/event-view.ts';
import { checkMessage } from '../../src/workspace/limits/message.ts';
import { insight } from '../support/insights.ts';
import { record } from '../support/records.ts';
import { expectInsideLimits, markupOf, nodes, visible } from './drawn.ts';
import { AT, BURST, someCard, someRule } from './samples.ts';

const PORTAL = { startUrl: 'https://acme.awsapps.com/start', role: 'ReadOnlyAccess' };
const ACCOUNTS = new Map([['111122223333', { name: 'prod-core', environment: undefined }]]);
const NAMES = {
  account: (id: string) => ACCOUNTS.get(id)?.name ?? id,
  networks: () => [],
  portal: PORTAL,
};

function read(body: JsonObject): CloudTrailRecord {
  const found = readRecord(body);
  if ('unreadable' in found) throw new Error(found.unreadable);
  return found;
}

function alertOn(body: JsonObject, portal?: typeof PORTAL) {
  const rule = someRule({ fields: ['insightDetails.insightType'] });
  return drawAlert(someCard({ facts: factsOf({ rule, record: read(body) }, ACCOUNTS, portal) }));
}

function showEvent(body: JsonObject) {
  const event = { record: read(body), receivedAt: AT, alertIds: ['A-1'], suppressed: [] };
  return drawEvent(event.record.eventId, [event], NAMES);
}

describe('the message of an alert', () => {
  test('about an Insight says how unusual, and by whom', () => {
    const said = visible(alertOn(insight('Start')));
    expect(said).toContain(
      'RunInstances 12 × its usual rate (61 a minute instead of 5), top caller role deploy',
    );
    expect(said).toContain('Top caller  |role deploy');
    expect(said).toContain('Unusual  |ec2.amazonaws.com RunInstances');
    expect(said).toContain('Callers  |role deploy 58 a minute (usually 4) · user bob 3 a minute (new)');
    expect(said).not.toMatch(/Success|insightType|Errors/);
  });

  test('about an Insight that is over says from when to when, and is no burst', () => {
    const facts = factsOf({ rule: someRule(), record: read(insight('Start')) }, ACCOUNTS);
    const card = someCard({ count: 2, facts: { ...facts, endedAt: AT + 720_000 } }, BURST);
    const message = drawAlert(card);
    expect(markupOf(message)[0]).toMatch(/^\*HIGH · FIRING\* · <!date.*> to <!date.*>, over · A-1042$/);
    expect(hasTwin(card)).toBe(false);
    expect(message.text).not.toContain('2 ×');
    expectInsideLimits(message);
  });

  test('has one more link, to the thing, and both go through the access portal', () => {
    const [, footer] = markupOf(alertOn(record(), PORTAL));
    const links = [...(footer ?? '').matchAll(/<([^|>]+)\|([^>]+)>/g)].map(([, url, label]) => [label, url]);
    expect(links.map(([label]) => label)).toEqual(['Runbook', 'Open in CloudTrail', 'Open user']);
    for (const [, url] of links.slice(1)) {
      expect(url).toMatch(
        /^https:\/\/acme\.awsapps\.com\/start\/#\/console\?account_id=111122223333&amp;role_name=/,
      );
    }
  });

  test('names accounts in what only these events say', () => {
    const said = visible(
      alertOn(
        record({
          eventCategory: 'NetworkActivity',
          eventType: 'AwsVpceEvent',
          errorCode: 'VpceAccessDenied',
          vpcEndpointId: 'vpce-0abc1234',
          vpcEndpointAccountId: '111122223333',
        }),
      ),
    );
    expect(said).toContain('Endpoint  |vpce-0abc1234 of account prod-core (111122223333)');
  });
});

describe('Show event', () => {
  test('tells it in a sentence first, with accounts by name and links that open in the right account', () => {
    const message = showEvent({
      ...record({
        userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' },
        eventType: 'AwsServiceEvent',
        eventSource: 'kms.amazonaws.com',
        eventName: 'RotateKey',
        requestParameters: null,
        resources: [
          {
            type: 'AWS::KMS::Key',
            ARN: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
          },
        ],
        serviceEventDetails: { keyId: '1234abcd' },
      }),
    });
    const said = visible(message);
    expect(said).toContain('AWS itself reported kms:RotateKey.');
    expect(said).toContain('Details  |keyId 1234abcd');
    expect(said).toContain('Where  |prod-core (111122223333)');
    const links = nodes(message).filter(({ type }) => type === 'link');
    expect(links.map(({ text }) => text)).toEqual(['Open in CloudTrail', 'Open KMS key']);
    for (const { url } of links)
      expect(url).toMatch(/^https:\/\/acme\.awsapps\.com\/start\/#\/console\?account_id=/);
    expect(checkMessage({ text: message.text, blocks: message.blocks as unknown as Json })).toEqual([]);
  });
});

const hostile = fc
  .array(
    fc.constantFrom(
      ...'<>@*_~`|:&"\'#?%/\\ ',
      ...[
        '<!channel>',
        '<@U1>',
        '<https://evil.example|x>',
        ':smile:',
        '\n',
        '\u202e',
        '\u200b',
        '\ud800',
        '😀',
      ],
      ...['AKIAI44QH8DHBEXAMPLE', 'arn:aws:iam::111122223333:user/', 'x'.repeat(900)],
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

/** One event of each sort, with the same hostile text wherever text can stand. */
function eventsWith(text: string, number: number): JsonObject[] {
  const share = [{ value: text, average: number }];
  const lists = ['userIdentityArn', 'userAgent', 'errorCode'].map((attribute) => ({
    attribute,
    insight: share,
    baseline: share,
  }));
  const statistics = {
    baseline: { average: number / 3 },
    insight: { average: number },
    insightDuration: number,
  };
  const own = { awsRegion: 'eu-west-1', eventName: text || 'x', errorMessage: text, vpcEndpointId: text };
  const request = { bucketName: text, key: text, tableName: text, functionName: text, userName: text };
  return [
    insight('End', {
      eventName: text || 'x',
      errorCode: text,
      insightContext: { statistics, attributions: lists },
    }),
    record({
      ...own,
      eventCategory: 'NetworkActivity',
      errorCode: 'VpceAccessDenied',
      vpcEndpointAccountId: text,
    }),
    record({
      ...own,
      eventType: 'AwsServiceEvent',
      serviceEventDetails: { [text]: text, inner: [text, { a: text }] },
    }),
    record({ ...own, eventSource: 's3.amazonaws.com', eventCategory: 'Data', requestParameters: request }),
    record({
      ...own,
      eventSource: 'dynamodb.amazonaws.com',
      eventCategory: 'Data',
      requestParameters: request,
    }),
    record({
      eventSource: 'signin.amazonaws.com',
      eventName: 'SwitchRole',
      additionalEventData: { SwitchFrom: text, MFAIdentifier: text },
    }),
    record({ ...own, requestParameters: request }),
  ];
}

test('whatever stands in them, they ping nobody, lead nowhere else, show no whole key, and Slack takes them', () => {
  fc.assert(
    fc.property(hostile, fc.double({ min: 0, max: 1e9, noNaN: true }), (text, number) => {
      for (const body of eventsWith(text, number)) {
        for (const message of [alertOn(body), alertOn(body, PORTAL), showEvent(body)]) {
          expectInsideLimits(message);
          expect(checkMessage(message as unknown as JsonObject)).toEqual([]);
          for (const node of nodes(message)) {
            expect(['emoji', 'user', 'usergroup', 'broadcast', 'channel', 'team']).not.toContain(node.type);
            if (node.type === 'link')
              expect(node.url).toMatch(/^https:\/\/acme\.awsapps\.com\/start\/#\/console\?/);
          }
          for (const one of markupOf(message)) expect(one).not.toMatch(/<!channel>|<@U1>|evil\.example/);
          expect(visible(message)).not.toContain('AKIAI44');
        }
      }
    }),
    { numRuns: 30 },
  );
});
