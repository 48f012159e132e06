import type { Writable } from 'node:stream';

/** Standard output or error: what is written there, and whether anybody still reads it. */
export interface Outlet {
  write(text: string): void;
  /** Resolves when the reader has caught up; to false when there is no reader any longer. */
  ready(): Promise<boolean>;
}

/** The reader has gone, as `head` does when it has seen enough: nobody's mistake. */
const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** `failed` hears of anything else that keeps output from being written: a full disk, a terminal that was closed. */
export function createOutlet(stream: Writable, failed: (error: NodeJS.ErrnoException) => void): Outlet {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const first = !gone;
    gone = true;
    if (first && !READER_GONE.has(error.code ?? '')) failed(error);
  });
  return {
    write(text) {
      if (!gone) stream.write(text);
    },
    // The callback comes when everything before it was handed on, or could not be.
    ready: () =>
      new Promise((resolve) => {
        if (gone) resolve(false);
        else stream.write('', (error) => resolve(!error && !gone));
      }),
  };
}
