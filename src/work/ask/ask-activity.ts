import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { callOf } from '../../questions/call.ts';
import { type Cost, costOf, sayCost } from '../../questions/cost.ts';
import { type Coverage, wasAsked } from '../../questions/coverage.ts';
import type { Material } from '../../questions/material.ts';
import { blindIn, type Plan, planOf } from '../../questions/plan.ts';
import type { ActivityQuestion } from '../../questions/question.ts';
import { createFound, type Found } from './ask-found.ts';
import { createKeyFacts, type KeyFacts, storedEventsOf } from './ask-key.ts';
import { askOwnStore, type OwnStore, shareBefore } from './ask-own-store.ts';
import { createPlaces, type Places } from './ask-places.ts';
import { createTeller } from './ask-progress.ts';
import { type AskOptions, type AskState, type AskTools, countsOf } from './ask-state.ts';
import type { Stop } from './ask-stop.ts';

/** Everything that is found out for one question, while it is found out. */
interface Run {
  readonly tools: AskTools;
  readonly question: ActivityQuestion;
  readonly plan: Plan;
  readonly found: Found;
  readonly places: Places;
  readonly key: KeyFacts | undefined;
  own: OwnStore | undefined;
}

/** Whose or what activity: own store and LookupEvents at the same time, each call once. */
export async function askActivity(
  tools: AskTools,
  question: ActivityQuestion,
  stop: Stop,
  hear: AskOptions['hear'],
): Promise<Material> {
  const plan = planOf(question);
  const found = createFound(plan.keep);
  const tell = createTeller(tools, stop.over, () => hear?.(stateOf(run)));
  // The own store answers in a moment, and its answer is worth more than the number of places.
  const changed = () => (run.own ? tell() : undefined);
  const places = createPlaces({
    ...tools,
    stop,
    scope: question.scope,
    lookups: plan.lookups,
    cutAt: found.cutAt,
    shareBefore: (place, at) =>
      run.own ? shareBefore(run.own, question.scope.period, place, at) : undefined,
    found(records: readonly CloudTrailRecord[]) {
      found.add(records.map((record) => callOf(record)));
      run.key?.saw(records);
    },
    changed,
  });
  const asking = { tools, keyId: question.value, stop, calls: found.calls, changed };
  const key = question.kind === 'key' ? createKeyFacts(asking) : undefined;
  const run: Run = { tools, question, plan, found, places, key, own: undefined };

  await Promise.all([
    Promise.all([readOwnStore(run, changed), places.run()]).then(() => key?.sawAll()),
    key?.run(),
  ]);
  return materialOf(run);
}

async function readOwnStore(run: Run, changed: () => void): Promise<void> {
  const { tools, plan, question } = run;
  run.own = await askOwnStore(tools, plan.stored, plan.keep);
  run.found.add(run.own.calls);
  changed();
  if (run.key && !('off' in run.own.cover)) {
    run.key.saw(await storedEventsOf(tools, question.value));
  }
}

function materialOf(run: Run): Material {
  const calls = run.found.calls();
  return { calls, coverage: coverageOf(run), ...run.key?.known() };
}

function coverageOf({ tools, question, plan, found, places, key, own }: Run): Coverage {
  const lookup = places.coverage();
  const asked = wasAsked(lookup);
  const { count, reason } = places.unreadable();
  return {
    scope: question.scope,
    store: own?.cover ?? { off: 'it is still being read' },
    lookup,
    cutAt: found.cutAt(),
    unreadable: count,
    blind: [
      ...(count > 0 ? [`${count} of the events that AWS gave cannot be read (${reason}).`] : []),
      ...(key?.blind() ?? []),
      ...(asked ? [...plan.blind, ...blindIn(question.scope, tools.clock.now())] : []),
      ...(key?.spent() ?? []),
    ],
  };
}

function stateOf(run: Run): AskState {
  const material: Material = { ...materialOf(run), unfinished: true };
  const cost = costAt(run);
  return {
    material,
    ...countsOf(material.coverage.lookup),
    left: run.places.left(),
    cost: cost && sayCost(cost),
  };
}

/** `undefined` while it is not known which places will be asked, and what the own store has. */
function costAt({ places, question, own }: Run): Cost | undefined {
  const asked = places.asked();
  return own && asked.length > 0 ? costOf(asked, question.scope.period, own) : undefined;
}
