import { addAbortSignal, type Readable } from 'node:stream';
import {
  GetBucketLocationCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Clock, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import {
  type FilePlace,
  LargeTrailFile,
  MissingTrailFile,
  MOST_BYTES,
  type TrailFile,
  type TrailFiles,
} from '../work/trail-files.ts';
import type { Accounts } from './accounts.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import type { Clients } from './clients.ts';
import { patiently, within } from './patience.ts';
import { remember } from './remember.ts';

interface FileTools {
  readonly accounts: Pick<Accounts, 'credentials'>;
  readonly clients: Pick<Clients, 's3'>;
  /** Shared by all that are read at the same time. */
  readonly budget: ByteBudget;
  readonly clock: Clock;
}

/** What the files in use may have in all: a few dozen as trails write them, or one of the largest. */
export const createFileBudget = (): ByteBudget => createByteBudget(MOST_BYTES);
/** In bytes. Almost every file of a trail has less; room for a larger one is made when its size is known. */
const ORDINARY = 8 * 1024 * 1024;

/** Who reads, and where the files most likely are. */
interface Reader {
  /** Twelve digits each: when S3 denies one, the next is tried. */
  readonly accounts: () => Promise<readonly string[]>;
  /** Of a bucket that does not say where it is. */
  readonly region: string;
}

/** For all of a file: the time-out of a request ends when its answer begins. */
const WHOLE_FILE: Millis = 5 * MINUTE;

/** Objects in S3, whichever region their bucket is in. */
export function createTrailFiles(tools: FileTools, reader: Reader): TrailFiles {
  const { clock } = tools;
  /** The place in the list of accounts from which a bucket can be read. */
  const mayRead = new Map<string, number>();
  const regions = remember(clock, async (key) => {
    const [bucket = '', account = ''] = key.split('|');
    return { value: await regionOf(tools, reader.region, account, bucket), until: clock.now() + HOUR };
  });

  async function clientFor(bucket: string, account: string): Promise<S3Client> {
    const region = await regions.get(`${bucket}|${account}`);
    return tools.clients.s3({ account, region }, tools.accounts.credentials(account));
  }

  /** Calls S3 as the first account that may. */
  async function ask<T>(
    at: FilePlace,
    action: string,
    signal: AbortSignal,
    call: (client: S3Client, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const accounts = await reader.accounts();
    for (let turn = mayRead.get(at.bucket) ?? 0; ; turn += 1) {
      const account = accounts[turn] ?? '';
      try {
        const said = await patiently(clock, { action }, signal, async (stop) =>
          call(await clientFor(at.bucket, account), stop),
        );
        mayRead.set(at.bucket, turn);
        return said;
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey') throw new MissingTrailFile(at, error);
        const known = mayRead.has(at.bucket) || turn + 1 >= accounts.length;
        if (known || !isClosed(error)) throw error;
      }
    }
  }

  /** The file, or its size when it has more than `most` bytes. */
  function fetch(at: FilePlace, signal: AbortSignal, most: number): Promise<TrailFile | number> {
    return within(clock, WHOLE_FILE, { action: 's3:GetObject' }, signal, (whole) =>
      ask(at, 's3:GetObject', whole, (client, stop) => read(client, at, most, stop)),
    );
  }

  return {
    async get(at, signal, use, most = MOST_BYTES) {
      for (let room = Math.min(ORDINARY, most); ; ) {
        const giveBack = await tools.budget.hold(room, signal);
        try {
          const file = await fetch(at, signal, room);
          if (typeof file !== 'number') return await use(file);
          // Not while it is held: two that wait for more would wait for each other.
          if (file > most || room >= most) throw new LargeTrailFile(at);
          room = file;
        } finally {
          giveBack();
        }
      }
    },
    async *list({ bucket, prefix, after }, signal) {
      let token: string | undefined;
      do {
        const request = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(token === undefined ? { StartAfter: after } : { ContinuationToken: token }),
        });
        const page = await ask({ bucket, key: prefix }, 's3:ListBucket', signal, (client, abortSignal) =>
          client.send(request, { abortSignal }),
        );
        for (const { Key: key, Size: size = 0 } of page.Contents ?? []) if (key) yield { key, size };
        token = page.NextContinuationToken;
      } while (token);
    },
  };
}

/** The file, or its size when it has more than `most` bytes. */
async function read(
  client: S3Client,
  { bucket, key }: FilePlace,
  most: number,
  abortSignal: AbortSignal,
): Promise<TrailFile | number> {
  const request = new GetObjectCommand({ Bucket: bucket, Key: key });
  const said = await client.send(request, { abortSignal });
  const { Body: body, ContentLength: length = 0, Metadata: metadata = {} } = said;
  // In Node, a body is a stream of Node's own.
  const stream = body && addAbortSignal(abortSignal, body as Readable);
  const bytes = stream ? await bytesOf(stream, length, most) : Buffer.alloc(0);
  return typeof bytes === 'number' ? bytes : { bytes, metadata: new Map(Object.entries(metadata)) };
}

/** Whoever can write into the bucket could fill the memory: neither what is announced nor what comes may do so. */
async function bytesOf(body: Readable, announced: number, most: number): Promise<Buffer | number> {
  if (announced > most) {
    // That ends the connection, too: nothing of it is fetched.
    body.on('error', () => undefined).destroy();
    return announced;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    length += piece.length;
    // How much more would come was not said.
    if (length > most) return MOST_BYTES;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Asked once, since each request to another region costs a second one. */
async function regionOf(
  { accounts, clients, clock }: FileTools,
  guess: string,
  account: string,
  bucket: string,
): Promise<string> {
  const client = clients.s3({ account, region: guess }, accounts.credentials(account));
  const never = new AbortController().signal;
  try {
    const said = await patiently(clock, { action: 's3:GetBucketLocation' }, never, (abortSignal) =>
      client.send(new GetBucketLocationCommand({ Bucket: bucket }), { abortSignal }),
    );
    // The oldest region has no name there, and Ireland may have its first one.
    const region: string = said.LocationConstraint ?? 'us-east-1';
    return region === 'EU' ? 'eu-west-1' : region;
  } catch {
    // Whoever may not ask this can still be sent on by S3, or hears from it what is wrong.
    return guess;
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof LookupTrouble && ['denied', 'no credentials'].includes(error.trouble.kind);
}

/** S3's error code. */
function nameOf(error: unknown): string | undefined {
  const cause = error instanceof LookupTrouble ? error.cause : error;
  return cause instanceof Error ? cause.name : undefined;
}
