import { parseJson } from '../kernel/json.ts';
import type { Canary } from './canary.ts';
import { type Item, unwrap } from './envelope.ts';
import type { FilePointer } from './pointer.ts';
import { type CloudTrailRecord, type RecordHints, readRecord } from './record.ts';
import { redactJson } from './redact.ts';
import { maySpellSecret, redactText } from './secrets.ts';

/** Something inside a delivery that is no CloudTrail record, kept with the reason. */
export interface Reject {
  readonly reason: string;
  /** What came, as JSON text, redacted like a record and cut to a bounded length. */
  readonly body: string;
  /** It only points to files, which are among the delivery's, or tests the way: nothing to whoever reads them. */
  readonly pointer?: true;
}

/** What one POST, queue message or file held, in its order. */
export interface Delivery {
  readonly records: readonly CloudTrailRecord[];
  readonly rejects: readonly Reject[];
  /** Canaries that came back; absent when there are none. */
  readonly canaries?: readonly Canary[];
  /** Files that it points to; absent when there are none. */
  readonly files?: readonly FilePointer[];
}

/** Enough of a reject to see what it is. */
const MAX_REJECT = 16 * 1024;

/** A body of rubbish could hold hundreds of thousands; those after these are kept as one, with their number. */
const MAX_REJECTS = 1000;

/**
 * Reads one text of events in any shape: JSON, or JSON line by line. Everything in it becomes a record or a
 * reject; `hints` say what a file's name says. `notJson` says, for people, why there is nothing to read at all. Never throws.
 */
export function readDelivery(text: string, hints: RecordHints = {}): Delivery | { readonly notJson: string } {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (plain.trim() === '') return { notJson: 'The body is empty; send one CloudTrail event as JSON.' };
  const whole = parseJson(plain);
  if (whole !== undefined) return sort(unwrap(whole, hints));
  const lines = plain.split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '');
  const parsed = lines.map(parseJson);
  const someReadable = parsed.some((value) => typeof value === 'object' && value !== null);
  if (lines.length < 2 || !someReadable) {
    return { notJson: 'The body is not JSON, nor JSON line by line; it may have been cut or compressed.' };
  }
  return sort(
    parsed.flatMap((value, index): (Item | BrokenLine)[] =>
      value === undefined
        ? [{ reason: `Line ${index + 1} is not JSON.`, line: lines[index] ?? '' }]
        : unwrap(value, hints),
    ),
  );
}

type BrokenLine = { readonly reason: string; readonly line: string };

function sort(items: readonly (Item | BrokenLine)[]): Delivery {
  const records: CloudTrailRecord[] = [];
  const rejects: Reject[] = [];
  const canaries: Canary[] = [];
  const files: FilePointer[] = [];
  for (const item of items) {
    if ('line' in item) {
      rejects.push(rejectOf(item.line, item.reason));
    } else if ('canary' in item && item.canary) {
      canaries.push(item.canary);
    } else if ('reason' in item) {
      const body = cut(JSON.stringify(redactJson(item.value)));
      rejects.push({ reason: item.reason, body, ...(item.files && { pointer: true }) });
      files.push(...(item.files ?? []));
    } else {
      const read = readRecord(item.record, item);
      if ('unreadable' in read) {
        rejects.push({ reason: read.unreadable, body: cut(JSON.stringify(redactJson(item.record))) });
      } else {
        records.push(read);
      }
    }
  }
  return {
    records,
    rejects: bounded(rejects),
    ...(canaries.length > 0 && { canaries }),
    ...(files.length > 0 && { files }),
  };
}

function bounded(rejects: readonly Reject[]): readonly Reject[] {
  const rest = rejects.slice(MAX_REJECTS);
  const [first] = rest;
  if (!first) return rejects;
  const reason = `${rest.length} more pieces of this delivery were no record; the first: ${first.reason}`;
  const pointer = rest.every((one) => one.pointer) && ({ pointer: true } as const);
  return [...rejects.slice(0, MAX_REJECTS), { reason, body: first.body, ...pointer }];
}

/** A text that is no record, to be kept with the reason. */
export function rejectOf(text: string, reason: string): Reject {
  return { reason, body: cut(maySpellSecret(text) ? redactText(text) : text) };
}

function cut(text: string): string {
  return text.length > MAX_REJECT ? `${text.slice(0, MAX_REJECT - 1).toWellFormed()}…` : text;
}
