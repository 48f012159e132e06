import { logFolder } from '../../cloudtrail/digest.ts';
import { DAY, HOUR, type Millis, parseInstant, sayInstant } from '../../kernel/time.ts';
import type { TrailFiles } from '../trail-files.ts';
import type { ChainReport } from './report.ts';

/**
 * How many log files lie there that no valid digest names, within what the digests cover: whatever is in them, they
 * prove nothing. Throws LookupTrouble.
 */
export async function countUnreferenced(
  { files, signal }: { readonly files: Pick<TrailFiles, 'list'>; readonly signal: AbortSignal },
  { chain, proved }: ChainReport,
  named: ReadonlySet<string>,
): Promise<number> {
  if (!proved) return 0;
  const { bucket } = chain.trail;
  const folder = logFolder(chain.source);
  let count = 0;
  const asked = { bucket, prefix: folder, after: `${folder}${dayBefore(proved.from)}` };
  for await (const { key } of files.list(asked, signal)) {
    const at = timeIn(key);
    if (at === undefined || at < proved.from + HOUR) continue;
    if (at > proved.to - HOUR) break;
    if (!named.has(nameIn(key))) count += 1;
  }
  return count;
}

/** Short enough to keep those of months: the name without what all of a chain have in common. */
export function nameIn(key: string): string {
  return key.slice(-'20261120T0915Z_0123456789abcdef.json.gz'.length, -'.json.gz'.length);
}

function dayBefore(at: Millis): string {
  return sayInstant(at - DAY)
    .slice(0, 10)
    .replaceAll('-', '/');
}

/** To the minute. */
function timeIn(key: string): Millis | undefined {
  const [, date, hour, minute] = /_(\d{8})T(\d\d)(\d\d)Z_\w+\.json\.gz$/.exec(key) ?? [];
  const day = date?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  return day === undefined ? undefined : parseInstant(`${day}T${hour}:${minute}:00Z`);
}
