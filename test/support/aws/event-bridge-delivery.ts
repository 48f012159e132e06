import { randomUUID } from 'node:crypto';
import {
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  parseJson,
  textOf,
} from '../../../src/kernel/json.ts';
import { type Clock, type Millis, SECOND, sayInstant } from '../../../src/kernel/time.ts';
import { eventPattern } from '../naive-eventbridge.ts';
import type { EventBridgeState, FakeRule, FakeTarget } from './event-bridge.ts';
import { type Arn, isLetIn, parse, queueUrl, refusedBy, roleRefused } from './event-bridge-permissions.ts';
import { type Posted, post } from './event-bridge-post.ts';
import type { RoleState } from './iam-roles.ts';
import { Refusal } from './refusal.ts';
import type { Call, FakeService } from './services.ts';
import type { FakeQueues } from './sqs.ts';

/*
 * An EventBridge that delivers, by the rules and targets of its control plane. Sources: EventBridge user guide, "API
 * destinations", "Dead-letter queues", "Retry policy", "Sending events between accounts"; EventBridge API, `PutEvents`.
 */

/** One try to deliver an event to a target. */
interface Attempt {
  readonly eventId: string;
  readonly target: string;
  readonly at: Millis;
  /** The status of the answer, or why there was none. */
  readonly outcome: number | string;
}

interface DeliveryOptions {
  readonly state: EventBridgeState;
  /** For dead letters and for queues that are targets. */
  readonly queues: FakeQueues;
  /** Whose policies count; without them every role may do everything. */
  readonly roles?: RoleState;
  readonly clock: Clock;
  /** Where an address on the Internet really is. */
  readonly addressOf: (endpoint: string) => string;
  /** The organization that all accounts belong to. */
  readonly organization?: string;
  /** For jitter and for drops. */
  readonly seed?: number;
}

/** The part that moves events, and what a test may do to it. */
export interface EventBridgeDelivery {
  /** `PutEvents`, as part of the service `events`. */
  readonly service: FakeService;
  /** An event of a service of AWS on the default bus of the place that it names; returns its id. */
  put(event: JsonObject): string;
  /** So large a share of the events of services is lost before any rule sees it, from now on. */
  drop(share: number): void;
  /** Takes nothing until it is `up`: services' events are lost, and PutEvents fails. */
  down(): void;
  up(): void;
  /** The next entry of a PutEvents is not taken, in an answer of status 200. */
  refuse(code: string, message: string): void;
  /** Every delivery begins so much later, from now on. */
  late(by: Millis): void;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  /** Ids of events that were dropped, or went nowhere for want of a dead-letter queue. */
  readonly lost: readonly string[];
  /** Resolves when nothing is on the wire; what waits for its next try is not. */
  rested(): Promise<void>;
  stop(): void;
}

/** An event on a bus. */
interface OnBus {
  readonly event: JsonObject;
  readonly account: string;
  readonly region: string;
  readonly fromAccount: boolean;
  readonly fromRegion: boolean;
}

/** Why an event goes no further. */
interface Dead {
  readonly code: string;
  readonly message: string;
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
  readonly retries: number;
}

const RETRIED = new Set([401, 407, 409, 429]);
const LONGEST_PAUSE: Millis = 480 * SECOND;

