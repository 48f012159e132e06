import { type Delivery, type Reject, readDelivery, rejectOf } from '../../cloudtrail/delivery.ts';
import { hasEvents, readFileName, type TrailFileName } from '../../cloudtrail/file-name.ts';
import { addressOf } from '../../cloudtrail/pointer.ts';
import { type FilePlace, LargeTrailFile, MissingTrailFile, type TrailFiles } from '../trail-files.ts';
import { BrokenTrailFile, recordTextsIn } from './file-records.ts';
import { createTurns } from './turns.ts';

/** What came of a file that a message points to. */
export type FileOutcome =
  | 'read'
  /** It was read a while ago. */
  | 'known'
  /** A file of a trail without events in it. */
  | 'without events'
  /** Kept with the reason: no file of a trail, missing, or damaged. */
  | 'rejected';

export interface FileReader {
  /**
   * Takes in all records of a file; one that is named twice is read once, as far as that is remembered. Rejects when
   * it cannot be fetched or stored now, and may be later: with LookupTrouble, or with what storage said.
   */
  read(at: FilePlace, signal: AbortSignal): Promise<FileOutcome>;
}

interface FileTools {
  readonly files: TrailFiles;
  /** Resolves when it is on disk. */
  readonly accept: (delivery: Delivery) => Promise<void>;
}

/** Their records pass through memory a part at a time, but the files themselves are held whole. */
const AT_ONCE = 4;
const REMEMBERED = 10_000;

export function createFileReader({ files, accept }: FileTools): FileReader {
  const inTurn = createTurns(AT_ONCE);
  const underWay = new Map<string, Promise<FileOutcome>>();
  const known = new Set<string>();

  function remember(address: string): void {
    known.add(address);
    const [oldest] = known;
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
  }

  async function keep(at: FilePlace, reason: string): Promise<FileOutcome> {
    await accept({ records: [], rejects: [rejectOf(addressOf(at), reason)] });
    return 'rejected';
  }

  async function takeIn(bytes: Buffer, name: TrailFileName, signal: AbortSignal): Promise<FileOutcome> {
    for await (const texts of recordTextsIn(bytes)) {
      signal.throwIfAborted();
      await accept(deliveryOf(texts, name));
    }
    return 'read';
  }

  async function fetch(at: FilePlace, name: TrailFileName, signal: AbortSignal): Promise<FileOutcome> {
    try {
      return await files.get(at, signal, ({ bytes }) => takeIn(bytes, name, signal));
    } catch (error) {
      if (error instanceof MissingTrailFile) {
        return keep(at, 'A notification points to a trail file that is not there (any more).');
      }
      if (error instanceof LargeTrailFile) {
        return keep(at, `A trail file cannot be read: it ${error.said}.`);
      }
      if (error instanceof BrokenTrailFile) {
        return keep(at, `A trail file cannot be read to its end: it ${error.message}.`);
      }
      throw error;
    }
  }

  async function once(at: FilePlace, name: TrailFileName, signal: AbortSignal): Promise<FileOutcome> {
    const outcome = await inTurn(() => fetch(at, name, signal));
    remember(addressOf(at));
    return outcome;
  }

  return {
    async read(at, signal) {
      const name = readFileName(at.key);
      if (!name) return keep(at, 'A notification points to a file whose name is none that a trail gives.');
      if (!hasEvents(name)) return 'without events';
      const address = addressOf(at);
      if (known.has(address)) return 'known';
      const other = underWay.get(address);
      if (other !== undefined) {
        await other;
        return 'known';
      }
      const reading = once(at, name, signal).finally(() => underWay.delete(address));
      underWay.set(address, reading);
      return reading;
    },
  };
}

/** Records as they stand in a file. One that is no JSON does not cost the others. */
function deliveryOf(texts: readonly string[], { account, region }: TrailFileName): Delivery {
  const hints = { account, region };
  const all = readDelivery(`[${texts.join(',')}]`, hints);
  if (!('notJson' in all)) return all;
  const each = texts.map((text) => ({ text, read: readDelivery(text, hints) }));
  const rejects: Reject[] = each.flatMap(({ text, read }) =>
    'notJson' in read ? [rejectOf(text, 'A record in a trail file is not JSON.')] : read.rejects,
  );
  return { records: each.flatMap(({ read }) => ('notJson' in read ? [] : read.records)), rejects };
}
