import type { Mute } from '../alerts/mute.ts';
import { Misuse } from '../kernel/problem.ts';
import { muteById, mutesInForce } from '../store/mutes.ts';
import { openStoreForReading } from '../store/open.ts';
import type { Sql } from '../store/sql.ts';
import { filterOf } from '../work/mute/export.ts';
import { onOneLine } from './columns.ts';
import { soundRules } from './rules.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface MutesOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly data?: string;
}

/** Prints mutes as Sigma filters. Exit 1 when one cannot be a filter. Throws Misuse where there is no such mute. */
export async function exportMutes(
  terminal: Terminal,
  id: string | undefined,
  options: MutesOptions,
): Promise<number> {
  const { config } = readSettings(terminal, options.config, { data: options.data });
  const ruleset = soundRules(terminal, options.rules ?? [], options.config);
  const sql = await openStoreForReading(config.dataDir);
  if (!sql) {
    throw new Misuse(
      `There is no database in ${config.dataDir}. Start the bot once, or say with --data where its database lies.`,
    );
  }
  try {
    const made = (await chosen(sql, id)).map((mute) => filterOf(mute, ruleset));
    const texts = made.flatMap((one) => ('text' in one ? [one.text] : []));
    const refused = made.flatMap((one) => ('refused' in one ? [one.refused] : []));
    terminal.out(texts.join('---\n'));
    for (const why of refused) terminal.err(`${onOneLine(why)}\n`);
    return refused.length > 0 ? EXIT.finding : EXIT.fine;
  } finally {
    await sql.close();
  }
}

async function chosen(sql: Sql, id: string | undefined): Promise<readonly Mute[]> {
  const holding = await mutesInForce(sql);
  if (id === undefined) {
    if (holding.length === 0) throw new Misuse('No mute holds, so there is nothing to export.');
    return holding;
  }
  const mute = await muteById(sql, id.toUpperCase());
  if (mute) return [mute];
  const known = holding.map((one) => one.id).join(', ');
  throw new Misuse(
    `There is no mute ${onOneLine(id)}; ${known === '' ? 'none holds now' : `these hold now: ${known}`}.`,
  );
}
