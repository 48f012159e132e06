import type { Alert, AlertFacts } from '../../src/alerts/alert.ts';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import type { Rule } from '../../src/rules/rule.ts';
import type { Card } from '../../src/work/notify.ts';
import type { Status } from '../../src/work/status.ts';

export const AT = Date.parse('2026-11-20T09:15:00Z');

export function someFacts(changes: Partial<AlertFacts> = {}): AlertFacts {
  return {
    summary: 'The account root user signed in without MFA.',
    actor: 'root @ 111122223333',
    actorArn: 'arn:aws:iam::111122223333:root',
    behind: [],
    mfa: false,
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    outcome: 'Success',
    errorMessage: undefined,
    sourceAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
    account: '111122223333',
    accountName: 'prod-core',
    region: 'us-east-1',
    eventId: '3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11',
    eventTime: AT,
    fields: [['requestParameters.bucketName', 'acme-backups']],
    consoleUrl:
      'https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/3f0c8a7e',
    ...changes,
  };
}

export function someAlert(changes: Partial<Alert> = {}): Alert {
  return {
    id: 'A-1042',
    fingerprint: 'root-console-login|111122223333',
    ruleId: '7e1b3c52-0000-4000-8000-000000000001',
    ruleName: 'root-console-login',
    title: 'Root console login without MFA',
    level: 'high',
    author: 'Trailbot',
    why: 'Root can do everything and cannot be limited by policy.',
    runbook: 'https://runbooks.example/root-login',
    quietFor: 0,
    facts: someFacts(),
    state: 'firing',
    version: 1,
    snoozedUntil: undefined,
    snoozedBy: undefined,
    count: 1,
    firstAt: AT,
    lastAt: AT,
    openedAt: AT,
    again: false,
    needs: 1,
    acknowledgements: [],
    acknowledgedBy: undefined,
    acknowledgedAt: undefined,
    assignee: undefined,
    assignedBy: undefined,
    takenFrom: undefined,
    heldSince: undefined,
    confirmBy: undefined,
    resolvedBy: undefined,
    resolvedAt: undefined,
    disposition: undefined,
    note: undefined,
    channel: 'C0SECALERTS',
    groupWait: 0,
    loudness: 'usual',
    ...changes,
  };
}

export function someCard(changes: Partial<Alert> = {}, samples: Card['samples'] = []): Card {
  return {
    alert: someAlert(changes),
    samples,
    names: new Map([
      ['U0ALICE01', 'Alice'],
      ['U0BOB0001', 'Bob'],
    ]),
  };
}

export const BURST: Card['samples'] = [
  { call: 'iam:ListUsers', count: 61, from: '198.51.100.24' },
  { call: 's3:ListAllMyBuckets', count: 44, from: '198.51.100.24' },
  { call: '6 others', count: 33, from: '' },
];

/** Every state that an alert's message can show. */
export const STATES: Readonly<Record<string, Card>> = {
  firing: someCard(),
  burst: someCard({ count: 138, lastAt: AT + 720_000 }, BURST),
  acknowledged: someCard({
    state: 'acknowledged',
    version: 2,
    acknowledgedBy: 'U0ALICE01',
    acknowledgedAt: AT + 180_000,
  }),
  snoozed: someCard({ version: 2, snoozedBy: 'U0BOB0001', snoozedUntil: AT + 3_600_000 }),
  'snoozed and acknowledged': someCard({
    state: 'acknowledged',
    version: 3,
    acknowledgedBy: 'U0ALICE01',
    acknowledgedAt: AT + 180_000,
    snoozedBy: 'U0BOB0001',
    snoozedUntil: AT + 3_600_000,
  }),
  resolved: someCard({
    state: 'resolved',
    version: 3,
    acknowledgedBy: 'U0ALICE01',
    acknowledgedAt: AT + 180_000,
    resolvedBy: 'U0BOB0001',
    resolvedAt: AT + 2_460_000,
    disposition: 'expected',
    note: 'break-glass drill CHG-771',
  }),
  reopened: someCard({ version: 4, again: true }),
};

export function someRecord(changes: Partial<CloudTrailRecord> = {}): CloudTrailRecord {
  const facts = someFacts();
  return {
    key: `111122223333|us-east-1|${facts.eventId}`,
    eventId: facts.eventId,
    eventTime: AT,
    eventName: 'ConsoleLogin',
    eventSource: 'signin.amazonaws.com',
    account: '111122223333',
    region: 'us-east-1',
    eventType: 'AwsConsoleSignIn',
    sourceAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0',
    errorCode: undefined,
    errorMessage: undefined,
    readOnly: false,
    accessKeyId: undefined,
    actor: {
      kind: 'root',
      name: 'root',
      label: 'root @ 111122223333',
      id: 'root',
      arn: 'arn:aws:iam::111122223333:root',
      account: '111122223333',
      role: undefined,
      session: undefined,
      sourceIdentity: undefined,
      invokedBy: undefined,
      mfa: false,
    },
    body: { eventName: 'ConsoleLogin', eventID: facts.eventId },
    ...changes,
  };
}

export function someRule(changes: Partial<Rule> = {}): Rule {
  return {
    id: '7e1b3c52-0000-4000-8000-000000000001',
    name: 'root-console-login',
    title: 'Root console login without MFA',
    level: 'high',
    status: 'stable',
    author: 'Trailbot',
    description: 'Root can do everything.',
    references: [],
    falsePositives: ['A break-glass drill'],
    tags: ['attack.t1078.004'],
    fields: [],
    file: 'rules/signin/root-console-login.yml',
    line: 1,
    summary: undefined,
    runbook: undefined,
    groupBy: undefined,
    quietFor: undefined,
    firstSeen: undefined,
    needs: undefined,
    askActor: false,
    correlated: false,
    tests: [],
    ...changes,
  };
}

export function someStatus(changes: Partial<Status> = {}): Status {
  return {
    startedAt: AT - 3_600_000,
    records: {
      stored: 1204,
      pending: 3,
      rejected: 2,
      lastReject: 'Not a CloudTrail record: a number where an object should be.',
    },
    lastReceivedAt: AT - 4000,
    lag: 1500,
    alerts: { firing: 2, acknowledged: 1, resolved: 40 },
    jobs: { due: 1, parked: 0, lastError: undefined },
    rules: { loaded: 25, loadedAt: AT - 3_600_000, problems: [] },
    ...changes,
  };
}
