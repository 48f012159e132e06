import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, parseJson } from '../../../src/kernel/json.ts';
import type { Millis } from '../../../src/kernel/time.ts';
import { type Accounts, type Caller, expired } from './accounts.ts';
import { type Fault, Faults } from './faults.ts';
import type { EventHistory } from './lookup-events.ts';
import { codeOn, elements, Refusal, type Reply, refusalOn, type Wire } from './refusal.ts';
import { type FakeService, type Operation, operations } from './services.ts';
import { type Signed, signatureOf, verify } from './signature.ts';

/** One request as the fake understood it. */
export interface FakeRequest {
  /** `cloudtrail`, `sts`, `iam`, `account`, or one that was added. */
  readonly service: string;
  readonly operation: string;
  /** Of the caller; empty when the fake does not know the key. */
  readonly account: string;
  readonly region: string;
  readonly keyId: string;
  readonly params: JsonObject;
  readonly at: Millis;
  /** `ok`, `hang`, `reset`, `broken answer`, or the code of the error. */
  readonly outcome: string;
}

interface ApiOptions {
  readonly accounts: Accounts;
  readonly history: EventHistory;
  readonly now: () => Millis;
  readonly rate: { readonly requests: number; readonly per: Millis } | 'unlimited';
  readonly services: readonly FakeService[];
}

/** The body as bytes: not everything is text. */
export type Received = Signed & { readonly body: Buffer; readonly gone: AbortSignal };

type Outcome = { readonly asked: FakeRequest; readonly reply: Reply | 'hang' | 'reset' };

const QUERY_NAMESPACES: Readonly<Record<string, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
};

/** What lies behind the address: who asks, where, how often, and for what. */
export class Api {
  readonly requests: FakeRequest[] = [];
  readonly faults = new Faults();
  readonly #options: ApiOptions;
  readonly #operations: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  /** Times of the requests that were let through, by account and region. */
  readonly #passed = new Map<string, Millis[]>();
  #watchers: { count: number; seen: () => void }[] = [];

  constructor(options: ApiOptions) {
    this.#options = options;
    const own = operations(options.accounts, options.history);
    const all = { ...own };
    // Two that are called the same are one service, written in two places.
    for (const { name, operations: more = {} } of options.services) all[name] = { ...all[name], ...more };
    this.#operations = all;
  }

  untilRequests(count: number): Promise<void> {
    return new Promise((seen) => {
      if (this.requests.length >= count) seen();
      else this.#watchers.push({ count, seen });
    });
  }

  async answer(received: Received): Promise<Outcome> {
    const signature = signatureOf(received);
    const service = this.#added(signature.service);
    const wire = service?.wire ?? wireOf(signature.service);
    const requestId = randomUUID();
    const asked = {
      ...signature,
      operation: '',
      account: '',
      params: {} as JsonObject,
      at: this.#options.now(),
      outcome: 'ok',
    };
    let reply: Outcome['reply'];
    try {
      reply = await this.#perform(received, asked, wire, requestId);
      if (typeof reply === 'string') asked.outcome = reply;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      asked.outcome = codeOn(wire, error);
      reply = refusalOn(wire, error, requestId);
    }
    this.#note(asked);
    return { asked, reply };
  }

