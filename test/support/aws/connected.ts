import { CANARY_DETAIL_TYPE, CANARY_SOURCE } from '../../../src/cloudtrail/canary.ts';
import type { EventBridgeState, FakeConnection, FakeTarget } from './event-bridge.ts';
import type { FakeQueues } from './sqs.ts';

/** A place with rules, as they are once somebody has connected it. */
interface Where {
  readonly state: EventBridgeState;
  readonly queues: FakeQueues;
  readonly account: string;
  readonly region: string;
  /** Of the targets; as AWS has it unless said. */
  readonly retry?: { readonly MaximumRetryAttempts: number };
}

interface Connected {
  /** URL of the dead-letter queue. */
  readonly deadLetters: string;
}

const PATTERNS = {
  'trailbot-changes-1': '{"source":[{"prefix":"aws."}],"detail-type":[{"suffix":" via CloudTrail"}]}',
  'trailbot-canary': JSON.stringify({ source: [CANARY_SOURCE], 'detail-type': [CANARY_DETAIL_TYPE] }),
};

export const ENDPOINT = 'https://trailbot.example.com/events';

/** The home place: everything goes to the webhook. Returns its connection, whose key a test may spoil. */
export function connectHome(where: Where, key: string): Connected & { readonly connection: FakeConnection } {
  const { state, account, region } = where;
  const place = state.place(account, region);
  const at = `arn:aws:events:${region}:${account}`;
  const connection: FakeConnection = {
    name: 'trailbot',
    arn: `${at}:connection/trailbot/1`,
    state: 'AUTHORIZED',
    stateReason: undefined,
    description: undefined,
    header: { name: 'x-api-key', value: key },
    next: undefined,
    created: 0,
    modified: 0,
    authorized: 0,
    settlesIn: 0,
  };
  place.connections.set(connection.name, connection);
  const arn = `${at}:api-destination/trailbot/1`;
  place.destinations.set('trailbot', {
    name: 'trailbot',
    arn,
    connectionArn: connection.arn,
    endpoint: ENDPOINT,
    method: 'POST',
    rate: 100,
    description: undefined,
  });
  return { ...rulesTo(where, arn), connection };
}

/** A place from which everything goes to the home place's bus, which lets it in. */
export function connectSpoke(where: Where, home: { account: string; region: string }): Connected {
  const bus = where.state.place(home.account, home.region);
  if (home.account !== where.account) {
    const Sid = `trailbot-${where.account}`;
    bus.policy.set(Sid, { Sid, Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${where.account}:root` } });
  }
  return rulesTo(where, bus.busArn);
}

function rulesTo({ state, queues, account, region, retry }: Where, arn: string): Connected {
  const deadLetters = queueFor(queues, 'trailbot-dead-letters', { account, region });
  const target: FakeTarget = {
    Id: 'trailbot',
    Arn: arn,
    RoleArn: `arn:aws:iam::${account}:role/trailbot`,
    DeadLetterConfig: { Arn: queues.arn(deadLetters) },
    ...(retry && { RetryPolicy: retry }),
  };
  for (const [name, pattern] of Object.entries(PATTERNS)) {
    state.place(account, region).rules.set(name, {
      name,
      arn: `arn:aws:events:${region}:${account}:rule/${name}`,
      pattern,
      state: 'ENABLED',
      description: undefined,
      targets: new Map([[target.Id, target]]),
      tags: new Map(),
    });
  }
  return { deadLetters };
}

/** A queue that lets EventBridge in. */
export function queueFor(queues: FakeQueues, name: string, at: { account: string; region: string }): string {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:${at.region}:${at.account}:rule/trailbot-*` } },
  };
  return queues.create(
    name,
    { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) },
    at,
  );
}
