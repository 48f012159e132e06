import { createHash } from 'node:crypto';
import { type Millis, sayInstant } from '../kernel/time.ts';

/** What somebody did, as it is handed in to be kept. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Millis;
  /** Slack's id of the person; `trailbot` for what the bot does by itself. */
  readonly userId: string;
  readonly teamId: string;
  readonly kind: AuditKind;
  readonly detail: string;
}

/**
 * - `operation`: what somebody did with an alert
 * - `question`: what somebody asked or looked at
 * - `mute`: a mute that somebody made or ended
 * - `override`: a change of who is on call
 * - `escalation`: an escalation that somebody hurried
 * - `answer`: what somebody said to "was this you?"
 * - `configuration`: the settings that the bot took up
 */
type AuditKind = 'operation' | 'question' | 'mute' | 'override' | 'escalation' | 'answer' | 'configuration';

/** An entry in its place in the chain. */
export interface ChainedEntry extends Omit<AuditEntry, 'kind'> {
  /** A version before may have written others. */
  readonly kind: string;
  /** From 1, without a gap. */
  readonly number: number;
  /** The hash of the entry before, `FIRST_PREVIOUS` in the first. */
  readonly previous: string;
  /** SHA-256 over all the rest, in hexadecimal. */
  readonly hash: string;
}

/** The end of the chain. */
export interface AuditHead {
  /** 0 before the first entry. */
  readonly number: number;
  readonly hash: string;
}

/** What the first entry has for the hash of the one before. */
export const FIRST_PREVIOUS = '0'.repeat(64);

/** The entry that comes after `head`. */
export function chainAfter(head: AuditHead, entry: AuditEntry): ChainedEntry {
  const { id, at, userId, teamId, kind, detail } = entry;
  const link = {
    number: head.number + 1,
    id: storable(id),
    at,
    userId: storable(userId),
    teamId: storable(teamId),
    kind,
    detail: storable(detail),
    previous: head.hash,
  };
  return { ...link, hash: hashOf(link) };
}

/**
 * SHA-256 of the entry as JSON without spaces, its members in alphabetical order and its time in ISO 8601, so that
 * `jq -cSj` and `sha256sum` come to the same.
 */
export function hashOf(entry: Omit<ChainedEntry, 'hash'>): string {
  const { at, detail, id, kind, number, previous, teamId: team, userId: user } = entry;
  const canonical = JSON.stringify({
    at: sayInstant(at),
    detail,
    id,
    kind,
    number,
    previous,
    team,
    user,
  });
  return createHash('sha256').update(canonical).digest('hex');
}

/** What every database gives back as it was written: no half characters, and no NUL, which ends a text in some. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
