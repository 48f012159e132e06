import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, objectOf, textOf } from '../../../src/kernel/json.ts';
import { DAY, type Millis } from '../../../src/kernel/time.ts';
import { Refusal } from './refusal.ts';
import { type Resource, resourcesOf, usernameOf } from './resources.ts';

/** How far back it goes. Source: CloudTrail user guide, "Working with CloudTrail Event history". */
const MEMORY: Millis = 90 * DAY;
const MOST_RESULTS = 50;
const LONGEST_VALUE = 2000;

/** An event with everything that it can be looked up by. */
interface Kept {
  readonly at: Millis;
  readonly number: number;
  readonly category: 'Management' | 'Insight';
  readonly values: Readonly<Record<string, readonly (string | undefined)[]>>;
  readonly resources: readonly Resource[];
  readonly json: string;
}

interface Token {
  readonly asked: string;
  readonly after: Pick<Kept, 'at' | 'number'> | undefined;
}

const KEYS = [
  'AccessKeyId',
  'EventId',
  'EventName',
  'EventSource',
  'ReadOnly',
  'ResourceName',
  'ResourceType',
  'Username',
];
const INSIGHT_KEYS = ['EventId', 'EventName', 'EventSource'];

/** CloudTrail's event history, by account and region. Source: CloudTrail API, `LookupEvents`. */
export class EventHistory {
  readonly #now: () => Millis;
  readonly #places = new Map<string, Kept[]>();
  readonly #tokens = new Map<string, Token>();
  #number = 0;

  constructor(now: () => Millis) {
    this.#now = now;
  }

  /** Keeps a record where it says that it lies; what is there already is there once. */
  add(record: JsonObject): void {
    const account = textOf(record, 'recipientAccountId');
    const region = textOf(record, 'awsRegion');
    const at = Date.parse(textOf(record, 'eventTime') ?? '');
    if (account === undefined || region === undefined || Number.isNaN(at)) {
      throw new Error('a record needs recipientAccountId, awsRegion and eventTime');
    }
    const category = categoryOf(record);
    if (category === undefined) return;
    const place = `${account}|${region}`;
    const events = this.#places.get(place) ?? [];
    this.#places.set(place, events);
    this.#number += 1;
    const kept = keep(record, at, this.#number, category);
    const [id] = kept.values.EventId ?? [];
    if (events.some((one) => one.values.EventId?.[0] === id)) return;
    const older = events.findIndex((one) => isOlder(one, kept));
    events.splice(older < 0 ? events.length : older, 0, kept);
  }

  lookup(account: string, region: string, params: JsonObject, emptyPage: boolean): JsonObject {
    const { NextToken: token, ...rest } = params;
    const most = mostOf(rest);
    const matches = matcher(rest);
    const [from, to] = periodOf(rest);
    const asked = JSON.stringify([
      account,
      region,
      Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    const after = this.#after(token, asked);
    const oldest = Math.max(from, this.#now() - MEMORY);
    const found = (this.#places.get(`${account}|${region}`) ?? []).filter(
      (one) => one.at >= oldest && one.at <= to && (!after || isOlder(one, after)) && matches(one),
    );
    const page = emptyPage ? [] : found.slice(0, most);
    const last = page.at(-1) ?? after;
    const events = page.map(eventOf);
    return found.length > page.length
      ? { Events: events, NextToken: this.#token({ asked, after: last }) }
      : { Events: events };
  }

  #token(token: Token): string {
    const id = Buffer.from(randomUUID()).toString('base64');
    this.#tokens.set(id, token);
    return id;
  }

  #after(token: unknown, asked: string): Token['after'] {
    if (token === undefined || token === null) return undefined;
    const known = typeof token === 'string' ? this.#tokens.get(token) : undefined;
    if (known?.asked !== asked) {
      throw new Refusal(
        'InvalidNextTokenException',
        'Invalid NextToken. Request again with the same parameters.',
      );
    }
    return known.after;
  }
}

function isOlder(one: Pick<Kept, 'at' | 'number'>, other: Pick<Kept, 'at' | 'number'>): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number);
}

/** `undefined` for what the event history does not have: data events and network activity. */
function categoryOf(record: JsonObject): Kept['category'] | undefined {
  const category = textOf(record, 'eventCategory') ?? 'Management';
  if (category === 'Insight') return 'Insight';
  return category === 'Management' && record.managementEvent !== false ? 'Management' : undefined;
}

function keep(record: JsonObject, at: Millis, number: number, category: Kept['category']): Kept {
  const resources = resourcesOf(record);
  const insight = objectOf(record, 'insightDetails') ?? {};
  const keyId = textOf(objectOf(record, 'userIdentity') ?? {}, 'accessKeyId');
  return {
    at,
    number,
    category,
    resources,
    json: JSON.stringify(record),
    values: {
      AccessKeyId: [keyId === '' ? undefined : keyId],
      EventId: [textOf(record, 'eventID')],
      EventName: [textOf(record, 'eventName') ?? textOf(insight, 'eventName')],
      EventSource: [textOf(record, 'eventSource') ?? textOf(insight, 'eventSource')],
      ReadOnly: [typeof record.readOnly === 'boolean' ? String(record.readOnly) : undefined],
      ResourceName: resources.map((one) => one.ResourceName),
      ResourceType: resources.map((one) => one.ResourceType),
      Username: [usernameOf(record)],
    },
  };
}

function eventOf(kept: Kept): JsonObject {
  const event: JsonObject = { EventTime: kept.at / 1000 };
  for (const key of ['EventId', 'EventName', 'ReadOnly', 'AccessKeyId', 'EventSource', 'Username']) {
    const [value] = kept.values[key] ?? [];
    if (value !== undefined) event[key] = value;
  }
  event.Resources = kept.resources.map((resource) => ({ ...resource }));
  event.CloudTrailEvent = kept.json;
  return event;
}

function mostOf({ MaxResults: most }: JsonObject): number {
  if (most === undefined || most === null) return MOST_RESULTS;
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > MOST_RESULTS) {
    throw new Refusal('InvalidMaxResultsException', `MaxResults must be between 1 and ${MOST_RESULTS}.`);
  }
  return most;
}

