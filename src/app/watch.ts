import { type FSWatcher, watch } from 'node:fs';
import type { Log } from '../kernel/log.ts';
import type { Clock, Millis } from '../kernel/time.ts';

/** Editors write a file in several steps; one reload after the last is enough. */
const SETTLE: Millis = 200;

/** Calls `changed` soon after anything under one of the places was written. Returns how to stop. */
export function watchFiles(
  places: readonly string[],
  changed: () => void,
  clock: Clock,
  log: Log,
): () => void {
  const watchers: FSWatcher[] = [];
  let settling: AbortController | undefined;

  function notice(): void {
    settling?.abort();
    const mine = new AbortController();
    settling = mine;
    void clock.sleep(SETTLE, mine.signal).then(() => {
      if (!mine.signal.aborted) changed();
    });
  }

  for (const place of places) {
    try {
      const watcher = watch(place, { recursive: true }, notice);
      watcher.on('error', (error) =>
        log.warn({ error, place }, 'watching for changes stopped; send SIGHUP to reload'),
      );
      watchers.push(watcher);
    } catch (error) {
      log.warn({ error, place }, 'changes cannot be watched here; send SIGHUP to reload');
    }
  }
  return () => {
    settling?.abort();
    for (const watcher of watchers) watcher.close();
  };
}
