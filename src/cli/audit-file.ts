import { isObject, type Json } from '../kernel/json.ts';
import { Misuse } from '../kernel/problem.ts';
import { parseInstant } from '../kernel/time.ts';
import type { ChainedEntry } from '../store/audit-chain.ts';
import { type AuditFinding, type AuditReport, checkAudit } from '../work/audit.ts';
import { onOneLine } from './columns.ts';
import { readPieces } from './input.ts';
import type { Terminal } from './terminal.ts';

/**
 * The entries that `audit export` printed, in the order in which they stand. What is no entry is a finding. Throws
 * Misuse when the file cannot be read, or has nothing at all in it.
 */
export async function checkFile(
  terminal: Terminal,
  file: string,
  wanted: { readonly kept?: string },
): Promise<AuditReport> {
  const check = checkAudit(wanted);
  const strange: AuditFinding[] = [];
  let empty = true;
  let last = 0;
  for await (const pieces of readPieces(terminal, [file])) {
    for (const { line, value } of pieces) {
      empty = false;
      const entry = entryIn(value);
      if (entry) {
        check.take(entry);
        last = entry.number;
      } else strange.push({ number: last, says: sayStrange(line, last) });
    }
  }
  if (empty) throw new Misuse(`${onOneLine(file)} is empty. Give what "trailbot audit export" printed.`);
  const report = check.finish();
  return { ...report, findings: [...strange, ...report.findings].sort((a, b) => a.number - b.number) };
}

function sayStrange(line: number, last: number): string {
  const where = last === 0 ? '' : `, after entry ${last},`;
  return `line ${line} of the file${where} is no entry of an audit log`;
}

function entryIn(value: Json | undefined): ChainedEntry | undefined {
  if (!isObject(value)) return undefined;
  const { number, id, user, team, kind, detail, previous, hash } = value;
  const at = typeof value.at === 'string' ? parseInstant(value.at) : undefined;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || at === undefined) return undefined;
  if (typeof id !== 'string' || typeof user !== 'string' || typeof team !== 'string') return undefined;
  if (typeof kind !== 'string' || typeof detail !== 'string') return undefined;
  if (typeof previous !== 'string' || typeof hash !== 'string') return undefined;
  return { number, id, at, userId: user, teamId: team, kind, detail, previous, hash };
}
