import { type BigIntStats, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../kernel/log.ts';
import type { Clock, Millis } from '../kernel/time.ts';

/** Editors write a file in several steps; one reload after the last is enough. */
const SETTLE: Millis = 200;

/** Folders and files that are watched for changes. */
export interface Watch {
  /** Replaces what is watched. */
  set(places: readonly string[]): void;
  stop(): void;
}

/**
 * Calls `changed` soon after anything under one of the places was written, made, replaced or removed. Each
 * folder is watched by itself: Node's own `recursive` loses a file on Linux once another was put in its place.
 */
export function watchFiles(places: readonly string[], changed: () => void, clock: Clock, log: Log): Watch {
  const watchers = new Map<string, FSWatcher>();
  let watched = places;
  let settling: AbortController | undefined;

  function notice(): void {
    settling?.abort();
    const mine = new AbortController();
    settling = mine;
    void clock.sleep(SETTLE, mine.signal).then(() => {
      if (mine.signal.aborted) return;
      // Before the files are read: what is written into a new folder from here on is heard.
      refresh();
      changed();
    });
  }

  function refresh(): void {
    const wanted = new Map(watched.flatMap((place) => spotsOf(place, notice)));
    for (const [key, watcher] of watchers) {
      if (wanted.has(key)) continue;
      watcher.close();
      watchers.delete(key);
    }
    for (const [key, open] of wanted) if (!watchers.has(key)) add(key, open);
  }

  function add(key: string, open: () => FSWatcher): void {
    try {
      const watcher = open();
      watcher.on('error', (error) =>
        log.warn({ error, place: key }, 'watching for changes stopped; send SIGHUP to reload'),
      );
      watchers.set(key, watcher);
    } catch (error) {
      log.warn({ error, place: key }, 'changes cannot be watched here; send SIGHUP to reload');
    }
  }

  refresh();
  return {
    set(next) {
      watched = next;
      refresh();
    },
    stop() {
      settling?.abort();
      watched = [];
      refresh();
    },
  };
}

/** What has to be watched for a place, by a name that changes when another folder takes its path. */
type Spot = readonly [key: string, open: () => FSWatcher];

function spotsOf(place: string, notice: () => void): Spot[] {
  if (!statOf(place)?.isDirectory())
    return [[`${place} in ${stampOf(dirname(place), false)}`, () => watchFile(place, notice)]];
  return [place, ...foldersUnder(place)].map((folder) => [
    `${folder} ${stampOf(folder, false)}`,
    () => watchFolder(folder, notice),
  ]);
}

/** Those that may hold rules; hidden ones do not. */
function foldersUnder(place: string): string[] {
  try {
    return readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .flatMap(({ name }) => [join(place, name), ...foldersUnder(join(place, name))]);
  } catch {
    // Gone meanwhile, or not for us to read: whoever reads the rules will say so.
    return [];
  }
}

/** The bot's own data may lie in the folder, too, and is written all the time. */
function watchFolder(folder: string, notice: () => void): FSWatcher {
  return watch(folder, (_event, name) => {
    if (name === null || mayBeRules(name)) notice();
  });
}

/** YAML, a folder, or the link `..data` that Kubernetes turns to the new files. */
function mayBeRules(name: string): boolean {
  return /\.ya?ml$/.test(name) || !name.includes('.') || basename(name).startsWith('..');
}

/** Watches the folder of a file, for the same reason; other files of that folder do not count. */
function watchFile(file: string, notice: () => void): FSWatcher {
  let before = stampOf(file, true);
  return watch(dirname(file), () => {
    const now = stampOf(file, true);
    if (now !== before) notice();
    before = now;
  });
}

/** Differs when another file or folder is there, or with `content` when it was written; links are followed. */
function stampOf(path: string, content: boolean): string {
  const found = statOf(path);
  if (!found) return 'none';
  const { ino, size, mtimeNs, ctimeNs } = found;
  return content ? `${ino} ${size} ${mtimeNs} ${ctimeNs}` : `${ino}`;
}

/** `undefined` also for what this user may not look at. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
