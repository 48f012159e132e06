import { MINUTE, type Millis } from '../../kernel/time.ts';
import type { Line, Part } from '../answer.ts';
import { type Call, isDenied, sayAction } from '../call.ts';
import { bold, code, cut, sayAgo, sayCount, sayNumber, text } from '../lines.ts';
import type { ActivityQuestion } from '../question.ts';
import { sayActor, sayAddress } from '../say-names.ts';
import { countOf, seenCell } from './cells.ts';
import { type Asked, type Draft, list, table } from './draft.ts';
import { drawChart } from './draw-up-chart.ts';
import { drawNews } from './draw-up-news.ts';
import { followActor, followAddress, followKey } from './follow.ts';
import { findNews } from './news.ts';
import { sum, type Tally, tally } from './tally.ts';

const MOST_ROWS = 10;
const MOST_DETAILED = 5;
const MOST_ACTIONS = 5;
/** So many different actions denied to one actor is no misconfigured job any more. */
const ENUMERATION = 10;

/** Denied and failed calls: by actor, then what each was refused. */
export function drawUpErrors(whole: Asked<ActivityQuestion>): Draft {
  const failed = whole.material.calls.filter(({ errorCode }) => errorCode !== undefined);
  const asked = { ...whole, material: { ...whole.material, calls: failed } };
  const actors = tally(failed, ({ actor }) => actor.label).sort(byDenied);
  const { period } = asked.question.scope;
  return {
    lead: leadOf(actors, asked),
    parts: [
      drawTable(actors, asked),
      ...list('Who was refused what', detailsOf(actors, asked)),
      ...drawNews(findNews(asked), asked),
      ...drawChart(failed, period, {
        names: ['failed otherwise', 'denied'],
        second: ({ errorCode }) => isDenied(errorCode),
      }),
    ],
    follow: actors
      .slice(0, 3)
      .flatMap(({ calls: [call] }) =>
        call
          ? [
              ...followKey(call.keyId, period),
              ...followActor(call, period),
              ...followAddress(call.address, period),
            ]
          : [],
      ),
  };
}

function byDenied(one: Tally, other: Tally): number {
  return other.denied - one.denied || other.failed - one.failed || other.last - one.last;
}

/** The different actions that one actor was denied. */
function deniedActions({ calls }: Tally): Tally[] {
  return tally(calls, (call) => (isDenied(call.errorCode) ? sayAction(call) : undefined));
}

function leadOf(actors: readonly Tally[], { material, now, names }: Asked): Line {
  const all = sum('', material.calls);
  const counts: Line = [bold(sayFailures(all)), text(` by ${sayCount(actors.length, 'actor')}. `)];
  const suspect = actors.find((one) => deniedActions(one).length >= ENUMERATION);
  if (suspect) {
    const kinds = deniedActions(suspect).length;
    const { first, last } = sum(
      '',
      suspect.calls.filter(({ errorCode }) => isDenied(errorCode)),
    );
    const minutes = Math.max(1, Math.ceil((last - first) / MINUTE));
    const within = minutes <= 120 ? ` within ${minutes} min` : '';
    return [
      ...counts,
      code(sayActor(suspect.key, names)),
      bold(
        ` was denied ${sayNumber(kinds)} different actions${within}: somebody may be trying out what these credentials can do.`,
        200,
      ),
      text(' From '),
      ...sayAddress(suspect.calls[0]?.address, names),
      text(`, last ${sayAgo(last, now)}.`),
    ];
  }
  const [most] = actors;
  const top = most && (most.denied > 0 ? deniedActions(most)[0] : tally(most.calls, sayAction)[0]);
  if (!most || !top) return counts;
  return [
    ...counts,
    text('Most: '),
    code(sayActor(most.key, names)),
    text(`, ${top.key} × ${sayNumber(top.calls.length)}, last ${sayAgo(most.last, now)}.`),
  ];
}

function drawTable(actors: readonly Tally[], { names, now }: Asked): Part {
  const shown = actors.length > MOST_ROWS + 1 ? actors.slice(0, MOST_ROWS) : actors;
  const rest = actors.slice(shown.length);
  const rows = shown.map((one): Line[] => [[text(sayActor(one.key, names))], ...numbersOf(one, now)]);
  if (rest.length > 0) {
    const others = sum(
      '',
      rest.flatMap(({ calls }) => calls),
    );
    rows.push([[text(`${sayNumber(rest.length)} more actors`)], ...numbersOf(others, now)]);
  }
  return table('By actor', ['Who', 'Failed#', 'Actions#', 'Seen'], rows);
}

function numbersOf(one: Tally, now: Millis): Line[] {
  const actions = new Set(one.calls.map(sayAction)).size;
  return [countOf(one.failed, one.denied, 'denied'), [text(sayNumber(actions))], seenCell(one, now)];
}

function detailsOf(actors: readonly Tally[], { names }: Asked): Line[] {
  return actors.slice(0, MOST_DETAILED).map((one) => {
    const kinds = tally(one.calls, (call) => `${sayAction(call)} ${call.errorCode ?? ''}`);
    const shown = kinds.slice(0, MOST_ACTIONS).map((kind) => detail(kind.calls));
    const rest = kinds.length - shown.length;
    const more: Line = rest > 0 ? [text(`, ${sayNumber(rest)} more`)] : [];
    return [
      code(sayActor(one.key, names)),
      text('  '),
      ...shown.flatMap((line, at) => (at === 0 ? line : [text(', '), ...line])),
      ...more,
    ];
  });
}

function detail([call, ...others]: readonly Call[]): Line {
  if (!call) return [];
  const times = others.length > 0 ? ` × ${sayNumber(others.length + 1)}` : '';
  return [bold(sayAction(call)), text(` ${cut(call.errorCode ?? '', 60)}${times}`)];
}

/** `61 denied calls`, `3 failed calls`, `61 denied calls and 3 that failed otherwise`. */
function sayFailures({ denied, failed }: Tally): string {
  if (denied === 0) return sayCount(failed, 'failed call');
  const others = failed > denied ? ` and ${sayNumber(failed - denied)} that failed otherwise` : '';
  return `${sayCount(denied, 'denied call')}${others}`;
}
