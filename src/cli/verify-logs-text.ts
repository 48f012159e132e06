import { type Millis, sayDuration, sayUtc } from '../kernel/time.ts';
import type { Trouble } from '../questions/coverage.ts';
import { sayCount, sayNumber } from '../questions/lines.ts';
import type { Names } from '../questions/material.ts';
import { BREAK_WORDS, type Break, type BreakKind } from '../work/verify/break.ts';
import { notJudgedYet } from '../work/verify/newest.ts';
import { type ChainReport, countBreaks, type Tally } from '../work/verify/report.ts';
import type { Period } from '../work/verify/trails.ts';
import type { Verified } from '../work/verify/verify-trails.ts';
import { onOneLine, wrapped } from './columns.ts';

/** In one word: only `intact` is good news. */
type Verdict = 'broken' | 'not proved' | 'incomplete' | 'nothing proved' | 'intact';

export function verdictOf({ chains, troubles }: Verified): Verdict {
  if (chains.some((chain) => countBreaks(chain) > 0)) return 'broken';
  if (chains.some(({ unproved }) => unproved)) return 'not proved';
  if (troubles.length > 0 || chains.some(({ trouble }) => trouble)) return 'incomplete';
  return chains.some(({ proved }) => proved) ? 'intact' : 'nothing proved';
}

/** Where nobody says how many columns there are, and the fewest that anything is fitted into. */
const COLUMNS = 120;
const FEWEST_COLUMNS = 40;
/** Of each kind; JSON has all. */
const MOST_FILES = 10;

interface Found {
  readonly one: Break;
  /** `Production in eu-west-1`. */
  readonly where: string;
}

/** What somebody needs to know first stands first. */
export function verifiedText(found: Verified, names: Names, columns: number = COLUMNS): string {
  const where = ({ chain: { trail, source } }: ChainReport): string =>
    `${found.trails.length > 1 ? `${trail.name}: ` : ''}${names.account(source.account)} in ${source.region}`;
  const breaks = found.chains.flatMap((chain) => chain.breaks.map((one) => ({ one, where: where(chain) })));
  const lines = [
    verdictLine(found),
    ...subjectLines(found),
    ...kindsOf(breaks).flatMap((kind) => breakLines(kind, breaks)),
    ...notedLines('Not proved', noted(found.chains, where)),
    ...notedLines('Not verified', troubled(found, where)),
    '',
    ...countLines(found),
  ];
  const room = Math.max(FEWEST_COLUMNS, columns);
  const fitted = lines.flatMap((line) =>
    wrapped(onOneLine(line), room, (/^ */.exec(line)?.[0].length ?? 0) + 2),
  );
  return `${fitted.join('\n')}\n`;
}

function verdictLine(found: Verified): string {
  const broken = found.chains.reduce((sum, chain) => sum + countBreaks(chain), 0);
  switch (verdictOf(found)) {
    case 'broken':
      return broken === 1
        ? 'BROKEN: one file is not as CloudTrail delivered it, or is gone.'
        : `BROKEN: ${sayNumber(broken)} files are not as CloudTrail delivered them, or are gone.`;
    case 'not proved':
      return 'NOT PROVED: what was read is as CloudTrail delivered it, but digests are missing that should be there.';
    case 'incomplete':
      return 'INCOMPLETE: what was read is as CloudTrail delivered it, but not everything could be asked or read.';
    case 'nothing proved':
      return 'NOTHING PROVED: no digest was found, so that nothing can be said about the log files.';
    default:
      return 'INTACT: every log file that a digest names is as CloudTrail delivered it.';
  }
}

function subjectLines({ trails, chains, period }: Verified): string[] {
  const accounts = new Set(chains.map(({ chain }) => chain.source.account)).size;
  const regions = new Set(chains.map(({ chain }) => chain.source.region)).size;
  const named = trails.map(({ arn }) => arn).join(', ');
  return [
    trails.length === 0 ? 'No trail was found.' : `${trails.length === 1 ? 'Trail' : 'Trails'} ${named}`,
    `Delivered from ${sayUtc(period.from)} to ${sayUtc(period.to)}, ${sayCount(accounts, 'account')}, ${sayCount(regions, 'region')}.`,
  ];
}

function kindsOf(breaks: readonly Found[]): BreakKind[] {
  return [...new Set(breaks.map(({ one }) => one.kind))];
}