export function createEventBridgeDelivery(options: DeliveryOptions): EventBridgeDelivery {
  const { state, queues, clock } = options;
  const chance = chanceOf(options.seed ?? 1);
  const closing = new AbortController();
  const attempts: Attempt[] = [];
  const lost: string[] = [];
  const onWire = new Set<Promise<unknown>>();
  const refusals: JsonObject[] = [];
  let share = 0;
  let delay: Millis = 0;
  let isDown = false;

  function arrive(bus: OnBus): void {
    const { rules } = state.place(bus.account, bus.region);
    for (const rule of rules.values()) {
      if (!takes(rule, bus.event)) continue;
      for (const target of rule.targets.values()) void deliver(bus, rule, target);
    }
  }

  async function deliver(bus: OnBus, rule: FakeRule, target: FakeTarget): Promise<void> {
    if (delay > 0) await clock.sleep(delay, closing.signal);
    if (closing.signal.aborted) return;
    const dead = /:api-destination\//.test(target.Arn)
      ? await postUntil(bus, target)
      : hand(bus, rule, target);
    if (dead && !closing.signal.aborted) bury(bus, rule, target, dead);
  }

  /** To a queue or another bus: at once, or never. */
  function hand(bus: OnBus, rule: FakeRule, target: FakeTarget): Dead | undefined {
    const to = parse(target.Arn);
    const refused = to.service === 'sqs' ? toQueue(bus.event, target.Arn, rule, {}) : toBus(bus, target, to);
    note(bus, target, refused ?? 'delivered');
    return refused === undefined ? undefined : died(refused);
  }

  function toQueue(
    event: JsonObject,
    arn: string,
    rule: FakeRule,
    attributes: JsonObject,
  ): string | undefined {
    const refused = refusedBy(queues, arn, rule.arn);
    if (refused === undefined) queues.send(queueUrl(arn), JSON.stringify(event), attributes);
    return refused;
  }

  function toBus(bus: OnBus, target: FakeTarget, to: Arn): string | undefined {
    if (to.account !== bus.account && bus.fromAccount) return 'THIRD_ACCOUNT_HOP_DETECTED';
    if (to.region !== bus.region && bus.fromRegion) return 'THIRD_REGION_HOP_DETECTED';
    const denied = roleRefused(options.roles, target, 'events:PutEvents', target.Arn);
    if (denied !== undefined) return denied;
    const place = state.place(to.account, to.region);
    if (to.account !== bus.account && !isLetIn(place, bus.account, options.organization)) {
      return 'NO_PERMISSIONS';
    }
    arrive({
      event: bus.event,
      account: to.account,
      region: to.region,
      fromAccount: bus.fromAccount || to.account !== bus.account,
      fromRegion: bus.fromRegion || to.region !== bus.region,
    });
    return undefined;
  }

  async function postUntil(bus: OnBus, target: FakeTarget): Promise<Dead | undefined> {
    const denied = roleRefused(options.roles, target, 'events:InvokeApiDestination', target.Arn);
    if (denied !== undefined) return died(denied);
    const policy = objectOf(target, 'RetryPolicy') ?? {};
    const most = Number(policy.MaximumRetryAttempts ?? 185);
    const oldest = clock.now() + Number(policy.MaximumEventAgeInSeconds ?? 86_400) * SECOND;
    for (let retries = 0; ; retries += 1) {
      const posted = await onTheWire(postOnce(bus, target));
      if (closing.signal.aborted || posted === undefined) return undefined;
      if ('code' in posted) return posted;
      const again = retryOf(posted);
      if (again === undefined) return undefined;
      const told = Number(posted.retryAfter);
      if (again === 'never' || told < 0) return { ...sayDead(posted), retries };
      const pause = Math.min(LONGEST_PAUSE, SECOND * 2 ** retries) * (0.5 + chance() / 2);
      const next = clock.now() + Math.max(pause, Number.isNaN(told) ? 0 : told * SECOND);
      const exhausted =
        retries >= most ? 'MaximumRetryAttempts' : next > oldest ? 'MaximumEventAgeInSeconds' : undefined;
      if (exhausted) return { ...sayDead(posted), exhausted, retries };
      await clock.sleep(next - clock.now(), closing.signal);
      if (closing.signal.aborted) return undefined;
    }
  }

  async function postOnce(bus: OnBus, target: FakeTarget): Promise<Posted | Dead> {
    const destination = state.destinationOf(target.Arn);
    const connection = destination && state.connectionOf(destination.connectionArn);
    if (!destination) return died('NO_RESOURCE');
    if (!connection || /^(DELETING|DEAUTHORIZED|CREATING)$/.test(connection.state))
      return died('CONNECTION_FAILURE');
    const url = options.addressOf(destination.endpoint);
    const posted = await post(url, connection.header, JSON.stringify(bus.event), clock, closing.signal);
    note(bus, target, posted.status ?? posted.failure ?? 'nothing');
    return posted;
  }

  function onTheWire<T>(work: Promise<T>): Promise<T> {
    onWire.add(work);
    const done = (): void => void onWire.delete(work);
    work.then(done, done);
    return work;
  }

  function note(bus: OnBus, target: FakeTarget, outcome: number | string): void {
    attempts.push({ eventId: textOf(bus.event, 'id') ?? '', target: target.Arn, at: clock.now(), outcome });
  }

  function bury(bus: OnBus, rule: FakeRule, target: FakeTarget, dead: Dead): void {
    const queue = textOf(objectOf(target, 'DeadLetterConfig') ?? {}, 'Arn');
    const attributes = attributesOf(rule, target, dead);
    if (queue === undefined || toQueue(bus.event, queue, rule, attributes) !== undefined)
      lost.push(textOf(bus.event, 'id') ?? '');
  }

  function putEvents({ caller, region, params }: Call): JsonObject {
    if (isDown)
      throw new Refusal('InternalException', 'This exception occurs due to unexpected causes.', 500);
    const entries = Array.isArray(params.Entries) ? params.Entries : [];
    if (entries.length < 1 || entries.length > 10) {
      throw new Refusal('ValidationException', "Value at 'entries' must have length between 1 and 10");
    }
    const results = entries.map((entry): JsonObject => {
      const event = refusals.shift() ?? envelopeOf(entry, caller.account, region, clock.now());
      if ('ErrorCode' in event) return event;
      arrive({ event, account: caller.account, region, fromAccount: false, fromRegion: false });
      return { EventId: event.id ?? '' };
    });
    return {
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results,
    };
  }

  return {
    service: { name: 'events', wire: 'json-1.1', operations: { PutEvents: putEvents } },
    put(given) {
      const id = textOf(given, 'id') ?? randomUUID();
      const event = { version: '0', resources: [], ...given, id };
      const { account = '', region = '' } = event as { account?: string; region?: string };
      if (isDown || chance() < share) lost.push(id);
      else arrive({ event, account, region, fromAccount: false, fromRegion: false });
      return id;
    },
    drop(next) {
      share = next;
    },
    down() {
      isDown = true;
    },
    up() {
      isDown = false;
    },
    refuse: (code, message) => void refusals.push(failed(code, message)),
    late(by) {
      delay = by;
    },
    attempts,
    lost,
    async rested() {
      while (onWire.size > 0) await Promise.allSettled([...onWire]);
    },
    stop: () => closing.abort(),
  };
}

