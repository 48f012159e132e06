import { sha256 } from '../../cloudtrail/digest.ts';
import type { OwnEvent } from '../../cloudtrail/own-event.ts';
import { sayUtc } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import { type ChainReport, countBreaks } from './report.ts';
import { isSettled, type TellOptions } from './tell-breaks.ts';
import type { Trail } from './trails.ts';
import type { Verified } from './verify-trails.ts';

/** Why nobody knows whether log files were changed. */
interface Unknown {
  /** What the same is told once a day for. */
  readonly cause: string;
  readonly trail: string;
  readonly places: readonly string[];
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly reason: string;
  readonly remedy: string;
}

/** Places that are named. */
const MOST_PLACES = 5;
const ALL_TRAILS = 'every trail';

/** What a check could not see, as events of the bot's own: one for each cause, with an id that is the same all day. */
export function unknownEventsOf(found: Verified, options: TellOptions): OwnEvent[] {
  const byCause = new Map<string, Unknown>();
  for (const one of unknowns(found, options)) {
    const known = byCause.get(one.cause);
    byCause.set(one.cause, { ...(known ?? one), places: [...(known?.places ?? []), ...one.places] });
  }
  return [...byCause.values()].map((one) => eventOf(one, options));
}

/** Nothing at all could be asked. */
export function nothingVerifiedEvent(trouble: Trouble, options: TellOptions): OwnEvent {
  return eventOf(troubleAt('AWS', trouble), options);
}

function unknowns({ trails, chains, troubles, period }: Verified, options: TellOptions): Unknown[] {
  const unread = chains.flatMap((chain) => (chain.trouble ? [troubleOf(chain, chain.trouble, options)] : []));
  const unproved = chains
    .filter((chain) => chain.unproved && isSettled(chain, period.to))
    .map((chain) => unprovedOf(chain, options));
  const empty = trails.flatMap((trail) => {
    const own = chains.filter(({ chain }) => chain.trail.arn === trail.arn);
    return own.length > 0 && own.every(saysNothing) ? [emptyOf(trail, options)] : [];
  });
  const none = trails.length === 0 && troubles.length === 0 ? [noTrail()] : [];
  const unasked = troubles.map(({ place, trouble }) => {
    const trail = trails.find(({ name }) => name === place);
    return { ...troubleAt(place, trouble), ...(trail && ofTrail(trail)) };
  });
  return [...unasked, ...unread, ...empty, ...unproved, ...none];
}

function saysNothing(chain: ChainReport): boolean {
  return !chain.proved && !chain.trouble && countBreaks(chain) === 0;
}

function troubleOf({ chain }: ChainReport, { what, remedy }: Trouble, options: TellOptions): Unknown {
  const { trail, source } = chain;
  const places = [`${options.accountName(source.account)} in ${source.region}`];
  return { ...ofTrail(trail), cause: `unread|${trail.arn}`, places, reason: what, remedy };
}

function unprovedOf({ chain }: ChainReport, options: TellOptions): Unknown {
  const { trail, source } = chain;
  const [reason, remedy] = trail.ofOrganization
    ? [
        'members of the organization have no digests where others have some',
        'look whether these accounts are still in the organization; if they are, look up who deleted from the bucket',
      ]
    : [
        'CloudTrail says that it delivered a later digest than the newest one there',
        'run trailbot verify-logs; if it says the same, look up who deleted from the bucket',
      ];
  const places = [`${options.accountName(source.account)} in ${source.region}`];
  return { ...ofTrail(trail), cause: `unproved|${trail.arn}`, places, reason, remedy };
}

function emptyOf(trail: Trail, options: TellOptions): Unknown {
  const [reason, remedy] = trail.validated
    ? [
        'there are no digests of the last two days',
        'look whether it is logging and may write to its bucket, else who deleted from the bucket',
      ]
    : [
        'log file validation is off, and there are no digests of the last two days',
        'switch it on with aws cloudtrail update-trail --enable-log-file-validation',
      ];
  const places = [`${options.accountName(trail.account)} in ${trail.homeRegion}`];
  return { ...ofTrail(trail), cause: `empty|${trail.arn}`, places, reason, remedy };
}

function noTrail(): Unknown {
  const remedy = 'make a trail with log file validation, or name the account that has one under accounts';
  const trouble = { kind: 'refused', what: 'no trail was found', remedy } as const;
  return troubleAt('AWS', trouble);
}

/** The place begins with an account where one was asked. */
function troubleAt(place: string, { what, remedy }: Trouble): Unknown {
  const [, account, region] = /^(\d{12})(?: in (\S+))?$/.exec(place) ?? [];
  return {
    cause: `place|${what}`,
    trail: ALL_TRAILS,
    places: [place],
    account,
    region,
    reason: what,
    remedy,
  };
}

function ofTrail({ name, account, homeRegion }: Trail): Pick<Unknown, 'trail' | 'account' | 'region'> {
  return { trail: name, account, region: homeRegion };
}

function eventOf(unknown: Unknown, { at, home }: TellOptions): OwnEvent {
  const { cause, trail, places, account, region, reason, remedy } = unknown;
  const day = sayUtc(at).slice(0, 10);
  const more = places.length - MOST_PLACES;
  return {
    name: 'LogIntegrityBroken',
    id: sha256(Buffer.from(['not verified', cause, day].join('|'))).slice(0, 32),
    at,
    account: account ?? home.account,
    region: region ?? home.region,
    details: {
      kind: 'not verified',
      trail,
      place: `${places.slice(0, MOST_PLACES).join('; ')}${more > 0 ? ` and ${more} more` : ''}`,
      reason,
      remedy,
    },
  };
}
