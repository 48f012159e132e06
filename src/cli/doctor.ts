import { type Checkups, checkupsFor } from '../app/doctor.ts';
import { rulesOf } from '../app/rulebook.ts';
import { createLog } from '../kernel/log.ts';
import { Misuse, sayProblem } from '../kernel/problem.ts';
import { systemClock } from '../kernel/time.ts';
import { openStoreForReading } from '../store/open.ts';
import { type Diagnosis, examine, type Verdict } from '../work/doctor/checkup.ts';
import { awsHere } from './aws-here.ts';
import { harmlessJson, onOneLine } from './columns.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

interface DoctorOptions {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

const SIGNS: Readonly<Record<Verdict, string>> = {
  fine: 'ok     ',
  doubt: 'doubt  ',
  fault: 'FAULT  ',
  unknown: 'unknown',
};

/** Looks at everything from Slack's scopes to rules that can never fire; a fault is a finding. */
export async function doctor(terminal: Terminal, options: DoctorOptions): Promise<number> {
  const { config, base } = readSettings(terminal, options.config, { data: options.data });
  const { ruleset, problems } = rulesOf(config, base);
  if (problems.length > 0) throw new Misuse(problems.map(sayProblem).join('\n'));
  const sql = await openStoreForReading(config.dataDir);
  const found: Diagnosis[] = [];
  let checkups: Checkups | undefined;
  try {
    checkups = await checkupsFor({
      config,
      compiled: ruleset.compiled,
      sql,
      standIn: awsHere(terminal),
      clock: systemClock,
      log: createLog('silent'),
      signal: new AbortController().signal,
    });
    for await (const diagnosis of examine(checkups.all, systemClock)) {
      found.push(diagnosis);
      if (!options.json) terminal.out(`${sayDiagnosis(diagnosis)}\n`);
    }
  } finally {
    checkups?.close();
    await sql?.close();
  }
  const faults = found.filter(({ verdict }) => verdict === 'fault').length;
  if (options.json) terminal.out(`${harmlessJson(JSON.stringify({ faults, found }, null, 2))}\n`);
  else terminal.out(`${summary(found)}\n`);
  return faults > 0 ? EXIT.finding : EXIT.fine;
}

/** `FAULT   slack  missing scopes: …; add them …` */
function sayDiagnosis({ area, verdict, says, remedy }: Diagnosis): string {
  const todo = remedy === undefined || verdict === 'fine' ? '' : `; ${remedy}`;
  return onOneLine(`${SIGNS[verdict]} ${area.padEnd(7)} ${says}${todo}`);
}

function summary(found: readonly Diagnosis[]): string {
  const count = (verdict: Verdict) => found.filter((one) => one.verdict === verdict).length;
  return `${count('fine')} fine, ${count('fault')} faults, ${count('doubt')} doubts, ${count('unknown')} unknown`;
}
