import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject, parseJson } from '../../../src/kernel/json.ts';
import type { Millis } from '../../../src/kernel/time.ts';
import { eventPattern } from '../naive-eventbridge.ts';
import { Refusal } from './refusal.ts';
import type { Call, FakeService, Operation } from './services.ts';

/*
 * The control plane of EventBridge. Sources: EventBridge API reference and user guide, as of 2026; what it does at
 * odds with what one expects is marked "Quirk".
 */

/** As PutTargets was given it: `Id`, `Arn`, and `RoleArn`, `DeadLetterConfig`, `RetryPolicy` where there are any. */
export type FakeTarget = JsonObject & { readonly Id: string; readonly Arn: string };

export interface FakeRule {
  readonly name: string;
  readonly arn: string;
  /** As text. */
  readonly pattern: string | undefined;
  readonly state: string;
  readonly description: string | undefined;
  /** By id. */
  readonly targets: Map<string, FakeTarget>;
  readonly tags: Map<string, string>;
}

export interface FakeConnection {
  readonly name: string;
  readonly arn: string;
  state: string;
  stateReason: string | undefined;
  readonly description: string | undefined;
  /** The header that the connection adds to each request, with its secret. */
  header: { readonly name: string; readonly value: string };
  /** Takes its place once it is authorized. */
  readonly next: { readonly name: string; readonly value: string } | undefined;
  readonly created: Millis;
  readonly modified: Millis;
  authorized: Millis | undefined;
  /** Descriptions until the state moves on. */
  settlesIn: number;
}

export interface FakeDestination {
  readonly name: string;
  readonly arn: string;
  readonly connectionArn: string;
  readonly endpoint: string;
  readonly method: string;
  /** Requests a second. */
  readonly rate: number;
  readonly description: string | undefined;
}

/** What one account has in one region. All rules are on the default bus. */
export interface FakePlace {
  readonly account: string;
  readonly region: string;
  readonly busArn: string;
  readonly rules: Map<string, FakeRule>;
  readonly connections: Map<string, FakeConnection>;
  readonly destinations: Map<string, FakeDestination>;
  /** Statements of the default bus's policy, by `Sid`. */
  readonly policy: Map<string, JsonObject>;
}

interface StateOptions {
  readonly now?: () => Millis;
  /** How often a connection is described before it is authorized or gone. */
  readonly settlesIn?: number;
  /** What becomes of connections; `AUTHORIZED` unless said otherwise. */
  readonly authorization?: { readonly state: string; readonly reason: string };
  readonly rulesPerBus?: number;
}

/** Everything of EventBridge, by account and region. */
export class EventBridgeState {
  readonly #places = new Map<string, FakePlace>();
  readonly options: Required<Omit<StateOptions, 'authorization'>> & Pick<StateOptions, 'authorization'>;
  /** Each is met once, oldest first, by the operation it names. */
  readonly refusals: { readonly operation: string; readonly code: string; readonly message: string }[] = [];
  /** Each fails one target of a PutTargets or RemoveTargets, which is answered with status 200 all the same. */
  readonly failedEntries: { readonly code: string; readonly message: string }[] = [];

  constructor(options: StateOptions = {}) {
    this.options = { now: Date.now, settlesIn: 2, rulesPerBus: 300, ...options };
  }

  place(account: string, region: string): FakePlace {
    const key = `${account}|${region}`;
    const place = this.#places.get(key) ?? {
      account,
      region,
      busArn: `arn:aws:events:${region}:${account}:event-bus/default`,
      rules: new Map(),
      connections: new Map(),
      destinations: new Map(),
      policy: new Map(),
    };
    this.#places.set(key, place);
    return place;
  }

  /** Every place that was ever asked about. */
  places(): FakePlace[] {
    return [...this.#places.values()];
  }

  connectionOf(arn: string): FakeConnection | undefined {
    return this.places()
      .flatMap(({ connections }) => [...connections.values()])
      .find((connection) => connection.arn === arn);
  }

  destinationOf(arn: string): FakeDestination | undefined {
    return this.places()
      .flatMap(({ destinations }) => [...destinations.values()])
      .find((destination) => destination.arn === arn);
  }

  /** Moves a connection on, as time does. */
  settle(place: FakePlace, connection: FakeConnection): void {
    if (/^(AUTHORIZED|DEAUTHORIZED)$/.test(connection.state)) return;
    connection.settlesIn -= 1;
    if (connection.settlesIn > 0) return;
    if (connection.state === 'DELETING') {
      place.connections.delete(connection.name);
      return;
    }
    const { authorization, now } = this.options;
    connection.state = authorization?.state ?? 'AUTHORIZED';
    connection.stateReason = authorization?.reason;
    if (connection.state !== 'AUTHORIZED') return;
    connection.header = connection.next ?? connection.header;
    connection.authorized = now();
  }
}