function breakLines(kind: BreakKind, all: readonly Found[]): string[] {
  const { title, means, remedy } = BREAK_WORDS[kind];
  const own = all.filter(({ one }) => one.kind === kind).sort((a, b) => b.one.time - a.one.time);
  const [newest, oldest] = [own[0], own.at(-1)];
  const span =
    newest && oldest && own.length > 1
      ? `, between ${sayHour(oldest.one.time)} and ${sayHour(newest.one.time)}`
      : '';
  const more = own.length - MOST_FILES;
  return [
    '',
    `${sayNumber(own.length)} × ${title}${span}`,
    `  ${means}`,
    `  To do: ${remedy}.`,
    ...own.slice(0, MOST_FILES).flatMap(fileLines),
    ...(more > 0 ? [`    … and ${sayNumber(more)} more; --json has them`] : []),
  ];
}

function fileLines({ one, where }: Found): string[] {
  const { at, said, time } = one;
  return [
    `    ${where}, hour until ${sayHour(time)}${said === '' ? '' : `; it ${said}`}`,
    `      s3://${at.bucket}/${at.key}`,
  ];
}

function sayHour(at: Millis): string {
  return `${sayUtc(at).slice(0, 16)} UTC`;
}

/** The same note of many chains is one line. */
function noted(chains: readonly ChainReport[], where: (chain: ChainReport) => string): Map<string, string[]> {
  const notes = new Map<string, string[]>();
  for (const chain of chains) {
    for (const note of [...chain.notes, ...chain.gaps.map(sayGap)]) {
      notes.set(note, [...(notes.get(note) ?? []), where(chain)]);
    }
  }
  return notes;
}

function sayGap({ from, to, backfill }: ChainReport['gaps'][number]): string {
  return `Gap between ${sayUtc(from)} and ${sayUtc(to)}${backfill ? ' (backfill)' : ''}.`;
}

function troubled(
  { chains, troubles }: Verified,
  where: (chain: ChainReport) => string,
): Map<string, string[]> {
  const said = new Map<string, string[]>();
  const add = ({ what, remedy }: Trouble, place: string): void => {
    const line = `${what.charAt(0).toUpperCase()}${what.slice(1)}.${remedy === '' ? '' : ` To do: ${remedy}.`}`;
    said.set(line, [...(said.get(line) ?? []), place]);
  };
  for (const { place, trouble } of troubles) add(trouble, place);
  for (const chain of chains) if (chain.trouble) add(chain.trouble, where(chain));
  return said;
}

const MOST_PLACES = 5;

function notedLines(title: string, notes: ReadonlyMap<string, readonly string[]>): string[] {
  if (notes.size === 0) return [];
  const lines = [...notes].flatMap(([note, places]) => {
    const more = places.length - MOST_PLACES;
    return [
      `  ${places.slice(0, MOST_PLACES).join('; ')}${more > 0 ? ` and ${more} more` : ''}`,
      `    ${note}`,
    ];
  });
  return ['', title, ...lines];
}

function countLines({ chains, period }: Verified): string[] {
  const sum = (of: (chain: ChainReport) => number | undefined): number =>
    chains.reduce((total, chain) => total + (of(chain) ?? 0), 0);
  const tally = (of: (chain: ChainReport) => Tally): string => {
    const valid = sum((chain) => of(chain).valid);
    return `${sayNumber(valid)} of ${sayNumber(valid + sum((chain) => of(chain).broken))}`;
  };
  const backfill = sum(({ backfill: { valid, broken } }) => valid + broken);
  const unread = sum((chain) => chain.unread);
  const proved = chains.flatMap((chain) => chain.proved ?? []);
  const asked = chains.some(({ unreferenced }) => unreferenced !== undefined);
  return [
    `Valid: ${tally((chain) => chain.digests)} digests, ${backfill > 0 ? `${tally((chain) => chain.backfill)} backfill digests, ` : ''}${tally((chain) => chain.logs)} log files.`,
    ...(unread > 0 ? [`${sayCount(unread, 'log file')} could not be read.`] : []),
    ...(proved.length > 0
      ? [
          `Digests cover ${sayUtc(Math.min(...proved.map(({ from }) => from)))} to ${sayUtc(Math.max(...proved.map(({ to }) => to)))}.`,
        ]
      : []),
    ...openLines(notJudgedYet(chains, period)),
    ...(asked
      ? [
          `${sayCount(
            sum((chain) => chain.unreferenced),
            'log file',
          )} that no valid digest names: they prove nothing.`,
        ]
      : []),
  ];
}

function openLines(open: Period | undefined): string[] {
  if (!open) return [];
  const { from, to } = open;
  return [
    `Not judged yet: the ${sayDuration(to - from)} after ${sayUtc(from)}. CloudTrail writes a digest each hour; that a later one was deleted shows with the next ones, within some two hours.`,
  ];
}
