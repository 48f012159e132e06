import { createConnector } from '../../../src/aws/connect/connect.ts';
import type { ConnectOptions } from '../../../src/aws/connect/options.ts';
import { allSteps, type Plan } from '../../../src/aws/connect/plan.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { systemRandom } from '../../../src/kernel/random.ts';
import type { Clock } from '../../../src/kernel/time.ts';
import { EventBridgeState, eventBridge } from '../../support/aws/event-bridge.ts';
import { type FakeAws, startFakeAws } from '../../support/aws/fake-aws.ts';
import { iamRoles, RoleState } from '../../support/aws/iam-roles.ts';
import { fakeAccountAlias } from '../../support/aws/organizations.ts';
import type { Call, FakeService } from '../../support/aws/services.ts';
import { fakeQueues } from '../../support/aws/sqs.ts';
import { type FakeTrail, trailServices } from '../../support/aws/trails.ts';
import { hurriedClock } from '../../support/clock.ts';

export const HOME = '111122223333';
export const OTHER = '444455556666';
export const KEY = 'first-key-of-the-webhook-0123456789';
export const CHANGES = '{"source":[{"prefix":"aws."}],"detail":{"eventName":["CreateUser"]}}';
export const READS = '{"source":[{"prefix":"aws."}],"detail":{"eventName":["AssumeRole"]}}';

export const OPTIONS: ConnectOptions = {
  name: 'trailbot',
  region: 'eu-west-1',
  regions: ['us-east-1', 'eu-west-1'],
  accounts: [OTHER],
  ownToo: true,
  organization: undefined,
  setupRole: 'TrailbotSetup',
  deliver: 'webhook',
  rate: 100,
  publicUrl: 'https://trailbot.example.com',
  keys: [KEY],
  patterns: { changes: [CHANGES], reads: [READS] },
  queues: [],
};

/** AWS with all that is set up in it, and what a test does with it. */
export interface Cloud {
  readonly aws: FakeAws;
  readonly events: EventBridgeState;
  readonly roles: RoleState;
  readonly queues: ReturnType<typeof fakeQueues>;
  readonly clock: Clock;
  /** Names of the requests so far that change something, with what they are about. */
  readonly changes: string[];
  /** Called with the number of each changing request, from 1: before it is done, and after. */
  meddle: { before?: (number: number) => void; after?: (number: number) => void | Promise<void> };
  plan(options?: Partial<ConnectOptions>, wanted?: 'everything' | 'nothing'): Promise<Plan>;
  apply(options?: Partial<ConnectOptions>, signal?: AbortSignal): ReturnType<typeof carry>;
  destroy(options?: Partial<ConnectOptions>, signal?: AbortSignal): ReturnType<typeof carry>;
  /** All that there is, without what AWS makes up. */
  everything(): Promise<JsonObject>;
}

interface Settings {
  readonly accounts?: Readonly<Record<string, { regions?: string[]; roles?: string[] }>>;
  readonly state?: ConstructorParameters<typeof EventBridgeState>[0];
  readonly trails?: readonly FakeTrail[];
  /** Further ones. */
  readonly services?: readonly FakeService[];
}

const REGIONS = ['us-east-1', 'eu-west-1'];
const ACCOUNTS = { [HOME]: { regions: REGIONS }, [OTHER]: { regions: REGIONS, roles: ['TrailbotSetup'] } };

/** Home, another account, and two regions in each. */
export async function startCloud(settings: Settings = {}): Promise<Cloud> {
  const clock = hurriedClock();
  const now = () => clock.now();
  const events = new EventBridgeState({ now, ...settings.state });
  const roles = new RoleState();
  const queues = fakeQueues({ clock });
  const changes: string[] = [];
  const meddle: Cloud['meddle'] = {};
  const services = [eventBridge(events), iamRoles(roles), queues.service].map((service) =>
    watched(service, changes, meddle),
  );
  const { accounts = ACCOUNTS, trails = [], services: more = [] } = settings;
  const aws = await startFakeAws({
    accounts,
    services: [...services, fakeAccountAlias(undefined), ...more, ...trailServices(trails, [])],
    now,
  });
  const never = new AbortController().signal;
  const connector = (options: Partial<ConnectOptions> = {}, signal = never) => {
    const { url: endpoint, credentials } = aws;
    const log = createLog('silent');
    return createConnector(
      { ...OPTIONS, ...options },
      { endpoint, credentials, clock, random: systemRandom, log, signal },
    );
  };
  return {
    aws,
    events,
    roles,
    queues,
    clock,
    changes,
    meddle,
    plan: (options, wanted = 'everything') => connector(options).plan(wanted),
    apply: (options, signal) => carry(connector(options, signal), 'everything'),
    destroy: (options, signal) => carry(connector(options, signal), 'nothing'),
    everything: () => everythingIn(events, roles, queues.service, Object.keys(accounts)),
  };
}