  #added(name: string): FakeService | undefined {
    return this.#options.services.find((service) => service.name === name);
  }

  #note(asked: FakeRequest): void {
    this.requests.push(asked);
    for (const { count, seen } of this.#watchers) if (this.requests.length >= count) seen();
    this.#watchers = this.#watchers.filter(({ count }) => count > this.requests.length);
  }

  async #perform(
    received: Received,
    asked: { -readonly [Key in keyof FakeRequest]: FakeRequest[Key] },
    wire: Wire,
    requestId: string,
  ): Promise<Outcome['reply']> {
    const { accounts } = this.#options;
    const rest = this.#added(asked.service)?.rest;
    asked.operation = rest?.operationOf(received) ?? operationOf(received, wire);
    asked.account = accounts.ownerOf(asked.keyId) ?? '';
    if (asked.keyId === '') {
      throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    const caller = accounts.caller(asked.keyId, tokenOf(received));
    verify(received, caller.secret);
    // The other services answer in us-east-1, which no account can do without.
    if (asked.service === 'cloudtrail' && !accounts.regionsOf(caller.account).includes(asked.region)) {
      throw new Refusal(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    const perform = this.#operations[asked.service]?.[asked.operation];
    if (!perform && !rest) {
      throw new Refusal('UnknownOperationException', `There is no operation ${asked.operation}.`);
    }
    asked.params = rest ? { path: received.path } : paramsOf(received, wire);
    const fault = this.faults.meet(asked);
    if (fault === 'hang' || fault === 'reset') return fault;
    if (fault === 'broken answer') return broken(wire, asked);
    meet(fault, caller, asked);
    this.#pass(asked);
    const { region, params } = asked;
    if (rest) return rest.answer({ ...received, caller, region });
    const emptyPage = fault === 'empty page';
    const result = (await perform?.({ caller, region, params, emptyPage, gone: received.gone })) ?? {};
    return success(wire, asked, result, requestId);
  }

  #pass({ operation, account, region, at }: FakeRequest): void {
    const { rate } = this.#options;
    if (operation !== 'LookupEvents' || rate === 'unlimited') return;
    const place = `${account}|${region}`;
    const recent = (this.#passed.get(place) ?? []).filter((one) => one > at - rate.per);
    if (recent.length >= rate.requests) throw new Refusal('ThrottlingException', 'Rate exceeded');
    this.#passed.set(place, [...recent, at]);
  }
}

function tokenOf({ headers }: Signed): string | undefined {
  const token = headers['x-amz-security-token'];
  return typeof token === 'string' ? token : undefined;
}

function wireOf(service: string): Wire {
  if (service === 'sts' || service === 'iam') return 'query';
  return service === 'account' ? 'rest-json' : 'json-1.1';
}

/** Clients disagree on what stands before the last dot of the target. */
function operationOf({ headers, body, path }: Signed, wire: Wire): string {
  if (wire === 'query') return new URLSearchParams(String(body)).get('Action') ?? '';
  if (wire === 'rest-json') return path === '/listRegions' ? 'ListRegions' : path;
  return (
    String(headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? ''
  );
}

function paramsOf({ body }: Signed, wire: Wire): JsonObject {
  if (wire === 'query') {
    const {
      Action: _action,
      Version: _version,
      ...params
    } = Object.fromEntries(new URLSearchParams(String(body)));
    return params;
  }
  const params = parseJson(body.length === 0 ? '{}' : String(body));
  if (!isObject(params)) throw new Refusal('SerializationException', 'The body is not a JSON object.');
  return params;
}

function meet(fault: Fault['kind'] | undefined, caller: Caller, asked: FakeRequest): void {
  if (fault === 'throttle') throw new Refusal('ThrottlingException', 'Rate exceeded');
  if (fault === 'error') throw new Refusal('InternalFailure', 'An internal error occurred.', 500);
  if (fault === 'expired') throw expired();
  if (fault === 'deny') {
    const action = `${asked.service}:${asked.operation}`;
    const reason = `because no identity-based policy allows the ${action} action`;
    const message = `User: ${caller.arn} is not authorized to perform: ${action} ${reason}`;
    throw new Refusal('AccessDeniedException', message);
  }
}

function success(wire: Wire, { service, operation }: FakeRequest, result: JsonObject, id: string): Reply {
  if (wire !== 'query') {
    const type = wire === 'rest-json' ? 'application/json' : `application/x-amz-${wire}`;
    return { status: 200, headers: typed(type, id), body: JSON.stringify(result) };
  }
  const inner = elements({
    [`${operation}Result`]: elements(result as Record<string, string>),
    ResponseMetadata: elements({ RequestId: id }),
  });
  const body = `<${operation}Response xmlns="${QUERY_NAMESPACES[service]}">${inner}</${operation}Response>`;
  return { status: 200, headers: typed('text/xml', id), body };
}

function broken(wire: Wire, asked: { outcome: string }): Reply {
  asked.outcome = 'broken answer';
  const type = wire === 'query' ? 'text/xml' : 'application/x-amz-json-1.1';
  const body = wire === 'query' ? '<Response><Result>' : '{"Events":[{"EventId":"5f0e';
  return { status: 200, headers: typed(type, randomUUID()), body };
}

function typed(type: string, requestId: string): Record<string, string> {
  return { 'content-type': type, 'x-amzn-requestid': requestId };
}
