import type { Millis } from '../kernel/time.ts';
import { type AuditEntry, type AuditHead, type ChainedEntry, chainAfter } from './audit-chain.ts';
import type { Database, Sql } from './sql.ts';

/**
 * Adds an entry at the end of the chain, in the transaction of the caller; given a database, in one of its own. Of
 * several who add at the same time each comes after another: the head is moved on only from what it was.
 */
export async function insertAudit(sql: Sql | Database, entry: AuditEntry): Promise<void> {
  if ('tx' in sql) return sql.tx((inside) => insertAudit(inside, entry));
  for (;;) {
    const head = await auditHead(sql);
    const chained = chainAfter(head, entry);
    if (await moveHead(sql, head, chained)) return insertChained(sql, chained);
  }
}

/** The number and hash of the last entry. */
export async function auditHead(sql: Sql): Promise<AuditHead> {
  const [head] = await sql.all<AuditHead & object>('select number, hash from audit_head');
  if (!head) throw new Error('the audit log has lost its head (table audit_head is empty)');
  return head;
}

async function moveHead(sql: Sql, from: AuditHead, to: ChainedEntry): Promise<boolean> {
  const moved = await sql.run(
    'update audit_head set number = $1, hash = $2 where number = $3 and hash = $4',
    [to.number, to.hash, from.number, from.hash],
  );
  return moved > 0;
}

async function insertChained(sql: Sql, entry: ChainedEntry): Promise<void> {
  await sql.run(
    `insert into audit (number, id, at, user_id, team_id, kind, detail, previous, hash)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      entry.number,
      entry.id,
      entry.at,
      entry.userId,
      entry.teamId,
      entry.kind,
      entry.detail,
      entry.previous,
      entry.hash,
    ],
  );
}

const ENTRY = `number, id, at, user_id as "userId", team_id as "teamId", kind, detail, previous, hash`;

/** Entries in the order of their numbers, those after `after`, at most `limit`. */
export async function auditAfter(sql: Sql, after: number, limit: number): Promise<ChainedEntry[]> {
  return sql.all(`select ${ENTRY} from audit where number > $1 order by number limit $2`, [after, limit]);
}

/**
 * The numbers of the first and last entry of a period, its ends included; `undefined` when it has none. All between them
 * belong to it, though a clock may have been set back meanwhile.
 */
export async function auditBetween(
  sql: Sql,
  from: Millis,
  to: Millis,
): Promise<{ first: number; last: number } | undefined> {
  const [found] = await sql.all<{ first: number | null; last: number | null }>(
    'select min(number) as first, max(number) as last from audit where at >= $1 and at <= $2',
    [from, to],
  );
  if (found === undefined || found.first === null || found.last === null) return undefined;
  return { first: found.first, last: found.last };
}

/** What was written since, in the order in which it was. */
export async function auditSince(sql: Sql, since: Millis): Promise<ChainedEntry[]> {
  return sql.all(`select ${ENTRY} from audit where at >= $1 order by number`, [since]);
}

/** The last entry of a kind. */
export async function lastOfKind(sql: Sql, kind: AuditEntry['kind']): Promise<ChainedEntry | undefined> {
  const [last] = await sql.all<ChainedEntry>(
    `select ${ENTRY} from audit where kind = $1 order by number desc limit 1`,
    [kind],
  );
  return last;
}
