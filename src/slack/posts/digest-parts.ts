import type { types } from '@slack/bolt';
import type { Disposition } from '../../alerts/alert.ts';
import type { Digest, NoisyRule, Suggestion } from '../../work/digest/digest.ts';
import { bullets, codeLeaf, type Leaf, label, leaf, richText, sayCount, words } from '../text.ts';

/** `root-api-use: 41 alerts, 120 events; all resolved as expected …`. */
export function noisyLine({ rule, alerts, events, suggestion }: NoisyRule): Leaf[] {
  const count = events > alerts ? `, ${sayCount(events)} events` : '';
  const numbers = words(`: ${sayCount(alerts)} ${alerts === 1 ? 'alert' : 'alerts'}${count}`);
  return [codeLeaf(rule, 80), numbers, ...(suggestion ? advice(suggestion) : [])];
}

const OUTCOMES: Readonly<Record<Disposition, string>> = {
  true_positive: 'true positive',
  expected: 'expected',
  false_positive: 'false positive',
  test: 'test',
};

function advice({ why, actor }: Suggestion): Leaf[] {
  if (why === 'unattended') {
    return [
      words('. Nobody ever acted on them: send them to somebody who does, or lower the level of the rule.'),
    ];
  }
  const resolved = `, all resolved as ${OUTCOMES[why]}`;
  if (actor === undefined) return [words(`${resolved}, by several actors: add a filter to the rule.`)];
  return [words(`${resolved}, all of `), leaf(actor, 100), words(': mute that actor, or add a filter.')];
}

/** What stands nowhere else: a line for each rule and actor. A table would be wider than a phone. */
export function lowPart({ low }: Digest): types.AnyBlock[] {
  if (low.lines.length === 0) return [];
  const lines = low.lines.map(({ rule, actor, events }) => [
    codeLeaf(rule, 60),
    words(' by '),
    leaf(actor, 60),
    words(`: ${sayCount(events)} ${events === 1 ? 'event' : 'events'}`),
  ]);
  const more =
    low.more > 0 ? [richText([[words(`${sayCount(low.more)} further events are not listed.`)]])] : [];
  return [
    richText([[label('Low'), words('posted nowhere else; /trail alerts lists what is open')]]),
    bullets(lines),
    ...more,
  ];
}

/** Rules that nobody acts on, what became of alerts, and who carried them. */
export function weekParts({ week }: Digest): types.AnyBlock[] {
  if (!week) return [];
  const outcomes = week.outcomes.map(({ rule, outcomes }) => [
    codeLeaf(rule, 80),
    words(`: ${outcomes.map(([one, number]) => `${sayCount(number)} ${OUTCOMES[one]}`).join(', ')}`),
  ]);
  const carried = week.carried.map(({ who, alerts, resolved }) => [
    leaf(who, 80),
    words(`: ${sayCount(alerts)} ${alerts === 1 ? 'alert' : 'alerts'}, ${sayCount(resolved)} resolved`),
  ]);
  return [
    ...part(
      'Never acted on',
      week.unattended.map(({ rule, alerts, events }) => noisyLine({ rule, alerts, events })),
    ),
    ...part('Resolved as', outcomes),
    ...part('Carried by', carried),
  ];
}

function part(name: string, lines: readonly (readonly Leaf[])[]): types.AnyBlock[] {
  return lines.length === 0 ? [] : [richText([[label(name)]]), bullets(lines)];
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['mute', 'by mutes'],
  ['window', 'by mute windows'],
  ['inhibition', 'behind graver alerts'],
  ['silence', 'by silences of the configuration'],
  ['quiet', 'shortly after they were resolved'],
  ['confirmed', 'because somebody said it was them'],
]);

/** How many matches alerted nobody, and why. */
export function hiddenLine({ hidden }: Digest): Leaf[] {
  const parts = hidden.map(([kind, number]) => `${sayCount(number)} ${REASONS.get(kind) ?? kind}`);
  const byMutes = hidden.some(([kind]) => kind === 'mute');
  return [
    label('Hidden'),
    words(`${parts.join(', ')}.${byMutes ? ' /trail mutes lists the mutes that hold.' : ''}`),
  ];
}
