import fc from 'fast-check';
import { readRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { DAY, type Millis, sayInstant, sayUtc } from '../../src/kernel/time.ts';
import type { Answer, Line, Part, View } from '../../src/questions/answer.ts';
import { type Call, callOf } from '../../src/questions/call.ts';
import type { Coverage } from '../../src/questions/coverage.ts';
import { drawUp } from '../../src/questions/drawing/draw-up.ts';
import type { Material } from '../../src/questions/material.ts';
import { networkNames } from '../../src/questions/networks.ts';
import type { Question, Scope } from '../../src/questions/question.ts';
import { record } from '../support/records.ts';

/** When the questions of these tests are asked. */
export const NOW: Millis = Date.UTC(2026, 10, 20, 11, 46);
export const SCOPE: Scope = { period: { from: NOW - 30 * DAY, to: NOW, said: 'last 30 days' } };

const NAMES = {
  account: (id: string) => (id === '111122223333' ? 'Production' : id),
  networks: networkNames(new Map([['office_network', ['198.51.100.0/24']]])),
};

export function call(at: Millis, overrides: JsonObject = {}): Call {
  const read = readRecord(record({ eventTime: sayInstant(at).replace(/\.\d+Z/, 'Z'), ...overrides }));
  if ('unreadable' in read) throw new Error(read.unreadable);
  return callOf(read);
}

export function coverage(changes: Partial<Coverage> = {}): Coverage {
  return {
    scope: SCOPE,
    store: { since: 0, events: 10, stored: 1_204_233, waiting: 0, truncated: false, took: 41 },
    lookup: { places: [place('done')], took: 900 },
    blind: [],
    ...changes,
  };
}

export function place(state: 'done' | 'partial' | 'failed') {
  return { account: '111122223333', region: 'us-east-1', state, requests: 3, events: 9, throttled: 0 };
}

/** The answer to a question; the calls in any order. */
export function answer(
  question: Question,
  found: Partial<Material>,
  view: View = { kind: 'summary' },
): Answer {
  const calls = [...(found.calls ?? [])].sort((one, other) => other.at - one.at);
  return drawUp(question, view, { coverage: coverage(), ...found, calls }, NAMES, NOW);
}

/** A line as a terminal would print it, dates in UTC. */
export function say(line: Line): string {
  return line
    .map((span) => {
      if ('text' in span) return span.text;
      if ('keyId' in span) return `${span.keyId.slice(0, 4)}…${span.keyId.slice(-8)}`;
      const utc = sayUtc(span.at).slice(0, 16);
      return span.form === 'date' ? utc.slice(0, 10) : span.form === 'time' ? utc.slice(11) : utc;
    })
    .join('');
}

/** Title, lead and all parts, a line each. */
export function sayAll({ title, lead, parts }: Answer): string {
  return [say(title), say(lead), ...parts.flatMap(sayPart)].join('\n');
}

function sayPart(part: Part): string[] {
  switch (part.kind) {
    case 'lines':
      return part.lines.map(say);
    case 'list':
      return [part.title, ...part.items.map(say)];
    case 'table':
      return [part.title, ...part.rows.map((row) => row.map(say).join(' | '))];
    case 'chart':
      return [part.title, part.labels.join(' ')];
    case 'code':
      return [part.title, part.text];
  }
}

export function tableOf({ parts }: Answer): string[][] {
  const found = parts.find((part) => part.kind === 'table');
  if (!found) throw new Error('the answer has no table');
  return found.rows.map((row) => row.map(say));
}

export function chartOf({ parts }: Answer): Extract<Part, { kind: 'chart' }> | undefined {
  return parts.find((part) => part.kind === 'chart');
}

export function listOf({ parts }: Answer, title: string): string[] {
  const found = parts.find((part) => part.kind === 'list' && part.title.startsWith(title));
  return found?.kind === 'list' ? found.items.map(say) : [];
}

/** The words of the buttons for further questions. */
export function labels({ follow }: Answer): string[] {
  return follow.map(({ label }) => say(label));
}

/** Short text of what is hard to carry: quotes, line ends, signs of formulas and markup, halves of letters. */
export const awkward: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(...'"\',;=+-@\t\r\n<>&*`~|/[]{}()a1é \u0000\u001b\u202e\u200b', '🙂', '\ud800', 'AKIA'),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));
