import { describe, expect, it } from 'vitest';
import { ownEventBody } from '../../src/cloudtrail/own-event.ts';
import { readRecord } from '../../src/cloudtrail/record.ts';
import { tell } from '../../src/cloudtrail/telling.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { EVENT_TIME, readable, roleSession, user } from '../support/records.ts';

const told = (overrides: JsonObject) => tell(readable(overrides));

it('a management call is told by who called what, and needs no words of its own', () => {
  expect(told({})).toBeUndefined();
  expect(told({ eventCategory: null, managementEvent: null })).toBeUndefined();
});

describe('a network activity event', () => {
  const event = {
    userIdentity: { type: 'AWSAccount', principalId: 'AROAX:night-shift', accountId: '444455556666' },
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    eventType: 'AwsVpceEvent',
    eventCategory: 'NetworkActivity',
    managementEvent: null,
    vpcEndpointId: 'vpce-0a1b2c3d4e5f67890',
    vpcEndpointAccountId: '111122223333',
  };

  it('says which endpoint’s policy denied whom', () => {
    const errorMessage = 'The request was denied due to a VPC endpoint policy';
    expect(told({ ...event, errorCode: 'VpceAccessDenied', errorMessage })).toEqual({
      sort: 'network',
      said: 'The policy of VPC endpoint vpce-0a1b2c3d4e5f67890 denied s3:GetObject to night-shift @ account 444455556666',
      facts: [['Endpoint', 'vpce-0a1b2c3d4e5f67890 of account 111122223333']],
    });
  });

  it('that was let through says the way', () => {
    expect(told({ ...event, eventType: 'AwsVpceEvents', eventCategory: null })?.said).toBe(
      'night-shift @ account 444455556666 called s3:GetObject through VPC endpoint vpce-0a1b2c3d4e5f67890',
    );
    expect(told({ ...event, vpcEndpointId: null, vpcEndpointAccountId: null })?.facts).toEqual([
      ['Endpoint', 'a VPC endpoint that is not named'],
    ]);
  });
});

describe('a service event', () => {
  const event = {
    userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' },
    eventSource: 'kms.amazonaws.com',
    eventName: 'RotateKey',
    eventType: 'AwsServiceEvent',
    sourceIPAddress: 'AWS Internal',
    requestParameters: null,
    responseElements: null,
  };

  it('without a caller was AWS itself, with its details on one line', () => {
    const serviceEventDetails = {
      keyId: '1234abcd',
      rotation: { type: 'AUTOMATIC', next: null },
      tags: ['a', 'b'],
    };
    expect(told({ ...event, serviceEventDetails })).toEqual({
      sort: 'service',
      said: 'AWS itself reported kms:RotateKey',
      facts: [['Details', 'keyId 1234abcd · rotation.type AUTOMATIC · tags a, b']],
    });
  });

  it('leaves out an object around all details, and what is too much', () => {
    const status = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`member${at}`, 'x'.repeat(500)]),
    );
    const [, text = ''] =
      told({ ...event, serviceEventDetails: { createAccountStatus: status } })?.facts[0] ?? [];
    expect(text).toMatch(/^member0 x+… · member1 /);
    expect(text).toMatch(/ · …$/);
    expect(text.length).toBeLessThan(1700);
  });

  it('without details has no such line', () => {
    for (const serviceEventDetails of [null, {}, 'x', { a: null }]) {
      expect(told({ ...event, serviceEventDetails })?.facts).toEqual([]);
    }
  });

  it('of another service, or for somebody, names these', () => {
    const bySecrets = { accountId: '111122223333', invokedBy: 'secretsmanager.amazonaws.com' };
    const rotated = { ...event, eventSource: 'secretsmanager.amazonaws.com', eventName: 'RotationSucceeded' };
    expect(told({ ...rotated, userIdentity: bySecrets })?.said).toBe(
      'secretsmanager.amazonaws.com reported secretsmanager:RotationSucceeded',
    );
    expect(told({ ...event, userIdentity: user('bob') })?.said).toBe(
      'AWS itself reported kms:RotateKey, for user bob',
    );
  });
});

