import type { Millis } from '../../kernel/time.ts';
import { DAY } from '../../kernel/time.ts';
import { FOREVER, layerAt } from './layer.ts';
import type { CalendarEvent, Override, Schedule } from './schedule.ts';

/** All that decides who is on call. */
export interface Plan {
  readonly schedule: Pick<Schedule, 'zone' | 'layers'>;
  readonly overrides: readonly Override[];
  readonly events: readonly CalendarEvent[];
  /** What a person of the configuration or a calendar is called in Slack; `undefined`: unknown, as if nobody. */
  readonly known: (person: string) => string | undefined;
}

/** Who is on call, and why. */
interface Answer {
  readonly person: string;
  readonly because: 'rotation' | 'override' | 'calendar';
  readonly layer: string | undefined;
}

/** One person's stretch; its reason is that of its beginning. */
export interface Stint extends Answer {
  readonly from: Millis;
  readonly until: Millis;
}

/** One of those who say who is on call. */
type Voice = (at: Millis) => Said;
type Said = { readonly answer: Answer | undefined; readonly until: Millis };

export function onCallAt(plan: Plan, at: Millis): Answer | undefined {
  return ask(voicesOf(plan), at).answer;
}

/** Who is on call from `from` to `until`, cut to it. The same person one stretch after another is one stint. */
export function stintsBetween(plan: Plan, from: Millis, until: Millis): Stint[] {
  const voices = voicesOf(plan).map(remembering);
  const stints: Stint[] = [];
  let at = from;
  while (at < until) {
    const said = ask(voices, at);
    const end = Math.min(said.until, until);
    const last = stints.at(-1);
    if (said.answer && last?.person === said.answer.person && last.until === at) {
      stints[stints.length - 1] = { ...last, until: end };
    } else if (said.answer) stints.push({ ...said.answer, from: at, until: end });
    at = end;
  }
  return stints;
}

/**
 * The whole stint of whoever is on call at the instant, with the reason of that instant; cut where it began or ends
 * further away than `reach`.
 */
export function stintAt(plan: Plan, at: Millis, reach: Millis): Stint | undefined {
  const answer = onCallAt(plan, at);
  if (!answer) return undefined;
  return { ...answer, from: beginOf(plan, at, reach), until: endOf(plan, answer.person, at, reach) };
}

function endOf(plan: Plan, person: string, at: Millis, reach: Millis): Millis {
  const voices = voicesOf(plan).map(remembering);
  let end = at;
  while (end < at + reach) {
    const said = ask(voices, end);
    if (said.answer?.person !== person) return end;
    end = said.until;
  }
  return at + reach;
}

/** Looks back further and further: only what comes is known without looking. */
function beginOf(plan: Plan, at: Millis, reach: Millis): Millis {
  for (let back = Math.min(DAY, reach); ; back = Math.min(back * 4, reach)) {
    const begin = at - back;
    const stint = stintsBetween(plan, begin, at + 1).at(-1);
    if (back === reach || (stint && stint.from > begin)) return stint?.from ?? at;
  }
}

/** Those who go first come first. */
function voicesOf({ schedule, overrides, events, known }: Plan): Voice[] {
  return [
    overrideVoice(overrides),
    calendarVoice(events, known),
    ...schedule.layers.toReversed().map((layer): Voice => {
      return (at) => {
        const { person, until } = layerAt(layer, schedule.zone, at);
        const user = person === undefined ? undefined : known(person);
        const answer = user === undefined ? undefined : answerOf(user, 'rotation', layer.name);
        return { answer, until };
      };
    }),
  ];
}

/** The first that has somebody; until it, or one that goes before it, has something else to say. */
function ask(voices: readonly Voice[], at: Millis): Said {
  let until = FOREVER;
  for (const voice of voices) {
    const said = voice(at);
    until = Math.min(until, said.until);
    if (said.answer) return { answer: said.answer, until };
  }
  return { answer: undefined, until };
}

/** For walks: what was said holds until it says. */
function remembering(voice: Voice): Voice {
  let said: Said | undefined;
  return (at) => {
    if (!said || at >= said.until) said = voice(at);
    return said;
  };
}

/** The latest made goes first. */
function overrideVoice(overrides: readonly Override[]): Voice {
  const order = [...overrides].sort((a, b) => b.madeAt - a.madeAt || (a.id < b.id ? 1 : -1));
  return (at) => {
    const holding = order.find((one) => one.from <= at && at < one.until);
    const answer = holding && answerOf(holding.person, 'override', undefined);
    return { answer, until: nextEdge(overrides, at) };
  };
}

/** Of several at the same time: that which began last, then the shorter one. */
function calendarVoice(events: readonly CalendarEvent[], known: Plan['known']): Voice {
  const order = [...events].sort((a, b) => b.from - a.from || a.until - b.until);
  return (at) => {
    const holding = order.filter((one) => one.from <= at && at < one.until);
    const users = holding.flatMap(({ people }) => people.map(known));
    const person = users.find((user) => user !== undefined);
    const answer = person === undefined ? undefined : answerOf(person, 'calendar', undefined);
    return { answer, until: nextEdge(events, at) };
  };
}

function nextEdge(stretches: readonly { from: Millis; until: Millis }[], at: Millis): Millis {
  let next = FOREVER;
  for (const { from, until } of stretches) {
    if (from > at && from < next) next = from;
    if (until > at && until < next) next = until;
  }
  return next;
}

function answerOf(person: string, because: Answer['because'], layer: string | undefined): Answer {
  return { person, because, layer };
}
