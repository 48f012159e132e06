import nock from 'nock';
import { createCloudHistory } from '../../src/aws/cloud-history.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, type Millis, sayInstant } from '../../src/kernel/time.ts';
import { type CloudHistory, type LookupPage, LookupTrouble } from '../../src/work/cloud-history.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';

/** AWS's side of the wire, as its protocols have it: JSON 1.1 for CloudTrail, XML for STS and IAM, REST for accounts. */

// It takes over all of HTTP in this process, which other files use as well: only while a test of the wire runs.
nock.restore();

const AWS = 'http://aws.test';
export const HOME = '111122223333';
export const OTHER = '444455556666';
export const PLACE = { account: HOME, region: 'eu-west-1' };

interface Sent {
  readonly at: Millis;
  readonly region: string;
  /** Key id that the request is signed with. */
  readonly signer: string;
  readonly body: Record<string, unknown>;
}

/** The requests that arrived, in order, and answers to give. */
export interface Wire {
  readonly clock: FakeClock;
  readonly history: CloudHistory & { close(): void };
  /** LookupEvents requests. */
  readonly lookups: Sent[];
  /** Requests of the query protocol: `GetCallerIdentity`, `AssumeRole` … */
  readonly actions: URLSearchParams[];
  /** How often regions were listed. */
  listed: number;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** What AWS answers; each may count the requests so far. */
export interface Script {
  readonly lookup?: (sent: Sent, count: number) => Answer | Error | Promise<Answer>;
  readonly action?: (parameters: URLSearchParams, count: number) => Answer | undefined;
  readonly regions?: (count: number) => Answer;
}

export interface WireOptions {
  readonly accounts?: Record<string, string | undefined>;
  readonly regions?: readonly string[];
  readonly rate?: { requests: number; per: Millis };
  /** No credentials given: the SDK looks for them in environment, files and metadata service. */
  readonly surroundings?: boolean;
}

export function startWire(script: Script, options: WireOptions = {}): Wire {
  const clock = fakeClock();
  if (!nock.isActive()) nock.activate();
  nock.cleanAll();
  nock.disableNetConnect();
  const wire: Wire = {
    clock,
    history: createCloudHistory({
      accounts: new Map(
        Object.entries(options.accounts ?? {}).map(([id, readerRole]) => [id, { readerRole }]),
      ),
      regions: options.regions ?? 'enabled',
      endpoint: AWS,
      ...(options.surroundings
        ? {}
        : { credentials: { accessKeyId: 'AKIAOWNKEY', secretAccessKey: 'of-the-test' } }),
      clock,
      log: createLog('silent'),
      rate: options.rate ?? { requests: 1000, per: 1000 },
    }),
    lookups: [],
    actions: [],
    listed: 0,
  };
  nock(AWS)
    .persist()
    .post('/')
    .reply(async (request: Request) => {
      const text = await request.text();
      if (!/LookupEvents$/.test(request.headers.get('x-amz-target') ?? ''))
        return act(new URLSearchParams(text));
      const sent = { ...signed(request.headers), at: clock.now(), body: JSON.parse(text) };
      wire.lookups.push(sent);
      const answer = (await script.lookup?.(sent, wire.lookups.length)) ?? page([]);
      if (answer instanceof Error) throw answer;
      return whole(answer);
    });
  function act(parameters: URLSearchParams) {
    wire.actions.push(parameters);
    const same = wire.actions.filter((one) => one.get('Action') === parameters.get('Action'));
    return whole(script.action?.(parameters, same.length) ?? identityOrRole(parameters, clock));
  }
  nock(AWS)
    .persist()
    .post('/listRegions')
    .reply(() => {
      wire.listed += 1;
      return whole(script.regions?.(wire.listed) ?? regionList(['us-east-1', 'eu-west-1']));
    });
  return wire;
}

export function stopWire(): void {
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
}

function whole({ status = 200, body, headers }: Answer): [number, string, Record<string, string>] {
  return [status, typeof body === 'string' ? body : JSON.stringify(body), headers ?? {}];
}

function signed(headers: Headers): { region: string; signer: string } {
  const [, signer = '', region = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.get('authorization') ?? '') ?? [];
  return { signer, region };
}

export function page(events: readonly object[], token?: string): Answer {
  return { body: { Events: events, ...(token === undefined ? {} : { NextToken: token }) } };
}

/** One event as LookupEvents gives it; `ago` in seconds. */
export function event(id: string, at: Millis): object {
  const record = {
    eventVersion: '1.11',
    eventTime: `${sayInstant(at).slice(0, 19)}Z`,
    eventSource: 'iam.amazonaws.com',
    eventName: 'ListUsers',
    awsRegion: 'eu-west-1',
    eventID: id,
    userIdentity: { type: 'IAMUser', userName: 'alice', accountId: HOME },
  };
  return { EventId: id, EventTime: Math.floor(at / 1000), CloudTrailEvent: JSON.stringify(record) };
}

/** How the services that speak JSON 1.1 fail. */
export function jsonError(type: string, message: string, status = 400): Answer {
  return {
    status,
    body: { __type: type, message },
    headers: { 'content-type': 'application/x-amz-json-1.1' },
  };
}

/** How REST services fail. */
export function restError(type: string, message: string, status = 403): Answer {
  return { status, body: { message }, headers: { 'x-amzn-errortype': type } };
}

/** How STS and IAM fail. */
export function xmlError(code: string, message: string, status = 403): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<ErrorResponse>${error}<RequestId>r-1</RequestId></ErrorResponse>` };
}

export function xml(action: string, inner: string): Answer {
  return {
    body: `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`,
    headers: { 'content-type': 'text/xml' },
  };
}

export function regionList(names: readonly string[]): Answer {
  return {
    body: { Regions: names.map((name) => ({ RegionName: name, RegionOptStatus: 'ENABLED_BY_DEFAULT' })) },
  };
}

/** The caller is a role of the home account; a role is assumed for an hour, each time with another key. */
function identityOrRole(parameters: URLSearchParams, clock: FakeClock): Answer {
  if (parameters.get('Action') !== 'AssumeRole') {
    const arn = `arn:aws:sts::${HOME}:assumed-role/Trailbot/i-1`;
    return xml('GetCallerIdentity', `<Account>${HOME}</Account><Arn>${arn}</Arn><UserId>AROA:i-1</UserId>`);
  }
  const [, account] = /::(\d+):/.exec(parameters.get('RoleArn') ?? '') ?? [];
  const until = sayInstant(clock.now() + 3_600_000);
  const key = `ASIA${account}T${sayInstant(clock.now()).slice(11, 16).replace(':', '')}`;
  return xml(
    'AssumeRole',
    `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
     <SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials>`,
  );
}

/** Asks for the last seven days of a place. */
export function lookup(wire: Wire, signal = new AbortController().signal, place = PLACE) {
  const now = wire.clock.now();
  const period = { from: now - 7 * DAY, to: now, said: 'last 7 days' };
  return wire.history.lookup({ place, attribute: undefined, period }, signal);
}

/** All pages, while time goes by as fast as anybody sleeps. */
export async function readAll(wire: Wire, pages: AsyncIterable<LookupPage>): Promise<LookupPage[]> {
  const found: LookupPage[] = [];
  await whileTimeGoesBy(wire.clock, async () => {
    for await (const one of pages) found.push(one);
  });
  return found;
}

export async function whileTimeGoesBy<T>(clock: FakeClock, work: () => Promise<T>): Promise<T> {
  const done = work();
  let settled = false;
  const end = done.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  while (!settled) {
    await Promise.race([end, clock.untilSleeping()]);
    if (!settled && clock.asleep > 0) await clock.advance(10);
  }
  return done;
}

export async function troubleOf(work: Promise<unknown>): Promise<LookupTrouble['trouble']> {
  const outcome: unknown = await work.then(
    () => 'no trouble',
    (error: unknown) => error,
  );
  if (outcome instanceof LookupTrouble) return outcome.trouble;
  throw new Error(`expected a LookupTrouble, got ${String(outcome)}`, { cause: outcome });
}
