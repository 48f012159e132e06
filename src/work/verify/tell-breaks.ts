import { sha256 } from '../../cloudtrail/digest.ts';
import type { OwnEvent } from '../../cloudtrail/own-event.ts';
import { HOUR, type Millis, sayUtc } from '../../kernel/time.ts';
import { BREAK_WORDS, type Break } from './break.ts';
import { type ChainReport, countBreaks } from './report.ts';
import type { Verified } from './verify-trails.ts';

export interface TellOptions {
  readonly at: Millis;
  /** What an account is called, else its id. */
  readonly accountName: (account: string) => string;
  /** Where the bot is: for what is about no account. */
  readonly home: { readonly account: string; readonly region: string };
}

/** An alert groups what belongs together; more than these would only hide the rest of the day. */
const MOST_EVENTS = 100;
/** CloudTrail may deliver digests late and in any order: a younger hole may close by itself. */
const SETTLED: Millis = 6 * HOUR;

/**
 * The breaks that a check has found, as events of the bot's own: one for each, with the same id whenever it is found
 * again. When there are very many, one a day tells the number of the rest.
 */
export function breakEventsOf({ chains, period }: Verified, options: TellOptions): OwnEvent[] {
  const breaks = chains.flatMap((chain) =>
    chain.breaks
      .filter((one) => isSure(chain, one, period.to))
      .map((one) => () => breakEvent(chain, one, options)),
  );
  const rest = breaks.length - MOST_EVENTS + chains.reduce((sum, { moreBreaks }) => sum + moreBreaks, 0);
  return [
    ...breaks.slice(0, MOST_EVENTS).map((event) => event()),
    ...chains
      .filter((chain) => countBreaks(chain) > 0 && rest > 0)
      .slice(0, 1)
      .map((chain) => restEvent(chain, rest, options)),
  ];
}

function isSure(chain: ChainReport, { kind, time }: Break, now: Millis): boolean {
  if (kind === 'newest missing') return isSettled(chain, now);
  return kind !== 'digest missing' || now - time > SETTLED;
}

/** Whether what comes after the newest digest of a chain should be there by now. */
export function isSettled({ newest = 0 }: ChainReport, now: Millis): boolean {
  return now - newest > SETTLED;
}

function breakEvent({ chain }: ChainReport, { kind, at, time, said }: Break, options: TellOptions): OwnEvent {
  const { trail, source } = chain;
  const { title, means, remedy } = BREAK_WORDS[kind];
  const file = `s3://${at.bucket}/${at.key}`;
  return {
    name: 'LogIntegrityBroken',
    // The newest digests have no name of their own: each day that they are gone is news.
    id: sha256(Buffer.from([kind, file, kind === 'newest missing' ? time : ''].join('|'))).slice(0, 32),
    at: options.at,
    account: source.account,
    region: source.region,
    details: {
      kind,
      title,
      trail: trail.name,
      place: `${options.accountName(source.account)} in ${source.region}`,
      file,
      hour: `until ${sayUtc(time)}`,
      seen: said === '' ? null : `it ${said}`,
      means,
      remedy,
    },
  };
}

function restEvent({ chain }: ChainReport, rest: number, options: TellOptions): OwnEvent {
  const { trail, source } = chain;
  const day = sayUtc(options.at).slice(0, 10);
  return {
    name: 'LogIntegrityBroken',
    id: sha256(Buffer.from(['more', trail.arn, rest, day].join('|'))).slice(0, 32),
    at: options.at,
    account: source.account,
    region: source.region,
    details: {
      kind: 'more',
      title: `${rest} more files are not as CloudTrail delivered them, or are gone`,
      trail: trail.name,
      place: `${options.accountName(source.account)} in ${source.region} and others`,
      file: null,
      hour: null,
      seen: null,
      means: 'There are more broken files than are told one by one.',
      remedy: 'run trailbot verify-logs --json, which names every file',
    },
  };
}
