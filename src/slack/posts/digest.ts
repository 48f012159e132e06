import type { types } from '@slack/bolt';
import { type Millis, sayDuration } from '../../kernel/time.ts';
import { type Digest, digestIn, type NamedAlert, type Pace } from '../../work/digest/digest.ts';
import type { Message } from '../alert-message.ts';
import { lookOf, severity } from '../look.ts';
import {
  bullets,
  dateLeaf,
  type Leaf,
  label,
  leaf,
  plain,
  pushText,
  richText,
  sayCount,
  urlLeaf,
  words,
} from '../text.ts';
import { hiddenLine, lowPart, noisyLine, weekParts } from './digest-parts.ts';
import type { Scene } from './drawing.ts';

const NAMES = { daily: 'Daily digest', weekly: 'Weekly digest' } as const;

/** What happened in a channel, and what is still open. Content: `digest`, as work/digest writes it. */
export function drawDigest({ content }: Scene): Message {
  const digest = digestIn(content);
  const { kind, open, opened } = digest;
  const number = open.reduce((sum, one) => sum + one.number, 0);
  const text = pushText(`${NAMES[kind]}: ${sayCount(number)} open, ${sayCount(opened)} new`);
  if (isEmpty(digest)) return { text, blocks: [richText([quiet(digest)])] };
  const blocks: types.AnyBlock[] = [
    { type: 'header', text: plain(NAMES[kind], 150) },
    richText([period(digest), ...newLines(digest)]),
    ...openPart(digest),
    ...leftPart(digest),
    ...noisyPart(digest),
    ...lowPart(digest),
    ...weekParts(digest),
    ...(digest.hidden.length > 0 ? [richText([hiddenLine(digest)])] : []),
  ];
  return { text, blocks };
}

function isEmpty({ open, opened, low, hidden, resolved }: Digest): boolean {
  return open.length + opened + low.lines.length + hidden.length === 0 && !resolved;
}

function quiet(digest: Digest): Leaf[] {
  return [
    label(NAMES[digest.kind]),
    words('No alert is open, and none opened since '),
    when(digest.from),
    words('. /trail status says whether events arrive.'),
  ];
}

function period({ from, until }: Digest): Leaf[] {
  return [words('From '), when(from), words(' to '), when(until), words('.')];
}

function when(at: Millis): Leaf {
  return dateLeaf(at, '{date_short_pretty} {time}');
}

function newLines({ opened, acknowledged, resolved }: Digest): Leaf[][] {
  const fresh =
    opened === 0 ? 'no new alert' : `${sayCount(opened)} new ${opened === 1 ? 'alert' : 'alerts'}`;
  return [[label('New'), words(fresh)], ...pace('Acknowledged', acknowledged), ...pace('Resolved', resolved)];
}

function pace(name: string, measured: Pace | undefined): Leaf[][] {
  if (!measured) return [];
  const { number, median } = measured;
  const after = number === 1 ? `after ${sayDuration(median)}` : `half of them within ${sayDuration(median)}`;
  return [[label(name), words(`${sayCount(number)}, ${after}`)]];
}

function openPart({ open, madeAt }: Digest): types.AnyBlock[] {
  if (open.length === 0) return [richText([[label('Open'), words('nothing')]])];
  const lines = open.map(({ level, number, oldest }) => [
    words(`${lookOf({ level, state: 'firing', snoozedUntil: undefined }).sign} `),
    leaf(`${sayCount(number)} ${severity(level)}`, 40, { bold: true }),
    words(number === 1 ? ': ' : ', the oldest: '),
    ...named(oldest),
    words(`, ${sayDuration(madeAt - oldest.openedAt)} old`),
  ]);
  return [richText([[label('Open')]]), bullets(lines)];
}

function leftPart({ left }: Digest): types.AnyBlock[] {
  if (left.number === 0) return [];
  const lines = left.alerts.map((alert) => [
    ...named(alert),
    ...(alert.who === undefined ? [] : [words(' · '), leaf(alert.who, 80)]),
  ]);
  const more = left.number - lines.length;
  const rest = more > 0 ? [[words(`and ${sayCount(more)} more`)]] : [];
  return [
    richText([[label('Acknowledged for more than 4 h, and still open')]]),
    bullets([...lines, ...rest]),
  ];
}

function named({ id, title, link }: NamedAlert): Leaf[] {
  return [link === undefined ? words(id) : urlLeaf(link, id), words(' '), leaf(title, 120)];
}

function noisyPart(digest: Digest): types.AnyBlock[] {
  if (digest.noisy.length === 0) return [];
  return [richText([[label('Noisiest rules')]]), bullets(digest.noisy.map(noisyLine))];
}
