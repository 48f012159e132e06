import { Misuse } from '../kernel/problem.ts';
import { sayInstant, systemClock } from '../kernel/time.ts';
import { csvField } from '../questions/csv.ts';
import { auditAfter, auditBetween } from '../store/audit.ts';
import type { ChainedEntry } from '../store/audit-chain.ts';
import { openStoreForReading } from '../store/open.ts';
import { operatorNames } from '../store/operators.ts';
import type { Sql } from '../store/sql.ts';
import { type AuditReport, verifyAudit } from '../work/audit.ts';
import { checkFile } from './audit-file.ts';
import { harmlessJson, onOneLine } from './columns.ts';
import { readStretch } from './send-period.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

interface Place {
  readonly config?: string;
  readonly data?: string;
}

export interface ExportOptions extends Place {
  readonly since?: string;
  readonly until?: string;
  readonly format?: 'ndjson' | 'csv';
}

export interface VerifyOptions extends Place {
  readonly head?: string;
  readonly json?: boolean;
}

const BATCH = 1000;
const HASH = /^[0-9a-f]{64}$/;
/** More of them say no more. */
const MOST_SHOWN = 100;

/** Prints the audit log. Throws Misuse where there is no database, or it cannot be read. */
export async function exportAudit(terminal: Terminal, options: ExportOptions): Promise<number> {
  const { from, to } = readStretch(options, systemClock.now());
  const say = options.format === 'csv' ? sayCsv : sayJson;
  return reading(terminal, options, async (sql) => {
    const names = await operatorNames(sql);
    if (options.format === 'csv') terminal.out(`${COLUMNS.join(',')}\r\n`);
    const numbers = await auditBetween(sql, from, to);
    for (let after = (numbers?.first ?? 1) - 1; after < (numbers?.last ?? 0); ) {
      const batch = await auditAfter(sql, after, BATCH);
      const entries = batch.filter(({ number }) => number <= (numbers?.last ?? 0));
      const last = entries.at(-1);
      if (!last) break;
      terminal.out(entries.map((entry) => say(rowOf(entry, names))).join(''));
      if (!(await terminal.outReady())) break;
      after = last.number;
    }
    return EXIT.fine;
  });
}

const COLUMNS = ['number', 'at', 'user', 'name', 'team', 'kind', 'detail', 'id', 'previous', 'hash'] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

function rowOf(entry: ChainedEntry, names: ReadonlyMap<string, string>): Row {
  const { number, userId: user, teamId: team, kind, detail, id, previous, hash } = entry;
  const at = sayInstant(entry.at);
  return { number, at, user, name: names.get(user) ?? '', team, kind, detail, id, previous, hash };
}

function sayJson(row: Row): string {
  return `${harmlessJson(JSON.stringify(row))}\n`;
}

function sayCsv(row: Row): string {
  return `${COLUMNS.map((column) => csvField(onOneLine(String(row[column])))).join(',')}\r\n`;
}

/** Looks for what was changed, in the database or in a file. Throws Misuse where there is neither. */
export async function verify(
  terminal: Terminal,
  file: string | undefined,
  options: VerifyOptions,
): Promise<number> {
  const kept = options.head?.toLowerCase();
  if (kept !== undefined && !HASH.test(kept)) {
    throw new Misuse(
      '--head takes a hash as "trailbot audit verify" prints it: 64 digits and letters a to f.',
    );
  }
  const wanted = kept === undefined ? {} : { kept };
  const report =
    file === undefined
      ? await reading(terminal, options, (sql) => verifyAudit(sql, wanted))
      : await checkFile(terminal, file, wanted);
  terminal.out(options.json ? `${harmlessJson(JSON.stringify(report, null, 2))}\n` : sayReport(report));
  return report.findings.length > 0 ? EXIT.finding : EXIT.fine;
}

function sayReport({ entries, first, head, findings }: AuditReport): string {
  const lines = findings.slice(0, MOST_SHOWN).map(({ says }) => onOneLine(says));
  if (findings.length > MOST_SHOWN) lines.push(`and ${findings.length - MOST_SHOWN} more findings`);
  if (first === undefined) return [...lines, 'The audit log is empty.', ''].join('\n');
  const counted =
    entries === 1 ? `1 entry, number ${first}` : `${entries} entries, ${first} to ${head.number}`;
  const before = first > 1 ? `; of those before ${first} nothing is known here` : '';
  lines.push(
    findings.length === 0
      ? `${counted}: none was changed, none is missing${before}.`
      : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} in ${counted}${before}.`,
    `The last is entry ${head.number}: ${head.hash}`,
    'Keep that hash elsewhere; with --head it shows later that nothing up to there was written anew.',
  );
  return `${lines.join('\n')}\n`;
}

async function reading<T>(terminal: Terminal, options: Place, work: (sql: Sql) => Promise<T>): Promise<T> {
  const { config } = readSettings(terminal, options.config, { data: options.data });
  const sql = await openStoreForReading(config.dataDir);
  if (!sql) {
    throw new Misuse(
      `There is no database in ${config.dataDir}. Start the bot once, or say with --data where its database lies.`,
    );
  }
  try {
    return await work(sql);
  } finally {
    await sql.close();
  }
}