describe('a data event names the thing', () => {
  const data = { eventCategory: 'Data', managementEvent: false };

  it.each<[string, JsonObject, string]>([
    ['s3', { bucketName: 'acme-backups', key: 'db/dump.sql' }, 'acme-backups/db/dump.sql'],
    ['s3', { bucketName: 'acme-backups' }, 'acme-backups'],
    ['dynamodb', { tableName: 'orders', key: { id: '42', at: 'HIDDEN' } }, 'orders (id 42, at HIDDEN)'],
    ['dynamodb', { tableName: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders' }, 'orders'],
    ['dynamodb', { tableName: 'orders', key: { id: { S: '42' } } }, 'orders (id 42)'],
    ['lambda', { functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:pay:3' }, 'pay:3'],
    ['sns', { topicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms' }, 'alarms'],
    ['sqs', { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' }, 'jobs'],
  ])('of %s: %j', (service, requestParameters, thing) => {
    const eventSource = `${service}.amazonaws.com`;
    const telling = told({ ...data, eventSource, eventName: 'Do', requestParameters });
    expect(telling).toEqual({
      sort: 'data',
      said: `user alice called ${service}:Do on ${thing}`,
      facts: [['On', thing]],
    });
  });

  it('of any service by the resource that AWS lists', () => {
    const resources = [{ type: 'AWS::X::Y', ARN: 'arn:aws:x:eu-west-1:111122223333:y/one' }];
    const event = { ...data, eventSource: 'x.amazonaws.com', eventName: 'Do', requestParameters: null };
    expect(told({ ...event, resources })?.facts).toEqual([['On', 'one']]);
    expect(told(event)).toEqual({ sort: 'data', said: 'user alice called x:Do', facts: [] });
  });
});

describe('at the console’s door', () => {
  const door = {
    eventSource: 'signin.amazonaws.com',
    eventType: 'AwsConsoleSignIn',
    requestParameters: null,
  };
  const alice = roleSession('Admin', 'alice@example.com');

  it.each<[string, JsonObject, string]>([
    [
      'ConsoleLogin',
      { responseElements: { ConsoleLogin: 'Success' } },
      'user alice signed in to the console',
    ],
    [
      'ConsoleLogin',
      { responseElements: { ConsoleLogin: 'Failure' }, errorMessage: 'Failed authentication' },
      'user alice failed to sign in to the console',
    ],
    [
      'CheckMfa',
      { responseElements: { CheckMfa: 'Success' }, additionalEventData: { MfaType: 'Virtual MFA' } },
      'user alice was asked for MFA at sign-in (Virtual MFA)',
    ],
    [
      'SwitchRole',
      {
        userIdentity: alice,
        responseElements: { SwitchRole: 'Success' },
        additionalEventData: { SwitchFrom: 'arn:aws:iam::444455556666:user/alice' },
      },
      'user alice of account 444455556666 switched to alice@example.com (role Admin) in the console',
    ],
    [
      'SwitchRole',
      { userIdentity: alice, responseElements: { SwitchRole: 'Failure' } },
      'Somebody failed to switch to alice@example.com (role Admin) in the console',
    ],
    [
      'PasswordUpdated',
      { responseElements: { PasswordUpdated: 'Success' } },
      'user alice changed the password at sign-in',
    ],
    [
      'UserAuthentication',
      {
        eventType: 'AwsServiceEvent',
        responseElements: null,
        serviceEventDetails: { UserAuthentication: 'Failure' },
        additionalEventData: { CredentialType: 'PASSWORD' },
      },
      'user alice failed to sign in through IAM Identity Center',
    ],
    [
      'CredentialVerification',
      {
        responseElements: null,
        serviceEventDetails: { CredentialVerification: 'Success' },
        additionalEventData: { CredentialType: 'TOTP' },
      },
      'The credential of user alice (TOTP) was verified',
    ],
  ])('%s %j', (eventName, overrides, said) => {
    expect(told({ ...door, eventName, ...overrides })).toMatchObject({ sort: 'sign-in', said });
  });
});

it('what the bot noticed itself is told so', () => {
  const body = ownEventBody({
    name: 'CanaryLost',
    id: '1',
    at: EVENT_TIME,
    account: '111122223333',
    region: 'eu-west-1',
    details: { late: '5 min' },
  });
  const read = readRecord(body);
  if ('unreadable' in read) throw new Error(read.unreadable);
  expect(read.actor.label).toBe('Trailbot');
  expect(tell(read)).toEqual({
    sort: 'own',
    said: 'Trailbot noticed: canary lost',
    facts: [['Details', 'late 5 min']],
  });
});
