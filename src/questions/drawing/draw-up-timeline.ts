import type { Answer, Line } from '../answer.ts';
import { type Call, isDenied, sayAction } from '../call.ts';
import { bold, code, cut, sayCount, sayNumber, text } from '../lines.ts';
import { sayActor, sayAddress } from '../say-names.ts';
import { type Asked, list } from './draft.ts';
import { type Run, runsOf } from './runs.ts';
import { tally } from './tally.ts';

const PAGE = 10;

/** One page of the calls, newest first; what repeats without a break is one line. */
export function drawTimeline(asked: Asked, wanted: number): Pick<Answer, 'lead' | 'parts' | 'pages'> {
  const runs = runsOf(asked.material.calls);
  const of = Math.max(1, Math.ceil(runs.length / PAGE));
  const page = Math.min(Math.max(0, Math.trunc(wanted) || 0), of - 1);
  const shown = runs.slice(page * PAGE, (page + 1) * PAGE);
  const items = shown.map((run) => drawRun(run, asked));
  return {
    lead: leadOf(runs, shown, page, asked),
    parts: list('Newest first', items),
    pages: { page, of },
  };
}

function leadOf(runs: readonly Run[], shown: readonly Run[], page: number, { material }: Asked): Line {
  const before = runs.slice(0, page * PAGE).reduce((total, { count }) => total + count, 0);
  const here = shown.reduce((total, { count }) => total + count, 0);
  const { calls } = material;
  if (here === calls.length) return [bold(sayCount(calls.length, 'call')), ...sides(calls)];
  const range =
    here === 1
      ? `Call ${sayNumber(before + 1)}`
      : `Calls ${sayNumber(before + 1)}–${sayNumber(before + here)}`;
  return [bold(range), text(` of ${sayNumber(calls.length)}`), ...sides(calls)];
}

function sides(calls: readonly Call[]): Line {
  const actors = tally(calls, ({ actor }) => actor.label).length;
  const addresses = tally(calls, ({ address }) => address).length;
  return [text(` · ${sayCount(actors, 'actor')} · ${sayCount(addresses, 'address', 'addresses')}`)];
}

function drawRun({ call, count, calls }: Run, { names }: Asked): Line {
  const targets = new Set(calls.flatMap(({ target }) => (target === undefined ? [] : [target])));
  const oldest = calls.at(-1);
  const network = call.address === undefined ? [] : [text(' from '), ...sayAddress(call.address, names)];
  return [
    { at: call.at, form: 'date and time' },
    text('  '),
    bold(sayAction(call)),
    ...(count > 1 ? [bold(` × ${sayNumber(count)}`)] : []),
    text('  '),
    code(sayActor(call.actor.label, names)),
    ...(call.target === undefined ? [] : [text(' → '), code(call.target, 60)]),
    ...(targets.size > 1 ? [text(` and ${sayNumber(targets.size - 1)} more`)] : []),
    ...network,
    ...outcomeOf(call),
    ...copiesOf(call, names),
    ...(count > 1 && oldest && oldest.at !== call.at
      ? [text(' · since '), { at: oldest.at, form: 'time' as const }]
      : []),
  ];
}

/** Copies of the call that are counted with it. */
function copiesOf({ alsoIn = [] }: Call, names: Asked['names']): Line {
  if (alsoIn.length === 0) return [];
  const accounts = alsoIn.slice(0, 3).map((id) => cut(names.account(id), 40));
  return [text(` · seen by ${alsoIn.length > 1 ? 'all' : 'both'} accounts (also ${accounts.join(', ')})`)];
}

function outcomeOf({ errorCode }: Call): Line {
  if (errorCode === undefined) return [];
  if (!isDenied(errorCode)) return [text(` · ${cut(errorCode, 60)}`)];
  return [text(' · '), bold('denied')];
}
