import { type JsonObject, objectOf, textOf } from '../kernel/json.ts';

/** Where a file is that a notification points to. */
export interface FilePointer {
  readonly bucket: string;
  /** As S3 has it, not as a notification may encode it. */
  readonly key: string;
}

/** What a message is that holds no event. */
export interface Pointing {
  /** Why there is no event, for whoever does not read files. */
  readonly reason: string;
  /** For whoever reads files. Absent when there is nothing to read; empty when nothing is wrong with that. */
  readonly files?: readonly FilePointer[];
}

/**
 * Messages that only say where a file is, or that test whether such messages arrive; `undefined` for all others.
 * Sources: Amazon S3 user guide, "Event message structure"; AWS CloudTrail user guide, "Configuring Amazon SNS
 * notifications".
 */
export function readPointer(object: JsonObject): Pointing | undefined {
  if (object.Event === 's3:TestEvent') {
    const reason = 'The test message that S3 sends when notifications are set up; nothing is wrong.';
    return { reason, files: [] };
  }
  if ('s3' in object && (object.eventSource === 'aws:s3' || !('userIdentity' in object))) {
    return byS3(object);
  }
  if (!('s3Bucket' in object && 's3ObjectKey' in object)) return undefined;
  const keys = Array.isArray(object.s3ObjectKey) ? object.s3ObjectKey : [object.s3ObjectKey];
  const named = keys.map((key) => filesOf(textOf(object, 's3Bucket'), key));
  return pointing('A CloudTrail notification', 'log file', named.flat());
}

/** One record of a notification of S3. */
function byS3(object: JsonObject): Pointing {
  const event = textOf(object, 'eventName') ?? 'ObjectCreated:';
  // AWS writes it with and without "s3:" in front.
  if (!/^(s3:)?ObjectCreated:/.test(event)) return noNewFile(event);
  const s3 = objectOf(object, 's3') ?? {};
  const bucket = textOf(objectOf(s3, 'bucket') ?? {}, 'name');
  const key = decoded(textOf(objectOf(s3, 'object') ?? {}, 'key'));
  return pointing('An S3 notification', 'log file', filesOf(bucket, key));
}

/** An event of S3 that EventBridge brought. Source: Amazon S3 user guide, "EventBridge event message structure". */
export function readObjectEvent(detailType: string, detail: JsonObject | undefined): Pointing {
  if (detailType !== 'Object Created') return noNewFile(detailType);
  const bucket = textOf(objectOf(detail ?? {}, 'bucket') ?? {}, 'name');
  const key = textOf(objectOf(detail ?? {}, 'object') ?? {}, 'key');
  return pointing(`An S3 notification ("${detailType}")`, 'file', filesOf(bucket, key));
}

function pointing(what: string, kind: string, files: readonly FilePointer[]): Pointing {
  const reason = `${what} only points to a ${kind}: send the events themselves, or read the file.`;
  return files.length > 0 ? { reason, files } : { reason };
}

function noNewFile(event: string): Pointing {
  return {
    reason: `An S3 notification ("${event.slice(0, 80)}") that points to no new file: let S3 notify of s3:ObjectCreated:* alone.`,
  };
}

function filesOf(bucket: string | undefined, key: unknown): FilePointer[] {
  return bucket !== undefined && bucket !== '' && typeof key === 'string' && key !== ''
    ? [{ bucket, key }]
    : [];
}

/** S3 encodes keys in its own notifications as web forms do: a space is a plus. */
function decoded(key: string | undefined): string | undefined {
  try {
    return key && decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** The texts of the bucket and the key in one, to tell files apart. */
export function addressOf({ bucket, key }: FilePointer): string {
  return `s3://${bucket}/${key}`;
}

/** `s3://bucket/prefix` in its parts; `undefined` when the text is none. */
export function readAddress(text: string): FilePointer | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}
