import { type Delivery, readDelivery, rejectOf } from '../../cloudtrail/delivery.ts';
import type { FileOutcome, FileReader } from './trail-file.ts';

/** The delivery could not be stored; what comes next could not be, either. */
export class StorageTrouble extends Error {
  override readonly name = 'StorageTrouble';
}

/**
 * Takes in what a message holds: events, and the files that it points to; returns what became of those. What is not
 * understood is kept with its reason. Resolves when everything is on disk, so that the message can go. Rejects with
 * what `accept` says, or with LookupTrouble when a file cannot be fetched.
 */
export async function takeMessage(
  accept: (delivery: Delivery) => Promise<void>,
  reader: FileReader,
  body: string,
  signal: AbortSignal,
): Promise<readonly FileOutcome[]> {
  const delivery = understood(body);
  const own = { ...delivery, rejects: delivery.rejects.filter(({ pointer }) => !pointer) };
  if (!isEmpty(own)) await accept(own);
  const files: FileOutcome[] = [];
  for (const file of delivery.files ?? []) files.push(await reader.read(file, signal));
  return files;
}

function understood(body: string): Delivery {
  const read = readDelivery(body);
  if (!('notJson' in read)) return read;
  return { records: [], rejects: [rejectOf(body, `A queue message that is no event. ${read.notJson}`)] };
}

function isEmpty({ records, rejects, canaries = [] }: Delivery): boolean {
  return records.length + rejects.length + canaries.length === 0;
}
