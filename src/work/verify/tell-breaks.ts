import { sha256 } from '../../cloudtrail/digest.ts';
import type { OwnEvent } from '../../cloudtrail/own-event.ts';
import { HOUR, type Millis, sayUtc } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import { BREAK_WORDS, type Break } from './break.ts';
import type { ChainReport } from './report.ts';
import type { Verified } from './verify-trails.ts';

interface TellOptions {
  readonly at: Millis;
  /** What an account is called, else its id. */
  readonly accountName: (account: string) => string;
}

/** An alert groups what belongs together; more than these would only hide the rest of the day. */
const MOST_EVENTS = 100;
/** CloudTrail may deliver digests late and in any order: a younger hole may close by itself. */
const SETTLED: Millis = 6 * HOUR;

/**
 * What a check has found, as events of the bot's own: one for each break, with the same id whenever it is found
 * again, and one a day for each trail that could not be verified.
 */
export function ownEventsOf({ chains }: Verified, options: TellOptions): OwnEvent[] {
  const breaks = chains.flatMap((chain) =>
    chain.breaks.filter((one) => isSure(one, options.at)).map((one) => breakEvent(chain, one, options)),
  );
  const unread = new Map(
    chains.flatMap((chain) => (chain.trouble ? [[chain.chain.trail.arn, chain] as const] : [])),
  );
  return [
    ...breaks.slice(0, MOST_EVENTS),
    ...[...unread.values()].flatMap((chain) =>
      chain.trouble ? [unreadEvent(chain, chain.trouble, options)] : [],
    ),
  ];
}

function isSure({ kind, time }: Break, now: Millis): boolean {
  return kind !== 'digest missing' || now - time > SETTLED;
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

function unreadEvent({ chain }: ChainReport, { what, remedy }: Trouble, options: TellOptions): OwnEvent {
  const { trail, source } = chain;
  const day = sayUtc(options.at).slice(0, 10);
  return {
    name: 'LogIntegrityBroken',
    id: sha256(Buffer.from(['not verified', trail.arn, day].join('|'))).slice(0, 32),
    at: options.at,
    account: trail.account,
    region: trail.homeRegion,
    details: {
      kind: 'not verified',
      trail: trail.name,
      place: `${options.accountName(source.account)} in ${source.region}`,
      reason: what,
      remedy,
    },
  };
}
