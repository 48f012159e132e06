import { COMPUTE_EVENTS } from './known-events-compute.ts';
import { DATA_EVENTS } from './known-events-data.ts';
import { EC2_EVENTS } from './known-events-ec2.ts';
import { IDENTITY_EVENTS } from './known-events-identity.ts';
import { OVERSIGHT_EVENTS } from './known-events-oversight.ts';
import { nearMiss } from './near-miss.ts';

/**
 * Services whose event names are known. A line of a table is a verb and the nouns behind it, `Create: User Role`;
 * behind a bare colon stand whole names.
 */
const TABLES: Readonly<Record<string, string>> = {
  ...IDENTITY_EVENTS,
  ...EC2_EVENTS,
  ...COMPUTE_EVENTS,
  ...DATA_EVENTS,
  ...OVERSIGHT_EVENTS,
};

/** Services that log events under other names than those of their operations: their tables have gaps. */
const WITH_GAPS = new Set(['lambda', 's3', 'ses', 'signin', 'sso']);

/** Operations of Lambda whose events have the date of the API behind the name, `AddPermission20150331v2`. */
const DATED = new Set([
  'addpermission',
  'createeventsourcemapping',
  'createfunction',
  'deletefunction',
  'publishlayerversion',
  'removepermission',
  'updatefunctioncode',
  'updatefunctionconfiguration',
]);
const DATE = /20\d{6}(v\d+)?$/;
const SHORTEST = 8;
const MOST_MEANT = 3;

interface Service {
  readonly source: string;
  /** Event names by their folded form. */
  readonly names: ReadonlyMap<string, string>;
  readonly complete: boolean;
}

/** Why an event name is doubted, and what to write instead. */
interface Doubt {
  readonly what: string;
  readonly remedy: string;
}

const SERVICES: ReadonlyMap<string, Service> = new Map(
  Object.entries(TABLES).map(([service, table]) => {
    const source = `${service}.amazonaws.com`;
    return [source, { source, names: namesOf(table), complete: !WITH_GAPS.has(service) }];
  }),
);

const BY_NAME = new Map<string, Service[]>();
for (const service of SERVICES.values()) {
  for (const name of service.names.keys()) {
    const having = BY_NAME.get(name);
    if (having) having.push(service);
    else BY_NAME.set(name, [service]);
  }
}

/** Names by how they begin and by how they end, each with their length: what is near a name shares one of the two. */
const BY_ENDS = new Map<string, string[]>();
for (const name of BY_NAME.keys()) {
  for (const end of endsOf(name, name.length)) {
    const having = BY_ENDS.get(end);
    if (having) having.push(name);
    else BY_ENDS.set(end, [name]);
  }
}

function endsOf(name: string, length: number): string[] {
  return [`${name.slice(0, 3)}<${length}`, `${name.slice(-3)}>${length}`];
}

/** The first words of names: who writes one of them means it. */
const VERBS = new Set(
  Array.from(SERVICES.values()).flatMap(({ names }) => Array.from(names.values(), (name) => firstWord(name))),
);

function namesOf(table: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const line of table.trim().split('\n')) {
    const [verb = '', nouns = ''] = line.split(':');
    for (const noun of nouns.trim().split(' ')) names.set((verb + noun).toLowerCase(), verb + noun);
  }
  return names;
}

function firstWord(name: string): string {
  return /^[A-Z]?[a-z0-9]+/.exec(name)?.[0].toLowerCase() ?? '';
}

/**
 * What speaks against the event name, together with the source or, without one, with any. A name is doubted when it
 * belongs to another source, or is nearly a known one; a name that is merely unknown may be new, and is not.
 */
export function doubtName(written: string, source: string | undefined): Doubt | undefined {
  const name = written.toLowerCase().replace(DATE, '');
  if (source === undefined) {
    if (BY_NAME.has(name)) return undefined;
    return misspelt('CloudTrail knows no event', written, name);
  }
  const service = SERVICES.get(source);
  if (!service) return undefined;
  const known = service.names.get(name);
  if (known !== undefined) return undated(source, written, known);
  const others = service.complete ? BY_NAME.get(name) : undefined;
  return others
    ? misplaced(written, source, others)
    : misspelt(`${source} has no event`, written, name, service);
}

function undated(source: string, written: string, known: string): Doubt | undefined {
  const name = known.toLowerCase();
  if (source !== 'lambda.amazonaws.com' || written.toLowerCase() !== name || !DATED.has(name))
    return undefined;
  return {
    what: `events of ${known} have the date of the API behind the name`,
    remedy: `write eventName|startswith: ${known}20`,
  };
}

function misplaced(written: string, source: string, others: readonly Service[]): Doubt {
  const sources = others.map((other) => other.source).join(' or ');
  return { what: `${source} has no event ${written}`, remedy: `did you mean eventSource: ${sources}?` };
}

function misspelt(says: string, written: string, name: string, only?: Service): Doubt | undefined {
  const meant = new Set<string>();
  // A short name is a slip away from many, and a digit at the end counts versions.
  if (name.length < SHORTEST || /\d$/.test(written)) return undefined;
  for (const candidate of candidatesFor(name)) {
    for (const service of only ? [only] : (BY_NAME.get(candidate) ?? [])) {
      const known = service.names.get(candidate);
      if (known !== undefined && isNear(name, written, candidate, known, service)) meant.add(known);
    }
  }
  if (meant.size === 0) return undefined;
  const some = [...meant].sort().slice(0, MOST_MEANT);
  return { what: `${says} ${written}`, remedy: `did you mean ${some.join(' or ')}?` };
}

function candidatesFor(name: string): Set<string> {
  const found = new Set<string>();
  for (let length = name.length - 2; length <= name.length + 2; length += 1) {
    for (const end of endsOf(name, length)) for (const one of BY_ENDS.get(end) ?? []) found.add(one);
  }
  return found;
}

function isNear(name: string, written: string, candidate: string, known: string, service: Service): boolean {
  const near = nearMiss(name, candidate);
  if (near === undefined || (near !== 'slip' && !service.complete)) return false;
  // Get for Put, or Attach for Detach, are names in their own right.
  const verb = firstWord(written);
  return !VERBS.has(verb) || firstWord(known) === verb;
}

/** The name in AWS's spelling, where it is known. */
export function spellName(folded: string): string {
  return BY_NAME.get(folded)?.[0]?.names.get(folded) ?? folded;
}
