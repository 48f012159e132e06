import type { Sql } from '../../store/sql.ts';
import { verifyAudit } from '../audit.ts';
import type { Checkup } from './checkup.ts';

const AREA = 'data';
const CHECK = 'audit';
/** Enough to notice somebody at work, and soon looked at. */
const LAST = 1000;

/** Whether the end of the audit log is as Trailbot wrote it; `audit verify` looks at all of it. */
export function auditCheckup(sql: Sql): Checkup {
  return {
    area: AREA,
    check: CHECK,
    async look() {
      const { entries, findings } = await verifyAudit(sql, { last: LAST });
      const [found] = findings;
      if (!found) {
        return [{ area: AREA, check: CHECK, verdict: 'fine', says: sayWhole(entries) }];
      }
      const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
      const remedy =
        'run "trailbot audit verify" to see all, keep a copy of the data folder, and find out who can write there';
      return [
        {
          area: AREA,
          check: CHECK,
          verdict: 'fault',
          says: `the audit log is not whole: ${found.says}${more}`,
          remedy,
        },
      ];
    },
  };
}

function sayWhole(entries: number): string {
  if (entries === 0) return 'the audit log is empty';
  return entries === 1
    ? 'the only entry of the audit log is whole'
    : `the last ${entries} entries of the audit log are whole`;
}