/** What an operation works with. */
interface Work {
  readonly state: EventBridgeState;
  readonly place: FakePlace;
  readonly params: JsonObject;
}

type Perform = (work: Work) => JsonObject;

/** EventBridge as a service of the fake; further operations (`PutEvents`) may be added as another service `events`. */
export function eventBridge(state: EventBridgeState): FakeService {
  const operations = Object.entries(PERFORM).map(([name, perform]): [string, Operation] => [
    name,
    ({ caller, region, params }: Call) => {
      const index = state.refusals.findIndex(({ operation }) => operation === name || operation === '*');
      const [refusal] = index < 0 ? [] : state.refusals.splice(index, 1);
      if (refusal) throw new Refusal(refusal.code, refusal.message);
      onlyDefaultBus(params.EventBusName);
      return perform({ state, place: state.place(caller.account, region), params });
    },
  ]);
  return { name: 'events', wire: 'json-1.1', operations: Object.fromEntries(operations) };
}

const PERFORM: Readonly<Record<string, Perform>> = {
  PutRule: putRule,
  DescribeRule: ({ place, params }) => said(ruleJson(ruleIn(place, params.Name))),
  ListRules: listRules,
  DeleteRule: deleteRule,
  EnableRule: ({ place, params }) => setState(place, params.Name, 'ENABLED'),
  DisableRule: ({ place, params }) => setState(place, params.Name, 'DISABLED'),
  PutTargets: putTargets,
  RemoveTargets: removeTargets,
  ListTargetsByRule: ({ place, params }) =>
    page(params, 'Targets', [...ruleIn(place, params.Rule).targets.values()]),
  TagResource: ({ place, params }) => {
    const rule = ruleByArn(place, params.ResourceARN);
    for (const [key, value] of tagsOf(params.Tags)) rule.tags.set(key, value);
    return {};
  },
  UntagResource: ({ place, params }) => {
    const rule = ruleByArn(place, params.ResourceARN);
    for (const key of listOf(params.TagKeys)) rule.tags.delete(String(key));
    return {};
  },
  ListTagsForResource: ({ place, params }) => ({
    Tags: [...ruleByArn(place, params.ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
  CreateConnection: createConnection,
  UpdateConnection: updateConnection,
  DescribeConnection: describeConnection,
  DeleteConnection: deleteConnection,
  CreateApiDestination: createDestination,
  UpdateApiDestination: updateDestination,
  DescribeApiDestination: ({ state, place, params }) =>
    said(destinationJson(state, destinationIn(place, params.Name))),
  DeleteApiDestination: ({ place, params }) => {
    place.destinations.delete(destinationIn(place, params.Name).name);
    return {};
  },
  DescribeEventBus: ({ place }) => ({ Name: 'default', Arn: place.busArn, ...policyJson(place) }),
  PutPermission: putPermission,
  RemovePermission: removePermission,
  TestEventPattern: testEventPattern,
};

const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];
const LONGEST_PATTERN = 2048;

/** Quirk: what is left out is not kept but emptied, and the state becomes ENABLED. Tags count only for a new rule. */
function putRule({ state, place, params }: Work): JsonObject {
  const name = named(params.Name, 'name');
  const pattern = optional(params.EventPattern);
  const ruleState = optional(params.State) ?? 'ENABLED';
  if (!STATES.includes(ruleState)) throw invalid(`Value '${ruleState}' at 'state' is not a state of a rule.`);
  if (pattern === undefined)
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  checkPattern(pattern);
  const known = place.rules.get(name);
  if (!known && place.rules.size >= state.options.rulesPerBus) {
    throw new Refusal('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
  }
  const rule: FakeRule = {
    name,
    arn: `arn:aws:events:${place.region}:${place.account}:rule/${name}`,
    pattern,
    state: ruleState,
    description: optional(params.Description),
    targets: known?.targets ?? new Map(),
    tags: known?.tags ?? tagsOf(params.Tags),
  };
  place.rules.set(name, rule);
  return { RuleArn: rule.arn };
}

function checkPattern(pattern: string): void {
  if (pattern.length > LONGEST_PATTERN) {
    throw new Refusal(
      'LimitExceededException',
      `Event pattern is longer than ${LONGEST_PATTERN} characters.`,
    );
  }
  try {
    eventPattern(pattern);
  } catch (error) {
    throw new Refusal('InvalidEventPatternException', `Event pattern is not valid. Reason: ${String(error)}`);
  }
}

function ruleJson({ name, arn, pattern, state, description }: FakeRule) {
  return {
    Name: name,
    Arn: arn,
    EventPattern: pattern,
    State: state,
    Description: description,
    EventBusName: 'default',
  };
}

function listRules({ place, params }: Work): JsonObject {
  const prefix = optional(params.NamePrefix) ?? '';
  const rules = [...place.rules.values()].filter(({ name }) => name.startsWith(prefix));
  rules.sort((a, b) => (a.name < b.name ? -1 : 1));
  return page(
    params,
    'Rules',
    rules.map((rule) => said(ruleJson(rule))),
  );
}

/** Quirk: deleting what is not there succeeds. */
function deleteRule({ place, params }: Work): JsonObject {
  const rule = place.rules.get(named(params.Name, 'name'));
  if (rule && rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.");
  if (rule) place.rules.delete(rule.name);
  return {};
}

function setState(place: FakePlace, name: Json | undefined, state: string): JsonObject {
  const rule = ruleIn(place, name);
  place.rules.set(rule.name, { ...rule, state });
  return {};
}

const MOST_TARGETS = 5;

/** Quirk: what fails is told in an answer of status 200. */
function putTargets({ state, place, params }: Work): JsonObject {
  const rule = ruleIn(place, params.Rule);
  const failed = listOf(params.Targets).flatMap((target) => {
    if (!isTarget(target)) throw invalid('Each target needs Id and Arn.');
    checkTarget(place, target);
    const refusal = state.failedEntries.shift() ?? whyNot(state, place, rule, target);
    if (!refusal) rule.targets.set(target.Id, target);
    return refusal ? [failedEntry(target.Id, refusal)] : [];
  });
  return { FailedEntryCount: failed.length, FailedEntries: failed };
}

function isTarget(value: Json): value is FakeTarget {
  return isObject(value) && typeof value.Id === 'string' && typeof value.Arn === 'string';
}

/** What is wrong with the request itself. */
function checkTarget(place: FakePlace, target: FakeTarget): void {
  if (/:api-destination\//.test(target.Arn) && typeof target.RoleArn !== 'string') {
    throw invalid(`RoleArn is required for target ${target.Arn}.`);
  }
  const queue = isObject(target.DeadLetterConfig) ? target.DeadLetterConfig.Arn : undefined;
  const here = `arn:aws:sqs:${place.region}:${place.account}:`;
  if (queue !== undefined && !String(queue).startsWith(here)) {
    throw invalid(`The dead-letter queue ${queue} is not in the region of the rule.`);
  }
}

function whyNot(state: EventBridgeState, place: FakePlace, rule: FakeRule, target: FakeTarget) {
  if (!rule.targets.has(target.Id) && rule.targets.size >= MOST_TARGETS) {
    return { code: 'LimitExceededException', message: 'A rule has at most 5 targets.' };
  }
  if (/:event-bus\//.test(target.Arn) && target.Arn !== place.busArn && typeof target.RoleArn !== 'string') {
    return { code: 'ValidationException', message: `RoleArn is required for target ${target.Arn}.` };
  }
  if (/:api-destination\//.test(target.Arn) && !state.destinationOf(target.Arn)) {
    return { code: 'ResourceNotFoundException', message: `There is no ${target.Arn}.` };
  }
  return undefined;
}

/** Quirk: as with PutTargets. */
function removeTargets({ state, place, params }: Work): JsonObject {
  const rule = ruleIn(place, params.Rule);
  const failed = listOf(params.Ids).flatMap((id) => {
    const refusal = state.failedEntries.shift();
    if (!refusal) rule.targets.delete(String(id));
    return refusal ? [failedEntry(String(id), refusal)] : [];
  });
  return { FailedEntryCount: failed.length, FailedEntries: failed };
}

function failedEntry(id: string, { code, message }: { code: string; message: string }): JsonObject {
  return { TargetId: id, ErrorCode: code, ErrorMessage: message };
}

/** Quirk: answers before the connection can be used. */
function createConnection({ state, place, params }: Work): JsonObject {
  const name = named(params.Name, 'name');
  if (place.connections.has(name)) throw exists('connection', name);
  const now = state.options.now();
  const header = headerOf(params);
  const connection: FakeConnection = {
    name,
    arn: `arn:aws:events:${place.region}:${place.account}:connection/${name}/${randomUUID()}`,
    state: 'CREATING',
    stateReason: undefined,
    description: optional(params.Description),
    header,
    next: header,
    created: now,
    modified: now,
    authorized: undefined,
    settlesIn: state.options.settlesIn,
  };
  place.connections.set(name, connection);
  return { ConnectionArn: connection.arn, ConnectionState: connection.state };
}

/** Quirk: is authorized anew, and sends the old secret until then. */
function updateConnection({ state, place, params }: Work): JsonObject {
  const known = connectionIn(place, params.Name);
  const connection: FakeConnection = {
    ...known,
    description: optional(params.Description) ?? known.description,
    next: params.AuthParameters === undefined ? known.next : headerOf(params),
    state: 'AUTHORIZING',
    stateReason: undefined,
    modified: state.options.now(),
    settlesIn: state.options.settlesIn,
  };
  place.connections.set(known.name, connection);
  return { ConnectionArn: connection.arn, ConnectionState: connection.state };
}

function headerOf(params: JsonObject): FakeConnection['header'] {
  const auth = isObject(params.AuthParameters) ? params.AuthParameters.ApiKeyAuthParameters : undefined;
  if (!isObject(auth)) throw invalid('AuthParameters.ApiKeyAuthParameters is required for API_KEY.');
  const { ApiKeyName: name, ApiKeyValue: value } = auth;
  for (const text of [name, value]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS's own pattern is about these.
    if (typeof text !== 'string' || !/^[^\x00-\x1f\x7f:]{1,512}$/.test(text)) {
      throw invalid('ApiKeyName and ApiKeyValue have 1 to 512 characters without : and control characters.');
    }
  }
  return { name: String(name), value: String(value) };
}

/** Secrets are never told. */
function describeConnection({ state, place, params }: Work): JsonObject {
  state.settle(place, connectionIn(place, params.Name));
  const connection = connectionIn(place, params.Name);
  return said({
    Name: connection.name,
    ConnectionArn: connection.arn,
    ConnectionState: connection.state,
    StateReason: connection.stateReason,
    Description: connection.description,
    AuthorizationType: 'API_KEY',
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: connection.header.name } },
    CreationTime: connection.created / 1000,
    LastModifiedTime: connection.modified / 1000,
    LastAuthorizedTime: connection.authorized === undefined ? undefined : connection.authorized / 1000,
  });
}

/** Quirk: stays for a while, and so does its name. */
function deleteConnection({ state, place, params }: Work): JsonObject {
  const connection = connectionIn(place, params.Name);
  connection.state = 'DELETING';
  connection.settlesIn = state.options.settlesIn;
  return { ConnectionArn: connection.arn, ConnectionState: connection.state };
}

function createDestination({ state, place, params }: Work): JsonObject {
  const name = named(params.Name, 'name');
  if (place.destinations.has(name)) throw exists('api-destination', name);
  const destination = destinationFrom(state, place, params, {
    name,
    arn: `arn:aws:events:${place.region}:${place.account}:api-destination/${name}/${randomUUID()}`,
    connectionArn: '',
    endpoint: '',
    method: '',
    rate: 300,
    description: undefined,
  });
  return { ApiDestinationArn: destination.arn, ApiDestinationState: 'ACTIVE' };
}

/** What is left out stays. */
function updateDestination({ state, place, params }: Work): JsonObject {
  const destination = destinationFrom(state, place, params, destinationIn(place, params.Name));
  return { ApiDestinationArn: destination.arn, ApiDestinationState: 'ACTIVE' };
}

function destinationFrom(
  state: EventBridgeState,
  place: FakePlace,
  params: JsonObject,
  before: FakeDestination,
): FakeDestination {
  const destination = {
    ...before,
    connectionArn: optional(params.ConnectionArn) ?? before.connectionArn,
    endpoint: optional(params.InvocationEndpoint) ?? before.endpoint,
    method: optional(params.HttpMethod) ?? before.method,
    rate: Number(params.InvocationRateLimitPerSecond ?? before.rate),
    description: optional(params.Description) ?? before.description,
  };
  if (!/^https:\/\/\S+$/.test(destination.endpoint)) {
    throw invalid(`The endpoint ${destination.endpoint} is not an https address.`);
  }
  const { connectionArn } = destination;
  if (!state.connectionOf(connectionArn)) throw missing(`Connection ${connectionArn} does not exist.`);
  place.destinations.set(destination.name, destination);
  return destination;
}

function destinationJson(state: EventBridgeState, destination: FakeDestination) {
  const usable = state.connectionOf(destination.connectionArn)?.state === 'AUTHORIZED';
  return {
    Name: destination.name,
    ApiDestinationArn: destination.arn,
    ApiDestinationState: usable ? 'ACTIVE' : 'INACTIVE',
    ConnectionArn: destination.connectionArn,
    InvocationEndpoint: destination.endpoint,
    HttpMethod: destination.method,
    InvocationRateLimitPerSecond: destination.rate,
    Description: destination.description,
  };
}

function putPermission({ place, params }: Work): JsonObject {
  const sid = named(params.StatementId, 'statementId');
  const principal = String(params.Principal);
  if (principal !== '*' && !/^\d{12}$/.test(principal)) throw invalid(`Principal ${principal} is not valid.`);
  const { Condition: condition } = params;
  place.policy.set(sid, {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    Action: String(params.Action),
    Resource: place.busArn,
    ...(isObject(condition) && {
      Condition: { [String(condition.Type)]: { [String(condition.Key)]: String(condition.Value) } },
    }),
  });
  return {};
}

function removePermission({ place, params }: Work): JsonObject {
  if (params.RemoveAllPermissions === true) place.policy.clear();
  else if (!place.policy.delete(String(params.StatementId))) {
    throw missing(`EventBus does not have a statement ${String(params.StatementId)}.`);
  }
  return {};
}

function policyJson({ policy }: FakePlace): JsonObject {
  if (policy.size === 0) return {};
  return { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [...policy.values()] }) };
}

function testEventPattern({ params }: Work): JsonObject {
  const event = parseJson(String(params.Event));
  const members = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];
  if (!isObject(event) || members.some((member) => !(member in event))) {
    throw invalid('Event is not valid. Reason: a member is missing.');
  }
  const pattern = String(params.EventPattern);
  checkPattern(pattern);
  return { Result: eventPattern(pattern)(event) };
}

