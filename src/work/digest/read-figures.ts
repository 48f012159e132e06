import type { DigestDay } from '../../alerts/digest-time.ts';
import type { Millis } from '../../kernel/time.ts';
import {
  type AlertFigure,
  actorOf,
  channelOfHidden,
  figuresOfPeriod,
  hiddenFigures,
  lowEvents,
  openFigures,
} from '../../store/digest.ts';
import { operatorNames } from '../../store/operators.ts';
import { messageState } from '../../store/receipts.ts';
import type { Sql } from '../../store/sql.ts';
import type { LinkTo } from '../on-call/open-alerts.ts';
import type { Digest, NamedAlert, NoisyRule } from './digest.ts';
import { type Figures, sumUp } from './sum-up.ts';

export interface FigureTools {
  readonly db: Sql;
  readonly linkTo: LinkTo;
  /** Where alerts go that no route sends elsewhere. */
  readonly usualChannel: () => string;
}

/** Alerts for digests alone whose actors are looked up; of the rest the events are counted. */
const LOW_READ = 300;
/** As many alerts of a noisy rule are asked who they are about. */
const ACTORS_READ = 200;

/** The digest of each channel that has something to be summed up. Asks Slack for links. */
export async function readDigests(
  tools: FigureTools,
  day: DigestDay,
  now: Millis,
): Promise<ReadonlyMap<string, Digest>> {
  const { db } = tools;
  const open = Map.groupBy(await openFigures(db), channelOf);
  const period = Map.groupBy(await figuresOfPeriod(db, day.from, day.until), channelOf);
  const low = await readLow(db, day);
  const hidden = await readHidden(tools, day);
  const names = await operatorNames(db);
  const digests = new Map<string, Digest>();
  for (const channel of new Set([...open.keys(), ...period.keys(), ...low.keys(), ...hidden.keys()])) {
    const own = period.get(channel) ?? [];
    const figures: Figures = {
      day,
      now,
      open: open.get(channel) ?? [],
      period: own,
      low: low.get(channel) ?? [],
      hidden: [...(hidden.get(channel) ?? [])],
      nameOf: (userId) => names.get(userId) ?? userId,
    };
    digests.set(channel, await withLinks(tools, await withActors(db, sumUp(figures), own)));
  }
  return digests;
}

function channelOf({ channel }: { readonly channel: string }): string {
  return channel;
}

async function readLow(db: Sql, { from, until }: DigestDay): Promise<Map<string, Figures['low'][number][]>> {
  const found = new Map<string, Figures['low'][number][]>();
  for (const [index, { alertId, ruleName, channel, events }] of (
    await lowEvents(db, from, until)
  ).entries()) {
    const actor = index < LOW_READ ? await actorOf(db, alertId) : 'others';
    found.set(channel, [...(found.get(channel) ?? []), { rule: ruleName, actor, events }]);
  }
  return found;
}

/** Channel → reason → number, the most frequent first. */
async function readHidden(
  { db, usualChannel }: FigureTools,
  { from, until }: DigestDay,
): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, Map<string, number>>();
  for (const figure of await hiddenFigures(db, from, until)) {
    const channel = (await channelOfHidden(db, figure)) ?? usualChannel();
    const reasons = found.get(channel) ?? new Map<string, number>();
    found.set(channel, reasons.set(figure.kind, (reasons.get(figure.kind) ?? 0) + figure.number));
  }
  return found;
}

/** A mute can be suggested where one actor alone makes the noise. */
async function withActors(db: Sql, digest: Digest, period: readonly AlertFigure[]): Promise<Digest> {
  const noisy: NoisyRule[] = [];
  for (const one of digest.noisy) {
    const own = period.filter(({ ruleName }) => ruleName === one.rule).slice(0, ACTORS_READ);
    const actors = new Set<string>();
    if (one.suggestion) for (const { id } of own) actors.add(await actorOf(db, id));
    const [actor] = actors;
    const suggestion =
      one.suggestion && actors.size === 1 && actor ? { ...one.suggestion, actor } : one.suggestion;
    noisy.push({ ...one, ...(suggestion ? { suggestion } : {}) });
  }
  return { ...digest, noisy };
}

async function withLinks(tools: FigureTools, digest: Digest): Promise<Digest> {
  const open = [];
  for (const one of digest.open) open.push({ ...one, oldest: await withLink(tools, one.oldest) });
  const alerts = [];
  for (const alert of digest.left.alerts) alerts.push(await withLink(tools, alert));
  return { ...digest, open, left: { ...digest.left, alerts } };
}

async function withLink({ db, linkTo }: FigureTools, alert: NamedAlert): Promise<NamedAlert> {
  const receipt = (await messageState(db, alert.id))?.receipt;
  const link = receipt && (await linkTo(receipt));
  return link === undefined ? alert : { ...alert, link };
}