/** In seconds since 1970, with fractions; both ends belong to it. */
function periodOf({ StartTime: start, EndTime: end }: JsonObject): [Millis, Millis] {
  const instant = (value: unknown, otherwise: number): number => {
    if (value === undefined || value === null) return otherwise;
    if (typeof value === 'number') return value * 1000;
    throw new Refusal('SerializationException', 'A time is a number of seconds.');
  };
  const period: [Millis, Millis] = [instant(start, 0), instant(end, Number.POSITIVE_INFINITY)];
  if (period[0] > period[1]) {
    throw new Refusal('InvalidTimeRangeException', 'The start time occurs after the end time.');
  }
  return period;
}

function matcher(params: JsonObject): (kept: Kept) => boolean {
  const { EventCategory: category, LookupAttributes: attributes } = params;
  if (category !== undefined && category !== null && category !== 'insight') {
    throw new Refusal('InvalidEventCategoryException', 'The only category that can be asked for is insight.');
  }
  const wanted = category === 'insight' ? 'Insight' : 'Management';
  const attribute = attributeOf(attributes, wanted === 'Insight' ? INSIGHT_KEYS : KEYS);
  return (kept) =>
    kept.category === wanted &&
    (!attribute || (kept.values[attribute.key]?.includes(attribute.value) ?? false));
}

function attributeOf(
  attributes: unknown,
  keys: readonly string[],
): { key: string; value: string } | undefined {
  if (attributes === undefined || attributes === null) return undefined;
  if (!Array.isArray(attributes)) throw new Refusal('SerializationException', 'LookupAttributes is a list.');
  const [attribute, ...others] = attributes as unknown[];
  if (attribute === undefined) return undefined;
  if (others.length > 0) throw invalid('The list of lookup attributes can contain only one item.');
  const { AttributeKey: key, AttributeValue: value } = isObject(attribute) ? attribute : {};
  if (typeof key !== 'string' || !keys.includes(key)) {
    throw invalid(`The attribute key ${JSON.stringify(key)} is not one of ${keys.join(', ')}.`);
  }
  if (typeof value !== 'string' || value === '' || lengthOf(value) > LONGEST_VALUE) {
    throw invalid(`The attribute value must have 1 to ${LONGEST_VALUE} characters.`);
  }
  return { key, value };
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidLookupAttributesException', message);
}

/** Underscores, spaces, commas and line ends count double. Source: CloudTrail API, `LookupAttribute`. */
function lengthOf(value: string): number {
  return value.length + (value.match(/[_ ,\n]/g)?.length ?? 0);
}
