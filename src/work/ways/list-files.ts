import {
  dayFolder,
  hasEvents,
  readFileName,
  regionFolder,
  type TrailFileName,
} from '../../cloudtrail/file-name.ts';
import { HOUR, MINUTE, type Millis, sayInstant } from '../../kernel/time.ts';
import type { FilePlace, TrailFiles } from '../trail-files.ts';

/** A stretch of time, both ends included. */
export interface Stretch {
  readonly from: Millis;
  readonly to: Millis;
}

/** CloudTrail delivers after minutes as a rule; what comes later is in no file that is looked for. */
const DELIVERED_WITHIN: Millis = HOUR;

/**
 * The files of trails under a prefix that may have events of that stretch, in the order of their keys. Days, kinds and
 * services that are not wanted are jumped over, so that a request a region is enough. Throws LookupTrouble.
 */
export async function* listTrailFiles(
  files: TrailFiles,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  stretch: Stretch,
  signal: AbortSignal,
): AsyncGenerator<FilePlace> {
  let after: string | undefined;
  for (;;) {
    let jump: string | undefined;
    for await (const { key } of files.list({ bucket, prefix, after }, signal)) {
      const name = readFileName(key);
      jump = name ? jumpFrom(key, name, stretch) : overService(key);
      if (jump !== undefined) break;
      if (name && isWithin(name, stretch)) yield { bucket, key };
    }
    if (jump === undefined) return;
    after = jump;
  }
}

/** A stamp is cut to the minute. */
function isWithin({ at }: TrailFileName, { from, to }: Stretch): boolean {
  return at + MINUTE > from && at <= to + DELIVERED_WITHIN;
}

/** Where to go on instead of at the next key; `undefined` to go on there. */
function jumpFrom(key: string, name: TrailFileName, { from, to }: Stretch): string | undefined {
  if (!hasEvents(name)) return behindFolder(`${name.root}${name.account}/${name.folder}`);
  if (name.at > to + DELIVERED_WITHIN) return `${regionFolder(name)}9999`;
  const first = dayFolder(name, sayInstant(from).slice(0, 10));
  return name.at < from && first > key ? first : undefined;
}

/** Other services keep their logs beside those of trails, and many more of them. */
function overService(key: string): string | undefined {
  const [, folder] = /^((?:.*\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?\d{12}\/(?!CloudTrail)[^/]+)\//s.exec(key) ?? [];
  return folder === undefined ? undefined : behindFolder(folder);
}

/** The character after the slash: behind all that is in the folder, and before what comes next. */
function behindFolder(folder: string): string {
  return `${folder}0`;
}
