import type { EventsQuestion } from '../question.ts';
import { readScope } from './read-scope.ts';
import type { Setting } from './reader.ts';
import { type Asked, askAbout, type Reading, readStrictly } from './reading.ts';
import { thingOf } from './things.ts';
import { readValue } from './values.ts';
import type { Word } from './words.ts';

type Kind = EventsQuestion['kind'];

const MOST_COMPARED = 5;
const EXAMPLE_EVENTS = ['3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11', '8d1f2c3b-6a5e-4f70-8b9a-1c2d3e4f5a6b'];

/** `event ID`, `compare ID ID…`: ids, with or without commas between them. */
export function readEvents(kind: Kind, words: readonly Word[], setting: Setting): Reading {
  const parts = words.flatMap((word) => (word.quoted ? [word] : apart(word)));
  const isEvent = ({ text }: Word): boolean =>
    thingOf(text)?.kind === 'event' || (kind === 'explain' && ALERT.test(text));
  const ids = [...new Set(parts.filter(isEvent).map(idOf))];
  const others = parts.filter((word) => !isEvent(word));
  const [odd] = readScope(others, setting).rest;
  const { narrowing, mistake } = readStrictly(others, 0, setting);
  const wrong = eventMistake(kind, ids, odd);
  const thing = ids.length === 0 && odd ? readValue('who', odd).thing : undefined;
  if (thing && thing.kind !== 'anything') return { asked: askAbout(thing), narrowing, mistake: wrong };
  return { asked: eventsAsked(kind, ids), narrowing, mistake: wrong ?? mistake };
}

const ALERT = /^a-\d{1,15}$/i;

/** Events are written in lower case, alerts as `A-1042`. */
function idOf({ lower }: Word): string {
  return ALERT.test(lower) ? lower.toUpperCase() : lower;
}

/** `ID,ID`. */
function apart(word: Word): Word[] {
  return word.text
    .split(',')
    .filter((text) => text !== '')
    .map((text) => ({ text, lower: text.toLowerCase(), quoted: false }));
}

const NEEDED: Readonly<Record<Kind, string>> = {
  event: 'After “event” goes an event id',
  explain: 'After “explain” goes the id of an event or of an alert',
  compare: 'After “compare” go two to five event ids',
};

function eventMistake(kind: Kind, ids: readonly string[], odd: Word | undefined): string | undefined {
  if (ids.length === 0) {
    if (odd) return `${odd.text.slice(0, 80)} is no event id`;
    return NEEDED[kind];
  }
  if (kind === 'explain') return ids.length > 1 ? 'One event is explained at a time' : undefined;
  if (kind === 'event')
    return ids.length > 1 ? 'One event is shown at a time; several are compared' : undefined;
  if (ids.length === 1) return 'To compare takes two different event ids at least';
  return ids.length > MOST_COMPARED ? `At most ${MOST_COMPARED} events are compared` : undefined;
}

function eventsAsked(kind: Kind, ids: readonly string[]): Asked {
  const [id] = ids;
  if (kind === 'explain') return { kind, eventIds: [id ?? EXAMPLE_EVENTS[0] ?? ''] };
  if (ids.length > 1) return { kind: 'compare', eventIds: ids.slice(0, MOST_COMPARED) };
  if (id !== undefined) return { kind: 'event', eventIds: [id] };
  return { kind, eventIds: kind === 'event' ? EXAMPLE_EVENTS.slice(0, 1) : EXAMPLE_EVENTS };
}
