import { auditAfter, auditHead } from '../store/audit.ts';
import { type AuditHead, type ChainedEntry, FIRST_PREVIOUS, hashOf } from '../store/audit-chain.ts';
import type { Sql } from '../store/sql.ts';

/** Something that is not as Trailbot wrote it. */
export interface AuditFinding {
  /** The entry that it is about, or the first of several. */
  readonly number: number;
  /** A sentence without its end: `entry 17 was changed: …`. */
  readonly says: string;
}

/** What a look at the chain, or at a piece of it, came to. */
export interface AuditReport {
  /** How many entries were looked at. */
  readonly entries: number;
  /** The entry that it begins with; `undefined` when there is none. */
  readonly first: number | undefined;
  /** The last entry that was looked at; number 0 when there is none. */
  readonly head: AuditHead;
  /** By number. */
  readonly findings: readonly AuditFinding[];
}

/** Looks at entries one after the other, in the order in which they stand. */
export interface AuditCheck {
  take(entry: ChainedEntry): void;
  /** `end`: the last entry, where that is known from elsewhere. */
  finish(end?: AuditHead): AuditReport;
}

/** Entries that are not there, as long as none of them comes too late. */
interface Hole {
  readonly from: number;
  readonly to: number;
}

/** The entry that the next one follows. Of one that was changed nobody knows what its hash was. */
interface Last extends AuditHead {
  readonly changed: boolean;
}

const BEGINNING: AuditHead = { number: 0, hash: FIRST_PREVIOUS };

/**
 * `start`: the entry before the first; without it the first entry is taken at its word as to what came before, unless it
 * is entry 1. `kept`: the hash of an entry that was written down elsewhere, and must be found.
 */
export function checkAudit(options: { readonly start?: AuditHead; readonly kept?: string }): AuditCheck {
  const { start, kept } = options;
  const findings: AuditFinding[] = [];
  let holes: Hole[] = [];
  let last: Last | undefined = start && { ...start, changed: false };
  let first: number | undefined;
  let entries = 0;
  let met = kept === undefined || kept === start?.hash;
  const find = (number: number, says: string) => findings.push({ number, says });

  /** An entry that stands after one with a greater number, or the same. */
  function late({ number }: ChainedEntry, after: number): void {
    const hole = holes.find(({ from, to }) => from <= number && number <= to);
    holes = holes.flatMap((one) => (one === hole ? without(one, number) : [one]));
    if (hole || number < (first ?? 0)) {
      find(number, `entry ${number} stands after entry ${after}: the order was changed`);
    } else find(number, `entry ${number} is there a second time, after entry ${after}: it was put in`);
  }

  return {
    take(entry) {
      const { number, hash, previous } = entry;
      entries += 1;
      met ||= hash === kept;
      const changed = hashOf(entry) !== hash;
      if (changed) find(number, `entry ${number} was changed: its hash is not that of what it says`);
      if (first === undefined && number === 1) last ??= { ...BEGINNING, changed: false };
      if (last && number <= last.number) return late(entry, last.number);
      if (last && number > last.number + 1) holes.push({ from: last.number + 1, to: number - 1 });
      else if (last && !last.changed && !changed && previous !== last.hash) {
        find(number, `entry ${number} does not follow ${nameOf(last)}: one of the two was written anew`);
      }
      first ??= number;
      last = { number, hash, changed };
    },
    finish(end) {
      const head = last ?? BEGINNING;
      for (const { from, to } of holes) find(from, `${several(from, to)} missing`);
      const atEnd = end && atTheEnd(head, end);
      if (atEnd) findings.push(atEnd);
      if (!met) {
        find(
          head.number,
          `no entry has the hash ${kept}: the end was cut off, or all up to that entry was written anew`,
        );
      }
      findings.sort((a, b) => a.number - b.number);
      return { entries, first, head: { number: head.number, hash: head.hash }, findings };
    },
  };
}

function atTheEnd(head: AuditHead, end: AuditHead): AuditFinding | undefined {
  if (end.number > head.number) {
    const number = head.number + 1;
    return {
      number,
      says: `${several(number, end.number)} missing at the end: entry ${end.number} was the last`,
    };
  }
  if (end.number < head.number) {
    const number = end.number + 1;
    return {
      number,
      says: `${several(number, head.number)} not by Trailbot: its last entry was ${end.number}`,
    };
  }
  if (end.hash === head.hash) return undefined;
  return { number: head.number, says: `entry ${head.number} was written anew: its hash was ${end.hash}` };
}

function nameOf({ number }: AuditHead): string {
  return number === 0 ? 'the beginning' : `entry ${number}`;
}

function without({ from, to }: Hole, number: number): Hole[] {
  return [
    { from, to: number - 1 },
    { from: number + 1, to },
  ].filter((hole) => hole.from <= hole.to);
}

function several(from: number, to: number): string {
  return from === to ? `entry ${from} is` : `entries ${from} to ${to} are`;
}

const BATCH = 1000;

/**
 * All of the store's audit log, or its last entries only. `kept` as in `checkAudit`. What is written meanwhile is looked
 * at as well.
 */
export async function verifyAudit(
  sql: Sql,
  options: { readonly last?: number; readonly kept?: string } = {},
): Promise<AuditReport> {
  const from = options.last === undefined ? 0 : Math.max(0, (await auditHead(sql)).number - options.last);
  const [before] = from === 0 ? [] : await auditAfter(sql, from - 1, 1);
  // Where the entry before is missing, that is found like any other hole.
  const start =
    from === 0 ? BEGINNING : before?.number === from ? before : { ...BEGINNING, number: from - 1 };
  const check = checkAudit({ ...options, start });
  for (let after = from; ; ) {
    const end = await auditHead(sql);
    const entries = await auditAfter(sql, after, BATCH);
    for (const entry of entries) check.take(entry);
    const last = entries.at(-1);
    if (!last) return check.finish(end);
    after = last.number;
  }
}