function onlyDefaultBus(name: Json | undefined): void {
  if (name !== undefined && name !== 'default') throw missing(`Event bus ${String(name)} does not exist.`);
}

function ruleIn({ rules }: FakePlace, name: Json | undefined): FakeRule {
  const rule = rules.get(String(name));
  if (!rule) throw missing(`Rule ${String(name)} does not exist on EventBus default.`);
  return rule;
}

function ruleByArn({ rules }: FakePlace, arn: Json | undefined): FakeRule {
  const rule = [...rules.values()].find((one) => one.arn === arn);
  if (!rule) throw missing(`Rule ${String(arn)} does not exist.`);
  return rule;
}

function connectionIn({ connections }: FakePlace, name: Json | undefined): FakeConnection {
  const connection = connections.get(String(name));
  if (!connection)
    throw missing(`Failed to describe the connection(s). Connection '${String(name)}' does not exist.`);
  return connection;
}

function destinationIn({ destinations }: FakePlace, name: Json | undefined): FakeDestination {
  const destination = destinations.get(String(name));
  if (!destination)
    throw missing(`Failed to describe the api-destination(s). '${String(name)}' does not exist.`);
  return destination;
}

function page(params: JsonObject, member: string, all: readonly JsonObject[]): JsonObject {
  const start = Number(params.NextToken ?? 0);
  const end = start + Number(params.Limit ?? 100);
  return { [member]: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}

function named(value: Json | undefined, member: string): string {
  if (typeof value === 'string' && /^[.\-_A-Za-z0-9]{1,64}$/.test(value)) return value;
  throw invalid(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint`,
  );
}

function optional(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function tagsOf(value: Json | undefined): Map<string, string> {
  return new Map(
    listOf(value).flatMap((tag) => (isObject(tag) ? [[String(tag.Key), String(tag.Value)]] : [])),
  );
}

/** Without the members that there is nothing to say of. */
function said(members: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

function invalid(message: string): Refusal {
  return new Refusal('ValidationException', message);
}

function missing(message: string): Refusal {
  return new Refusal('ResourceNotFoundException', message);
}

function exists(kind: string, name: string): Refusal {
  return new Refusal('ResourceAlreadyExistsException', `The ${kind} '${name}' already exists.`);
}
