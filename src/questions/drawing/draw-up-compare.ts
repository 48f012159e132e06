import { isObject, type Json, textOf } from '../../kernel/json.ts';
import type { Line, Part } from '../answer.ts';
import { callOf, sayAction } from '../call.ts';
import { bold, cut, sayCount, sayNumber, text } from '../lines.ts';
import type { EventInFull } from '../material.ts';
import type { EventsQuestion } from '../question.ts';
import { sayActor } from '../say-names.ts';
import { type Asked, type Draft, table } from './draft.ts';
import { followAddress, followKey } from './follow.ts';

/** What a table can hold in a message, with room for the rest of the answer. */
const BUDGET = 7500;
const LONGEST_CELL = 90;
const MOST_FIELDS = 2000;
const DEEPEST = 12;

/** Fields that differ between any two events and so tell nothing. */
const ALWAYS_DIFFERENT =
  /^(eventID|requestID|sharedEventID|responseElements\.credentials\.|additionalEventData\.x-amz-id)/i;
/** What is read first; the rest follows in the order of the records. */
const FIRST = [
  'eventTime',
  'eventSource',
  'eventName',
  'errorCode',
  'errorMessage',
  'userIdentity.type',
  'userIdentity.arn',
  'userIdentity.accessKeyId',
  'sourceIPAddress',
  'userAgent',
  'recipientAccountId',
  'awsRegion',
];

/** Two to five events side by side: what differs in a table, what is equal as a number. */
export function drawUpCompare(asked: Asked<EventsQuestion>): Draft {
  const events = asked.material.events ?? [];
  const fields = compare(events);
  const differing = fields.filter(({ values }) => new Set(values).size > 1);
  const telling = differing.filter(({ path }) => !ALWAYS_DIFFERENT.test(path));
  const equal = fields.length - differing.length;
  const { period } = asked.question.scope;
  return {
    lead: leadOf(asked, telling, equal),
    parts: [
      { kind: 'lines', lines: events.map((event, at) => nameEvent(event, at, asked.names)) },
      ...(telling.length > 0 ? [drawTable(events, telling)] : []),
      { kind: 'lines', lines: [[text(sayEqual(equal, differing.length - telling.length, events.length))]] },
    ],
    follow: events.flatMap(({ record }) => [
      ...followKey(record.accessKeyId, period),
      ...followAddress(record.sourceAddress, period),
    ]),
  };
}

interface Field {
  readonly path: string;
  /** One for each event; `undefined` where it is missing. */
  readonly values: readonly (string | undefined)[];
}

function compare(events: readonly EventInFull[]): Field[] {
  const flat = events.map(({ record }) => flatten(record.body));
  const paths = new Set([...FIRST, ...flat.flatMap((one) => [...one.keys()])]);
  return [...paths]
    .map((path) => ({ path, values: flat.map((one) => one.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== undefined));
}

/** Every value with the path that leads to it: `requestParameters.bucketName`. */
function flatten(body: Json): Map<string, string> {
  const fields = new Map<string, string>();
  const visit = (value: Json, path: string, depth: number): void => {
    if (fields.size >= MOST_FIELDS) return;
    const inner = Array.isArray(value) ? Object.entries(value) : isObject(value) ? Object.entries(value) : [];
    if (inner.length === 0 || depth >= DEEPEST) {
      fields.set(path, typeof value === 'string' ? value : JSON.stringify(value));
      return;
    }
    for (const [key, member] of inner) visit(member, path === '' ? key : `${path}.${key}`, depth + 1);
  };
  visit(body, '', 0);
  return fields;
}

function leadOf(
  { material, question }: Asked<EventsQuestion>,
  telling: readonly Field[],
  equal: number,
): Line {
  const events = material.events ?? [];
  const found = new Set(events.map(({ record }) => record.eventId));
  const missing = question.eventIds.filter((id) => !found.has(id));
  const names = telling.slice(0, 4).map(({ path }) => path);
  const differ: Line =
    telling.length === 0
      ? [bold('They do not differ'), text(' but in their ids.')]
      : [
          bold(`They differ in ${sayCount(telling.length, 'field')}`),
          text(
            `: ${names.map((name) => cut(name, 60)).join(', ')}${telling.length > 4 ? ' …' : ''}; ${sayNumber(equal)} are equal.`,
          ),
        ];
  if (missing.length === 0) return differ;
  const ids = missing.map((id) => cut(id, 40)).join(', ');
  return [
    bold(`${sayNumber(missing.length)} of ${sayNumber(question.eventIds.length)} not found`),
    text(`: ${ids}. `),
    ...differ,
  ];
}

function nameEvent({ record }: EventInFull, at: number, names: Asked['names']): Line {
  return [
    bold(`${at + 1}`),
    text('  '),
    { at: record.eventTime, form: 'date and time' },
    text(
      `  ${cut(sayAction(callOf(record)))} by ${sayActor(record.actor.label, names)} · ${cut(textOf(record.body, 'eventID') ?? record.eventId, 64)}`,
    ),
  ];
}

/** With three and more events, the value that only one of them has is marked. */
function drawTable(events: readonly EventInFull[], fields: readonly Field[]): Part {
  let left = BUDGET;
  const rows: Line[][] = [];
  for (const { path, values } of fields) {
    const cells = values.map((value) => (value === undefined ? '–' : cut(value, LONGEST_CELL)));
    left -= path.length + cells.join('').length;
    if (left < 0) break;
    const odd = oddOf(values);
    rows.push([
      [text(cut(path, LONGEST_CELL))],
      ...cells.map((cell, at): Line => [at === odd ? bold(cell, LONGEST_CELL) : text(cell)]),
    ]);
  }
  const columns = ['Field', ...events.map((_, at) => `${at + 1}`)];
  return table('What differs', columns, rows, fields.length - rows.length);
}

/** The place of the one value that differs while all others are equal. */
function oddOf(values: readonly (string | undefined)[]): number | undefined {
  if (values.length < 3) return undefined;
  const odd = values.filter((value) => values.indexOf(value) === values.lastIndexOf(value));
  const kinds = new Set(values).size;
  return odd.length === 1 && kinds === 2 ? values.indexOf(odd[0]) : undefined;
}

function sayEqual(equal: number, ids: number, events: number): string {
  const all = events === 2 ? 'both' : `all ${events}`;
  const hidden = ids > 0 ? ' Ids that always differ are left out.' : '';
  return `${sayCount(equal, 'field')} ${equal === 1 ? 'is' : 'are'} equal in ${all}.${hidden}`;
}