/** Whether the rule's pattern fits, and its state lets calls through that only read. */
function takes({ pattern, state }: FakeRule, event: JsonObject): boolean {
  if (state === 'DISABLED' || pattern === undefined) return false;
  const detail = objectOf(event, 'detail') ?? {};
  const fromTrail = (textOf(event, 'detail-type') ?? '').endsWith(' via CloudTrail');
  const reads = fromTrail && detail.readOnly === true && detail.managementEvent !== false;
  if (reads && state !== 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS') return false;
  return eventPattern(pattern)(event);
}

/** `undefined` when all is well. */
function retryOf({ status, failure }: Posted): 'again' | 'never' | undefined {
  if (status === undefined) return failure === 'ENOTFOUND' ? 'never' : 'again';
  if (status >= 200 && status < 300) return undefined;
  return RETRIED.has(status) || status >= 500 ? 'again' : 'never';
}

function sayDead({ status, failure }: Posted): Pick<Dead, 'code' | 'message'> {
  if (failure === 'TIMEOUT') {
    return { code: 'TIMEOUT', message: 'The API destination endpoint did not answer within 5 seconds.' };
  }
  if (status === undefined) return { code: 'CONNECTION_FAILURE', message: `Cannot connect (${failure}).` };
  const code = status === 429 ? 'THROTTLING' : status >= 500 ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR';
  return { code, message: `API destination endpoint returned HTTP status code ${status}.` };
}

function died(code: string): Dead {
  return { code, message: `EventBridge gave up: ${code}.`, retries: 0 };
}

function attributesOf(rule: FakeRule, target: FakeTarget, dead: Dead): JsonObject {
  const texts: Record<string, string | undefined> = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: dead.code,
    ERROR_MESSAGE: dead.message,
    EXHAUSTED_RETRY_CONDITION: dead.exhausted,
    RETRY_ATTEMPTS: String(dead.retries),
  };
  const said = Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(
    said.map(([name, value]) => [name, { DataType: 'String', StringValue: value }] as const),
  );
}

/** What PutEvents makes of an entry, or what is wrong with it. */
function envelopeOf(entry: Json, account: string, region: string, now: Millis): JsonObject {
  const {
    Source: source,
    DetailType: type,
    Detail: detail,
    EventBusName: bus,
    Time: time,
  } = isObject(entry) ? entry : {};
  if (typeof source !== 'string' || typeof type !== 'string' || typeof detail !== 'string') {
    return failed(
      'InvalidArgument',
      'Parameter Source, DetailType or Detail is not valid. Reason: it is missing.',
    );
  }
  if (source.startsWith('aws.')) {
    return failed('NotAuthorizedForSourceException', `Not authorized for the source ${source}.`);
  }
  if (bus !== undefined && bus !== 'default')
    return failed('InvalidArgument', `There is no bus ${String(bus)}.`);
  const body = parseJson(detail);
  if (!isObject(body)) return failed('MalformedDetail', 'Detail is malformed.');
  const at = typeof time === 'number' ? time * SECOND : now;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source,
    account,
    time: sayInstant(at).replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: [],
    detail: body,
  };
}

function failed(code: string, message: string): JsonObject {
  return { ErrorCode: code, ErrorMessage: message };
}

/** The same numbers for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
