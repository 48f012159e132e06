import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { callOf } from '../../questions/call.ts';
import type { Coverage } from '../../questions/coverage.ts';
import { isAlertId } from '../../questions/judgement.ts';
import type { EventInFull, Material } from '../../questions/material.ts';
import { blindIn, NO_DATA_EVENTS } from '../../questions/plan.ts';
import type { EventsQuestion, Scope } from '../../questions/question.ts';
import { newestAlertId } from '../../store/alert-events.ts';
import { alertById } from '../../store/alerts.ts';
import { firstRecordOf } from '../../store/memberships.ts';
import { recordsByEventId } from '../../store/records.ts';
import type { Sql } from '../../store/sql.ts';
import { readStoredEvent } from '../stored-event.ts';
import { askOwnStore, unreadable } from './ask-own-store.ts';
import { createPlaces, type Places } from './ask-places.ts';
import { createTeller } from './ask-progress.ts';
import { type AskOptions, type AskState, type AskTools, countsOf } from './ask-state.ts';
import type { Stop } from './ask-stop.ts';

/** The events that were asked for, as far as they have been found, by id. */
type Events = Map<string, EventInFull[]>;

interface Run {
  readonly tools: AskTools;
  readonly question: EventsQuestion;
  readonly events: Events;
  readonly store: Coverage['store'];
  readonly places: Places;
  /** Whether some of it can only be in AWS. */
  readonly inAws: boolean;
}

/**
 * Events by their ids: from the own store, and what is not there from AWS, wherever it is; the places that have
 * not answered when the last one is found are not waited for. An id means one event whenever it happened, so the
 * period bounds only how far AWS searches.
 */
export async function askEvents(
  tools: AskTools,
  question: EventsQuestion,
  stop: Stop,
  hear: AskOptions['hear'],
): Promise<Material> {
  const { events, store, noAlert } = await fromOwnStore(tools, question);
  // An alert is the own store's alone; its event may be in AWS still, but nothing here tells which it was.
  const missing = question.eventIds.filter((id) => !events.has(id) && !isAlertId(id));
  const off = noAlert ?? 'the own store has all that was asked for';
  const changed = createTeller(tools, stop.over, () => hear?.(stateOf(run)));
  const places = createPlaces({
    ...tools,
    history: missing.length === 0 ? { off } : tools.history,
    stop,
    scope: question.scope,
    lookups: () => missing.map((id) => ({ key: 'EventId', value: id })),
    found(records) {
      for (const record of records)
        if (missing.includes(record.eventId)) take(events, record, question.scope);
      if (missing.every((id) => events.has(id))) stop.enough();
    },
    changed,
  });
  const run: Run = { tools, question, events, store, places, inAws: missing.length > 0 };
  if (events.size > 0) changed();
  await places.run();
  return judged(materialOf(run), run);
}

async function fromOwnStore(tools: AskTools, { eventIds, scope }: EventsQuestion) {
  const own = await askOwnStore(tools, [], () => false);
  const events: Events = new Map();
  let noAlert = eventIds.some(isAlertId) ? 'alerts are known to the own store alone' : undefined;
  if (!tools.sql || 'off' in own.cover) return { events, store: own.cover, noAlert };
  try {
    for (const id of eventIds) {
      const found = await storedEvents(tools.sql, id, scope);
      if (found.length > 0) events.set(id, found);
      if (isAlertId(id)) noAlert = found.length > 0 ? undefined : await whyNoAlert(tools.sql, id);
    }
    return { events, store: { ...own.cover, events: [...events.values()].flat().length }, noAlert };
  } catch (error) {
    tools.log.error({ error }, 'events could not be read from the own store');
    return { events, store: unreadable(error), noAlert };
  }
}

async function whyNoAlert(sql: Sql, id: string): Promise<string> {
  if (await alertById(sql, id)) return `no event of ${id} is kept any more, or none where you asked`;
  const newest = await newestAlertId(sql);
  return `there is no alert ${id}${newest === undefined ? ', and never was one' : `; the newest is ${newest}`}`;
}

/** With what the rules say of each event; where an event is only shown, they name what was kept quiet about it. */
async function judged(material: Material, { tools: { judge }, question }: Run): Promise<Material> {
  const { events = [] } = material;
  if (!judge) return material;
  const withJudgement = events.map(async (event) =>
    question.kind === 'explain' || event.suppressed.length > 0
      ? { ...event, judgement: await judge(event.record) }
      : event,
  );
  return { ...material, events: await Promise.all(withJudgement) };
}

async function storedEvents(sql: Sql, id: string, scope: Scope): Promise<EventInFull[]> {
  const first = isAlertId(id) ? await firstRecordOf(sql, id) : undefined;
  const found = isAlertId(id) ? (first ? [first] : []) : await recordsByEventId(sql, id);
  const stored = found.filter((one) => isWithin(one, scope));
  const events = await Promise.all(stored.map((one) => readStoredEvent(sql, one)));
  return events.filter((event) => event !== undefined);
}

function take(events: Events, record: CloudTrailRecord, scope: Scope): void {
  const known = events.get(record.eventId) ?? [];
  if (!isWithin(record, scope) || known.some((event) => event.record.key === record.key)) return;
  events.set(record.eventId, [...known, { record, receivedAt: undefined, alertIds: [], suppressed: [] }]);
}

function isWithin(
  { account, region }: { account: string; region: string },
  scope: Pick<Scope, 'account' | 'region'>,
): boolean {
  return (scope.account ?? account) === account && (scope.region ?? region) === region;
}

function materialOf({ tools, question, events, store, places, inAws }: Run): Material {
  const found = question.eventIds.flatMap((id) => {
    const same = events.get(id) ?? [];
    return question.kind === 'compare' ? same.slice(0, 1) : same;
  });
  const all = question.eventIds.every((id) => events.has(id));
  const { scope } = question;
  const now = tools.clock.now();
  return {
    calls: found.map(({ record }) => callOf(record)).sort((a, b) => b.at - a.at),
    coverage: {
      scope,
      store,
      lookup: all ? answeredOnly(places.coverage()) : places.coverage(),
      blind: all || !inAws ? [] : [NO_DATA_EVENTS, ...blindIn(scope, now)],
    },
    events: found,
  };
}

/** Once all is found, the places that were not needed for it are no gap. */
function answeredOnly(lookup: Coverage['lookup']): Coverage['lookup'] {
  if ('off' in lookup) return lookup;
  const answered = lookup.places.filter(({ requests }) => requests > 0);
  return {
    ...lookup,
    places: answered.map((place) => ({ ...place, state: 'done', readBackTo: undefined, trouble: undefined })),
  };
}

function stateOf(run: Run): AskState {
  const lookup = run.places.coverage();
  const material: Material = { ...materialOf(run), unfinished: true };
  return { material, ...countsOf(lookup), left: run.places.left(), cost: undefined };
}