async function carry(connector: ReturnType<typeof createConnector>, wanted: 'everything' | 'nothing') {
  const plan = await connector.plan(wanted);
  const taken: string[] = [];
  const result = await connector.carryOut(plan, ({ what }) => taken.push(what));
  connector.close();
  return { ...result, plan, taken };
}

export function sayPlan(plan: Plan): string[] {
  return allSteps(plan).map(({ site, verb, what, why }) =>
    [`${site.account} ${site.region}: ${verb} ${what}`, ...why].join('; '),
  );
}

function watched(service: FakeService, changes: string[], meddle: Cloud['meddle']): FakeService {
  const operations = Object.entries(service.operations ?? {}).map(([name, perform]) => {
    if (!/^(Create|Put|Update|Delete|Remove|Set|Tag)/.test(name)) return [name, perform] as const;
    const changing = async (call: Call) => {
      const { params, region } = call;
      const about = params.Name ?? params.Rule ?? params.QueueName ?? params.RoleName ?? params.StatementId;
      const number = changes.push(`${region} ${name} ${String(about ?? params.QueueUrl ?? '')}`);
      meddle.before?.(number);
      const answer = await perform(call);
      await meddle.after?.(number);
      return answer;
    };
    return [name, changing] as const;
  });
  return { ...service, operations: Object.fromEntries(operations) };
}

async function everythingIn(
  events: EventBridgeState,
  roles: RoleState,
  sqs: FakeService,
  accounts: readonly string[],
): Promise<JsonObject> {
  const all: Record<string, unknown> = {};
  for (const { account, region, rules, connections, destinations, policy } of events.places()) {
    const place = `${account} ${region}`;
    for (const rule of rules.values()) {
      all[`${place} rule ${rule.name}`] = {
        ...rule,
        targets: [...rule.targets.values()],
        tags: [...rule.tags],
      };
    }
    for (const { name, state, header, description } of connections.values()) {
      all[`${place} connection ${name}`] = {
        state,
        header,
        description: description?.replace(/ Key .*/, ''),
      };
    }
    for (const destination of destinations.values()) {
      all[`${place} destination ${destination.name}`] = destination;
    }
    for (const [sid, statement] of policy) all[`${place} statement ${sid}`] = statement;
  }
  for (const account of accounts) {
    for (const role of roles.of(account).values()) {
      const { trust, policies, tags } = role;
      all[`${account} role ${role.name}`] = { trust, policies: [...policies], tags: [...tags] };
    }
    for (const region of REGIONS) {
      for (const [url, queue] of await queuesIn(sqs, account, region)) {
        all[`${account} ${region} queue ${url.split('/').at(-1)}`] = queue;
      }
    }
  }
  const text = JSON.stringify(all, Object.keys(all).length === 0 ? undefined : sorted, 1);
  return JSON.parse(text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID')) as JsonObject;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function queuesIn(sqs: FakeService, account: string, region: string): Promise<[string, JsonObject][]> {
  const ask = async (operation: string, params: JsonObject): Promise<JsonObject> => {
    const call = { caller: { account, arn: '' }, region, params } as unknown as Call;
    return (await sqs.operations?.[operation]?.(call)) ?? {};
  };
  const { QueueUrls: urls } = await ask('ListQueues', { QueueNamePrefix: '' });
  const found: [string, JsonObject][] = [];
  for (const url of Array.isArray(urls) ? urls.map(String) : []) {
    const { Attributes: attributes } = await ask('GetQueueAttributes', {
      QueueUrl: url,
      AttributeNames: ['All'],
    });
    const told = Object.entries(attributes as JsonObject).filter(([name]) => !/Timestamp|Number/.test(name));
    found.push([url, { ...Object.fromEntries(told), ...(await ask('ListQueueTags', { QueueUrl: url })) }]);
  }
  return found;
}
