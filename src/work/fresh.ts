import type { CloudTrailRecord } from '../cloudtrail/record.ts';

/**
 * Records that were stored a moment ago, so that evaluation need not read and parse them again. Only a short
 * cut: what is not here comes from the store, and a crash loses nothing.
 */
export interface Fresh {
  /** `size` in characters of JSON. */
  add(record: CloudTrailRecord, size: number): void;
  /** Gives the record once. */
  take(key: string): CloudTrailRecord | undefined;
}

const MOST_TEXT = 4_000_000;

export function createFresh(mostText = MOST_TEXT): Fresh {
  const kept = new Map<string, { record: CloudTrailRecord; size: number }>();
  let text = 0;

  function take(key: string): CloudTrailRecord | undefined {
    const found = kept.get(key);
    if (!found) return undefined;
    kept.delete(key);
    text -= found.size;
    return found.record;
  }

  return {
    add(record, size) {
      take(record.key);
      if (text + size > mostText) return;
      kept.set(record.key, { record, size });
      text += size;
    },
    take,
  };
}
