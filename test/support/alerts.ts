import type { Alert, Operator } from '../../src/alerts/alert.ts';

/** 2026-11-20 09:00:00 UTC. */
export const T0 = 1_795_165_200_000;

export const ALICE: Operator = { userId: 'U0ALICE01', teamId: 'T0LOCAL001', name: 'Alice' };
export const BOB: Operator = { userId: 'U0BOB00001', teamId: 'T0LOCAL001', name: 'Bob' };

/** A believable alert, firing since T0. */
export function anAlert(over: Partial<Alert> = {}): Alert {
  return {
    id: 'A-7',
    fingerprint: 'f'.repeat(64),
    ruleId: '5d4c0d6e-0a51-4c0e-9a57-2b5fb2d6c7a1',
    ruleName: 'root-sign-in',
    title: 'Root signed in to the console',
    level: 'high',
    author: 'Trailbot',
    why: 'The root user can do everything and cannot be restricted.',
    runbook: 'https://example.com/runbook#root-sign-in',
    quietFor: 0,
    facts: {
      summary: 'root signed in to prod-core without MFA',
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
      eventTime: T0,
      fields: [],
      consoleUrl: undefined,
    },
    state: 'firing',
    version: 1,
    snoozedUntil: undefined,
    snoozedBy: undefined,
    count: 1,
    firstAt: T0,
    lastAt: T0,
    openedAt: T0,
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
    channel: '#security-alerts',
    groupWait: 0,
    loudness: 'usual',
    ...over,
  };
}
