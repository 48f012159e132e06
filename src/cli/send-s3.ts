import { openAws } from '../app/ways.ts';
import { readFileName } from '../cloudtrail/file-name.ts';
import { addressOf, type FilePointer, readAddress } from '../cloudtrail/pointer.ts';
import { isObject, type Json, parseJson } from '../kernel/json.ts';
import { createLog } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import { type Clock, parseInstant } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import { type FilePlace, LargeTrailFile, MissingTrailFile, type TrailFiles } from '../work/trail-files.ts';
import { ahead } from '../work/ways/ahead.ts';
import { BrokenTrailFile, recordTextsIn } from '../work/ways/file-records.ts';
import { listTrailFiles, type Stretch } from '../work/ways/list-files.ts';
import { awsHere } from './aws-here.ts';
import { envelopeOf, type Source } from './events.ts';
import { readStretch } from './send-period.ts';
import { draftSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

/** Fetched while the ones before are sent. */
const AHEAD = 4;
/** In bytes; a larger file, which hardly any is, is fetched when it is its turn. */
const MOST_AHEAD = 32 * 1024 * 1024;

/** Whether the events are to come from trail files in S3. */
export function isInS3(files: readonly string[]): boolean {
  return files.some((file) => file.startsWith('s3://'));
}

/**
 * The events of a stretch of time in trail files under these addresses. Throws Misuse for what is no address, or would
 * be everything that a trail ever wrote.
 */
export async function trailFileEvents(
  terminal: Terminal,
  files: readonly string[],
  options: { readonly since?: string; readonly until?: string },
  clock: Clock,
): Promise<Source> {
  const prefixes = files.map((file) => readPrefix(file, options.since));
  const stretch = readStretch(options, clock.now());
  const readerRoles = draftSettings(terminal, undefined).config?.history.readerRoles ?? new Map();
  const log = createLog('silent');
  const aws = await openAws(readerRoles, { clock, log, standIn: awsHere(terminal) });
  const count = { files: 0, unsent: 0 };
  const skip = (place: string, why: string): void => {
    count.unsent += 1;
    terminal.err(`${place}: ${why}\n`);
  };
  async function* events(): AsyncGenerator<string> {
    const trail = aws.files(terminal.env.AWS_REGION ?? 'us-east-1');
    for (const { bucket, key: prefix } of prefixes) {
      for await (const one of filesUnder(trail, { bucket, prefix }, stretch)) {
        count.files += 1;
        yield* eventsIn('large' in one ? await fetch(trail, one.large) : one, stretch, skip);
      }
    }
  }
  return {
    events: saidPlainly(events()),
    unsent: () => count.unsent,
    files: () => count.files,
    close: aws.close,
  };
}

function readPrefix(file: string, since: string | undefined): FilePointer {
  const address = readAddress(file);
  if (!address) {
    const form = 's3://bucket/AWSLogs/111122223333/CloudTrail/';
    throw new Misuse(`${file} is no address in S3: give one such as ${form}, and no other files beside it.`);
  }
  if (since === undefined && !/\/\d{4}(\/|$)/.test(address.key)) {
    throw new Misuse(
      `${file} would be everything that was ever recorded there: say from when, with --since 7d.`,
    );
  }
  return address;
}

interface Fetched {
  readonly at: FilePlace;
  readonly bytes: Buffer | undefined;
  /** Why it has no bytes. */
  readonly why?: string;
  readonly tooLarge?: boolean;
}

function filesUnder(
  trail: TrailFiles,
  asked: { readonly bucket: string; readonly prefix: string },
  stretch: Stretch,
): AsyncIterable<Fetched | { readonly large: FilePlace }> {
  const files = listTrailFiles(trail, asked, stretch, new AbortController().signal);
  return ahead(AHEAD, files, async (at) => {
    const fetched = await fetch(trail, at, MOST_AHEAD);
    return fetched.tooLarge ? { large: at } : fetched;
  });
}

async function fetch(trail: TrailFiles, at: FilePlace, most?: number): Promise<Fetched> {
  const { signal } = new AbortController();
  try {
    return { at, bytes: await trail.get(at, signal, async ({ bytes }) => bytes, most) };
  } catch (error) {
    const gone = 'this was there when it was listed, and is not any more';
    if (error instanceof MissingTrailFile) return { at, bytes: undefined, why: gone };
    if (error instanceof LargeTrailFile)
      return { at, bytes: undefined, why: `it ${error.said}`, tooLarge: true };
    throw error;
  }
}

async function* eventsIn(
  { at, bytes, why }: Fetched,
  stretch: Stretch,
  skip: (place: string, why: string) => void,
): AsyncGenerator<string> {
  const address = addressOf(at);
  const place = readFileName(at.key) ?? {};
  if (!bytes) return skip(address, why ?? 'it could not be read');
  try {
    for await (const texts of recordTextsIn(bytes)) {
      for (const text of texts) {
        const value = parseJson(text);
        if (value === undefined) skip(address, 'a record in it is no JSON and is not sent');
        else if (isWithin(value, stretch))
          yield JSON.stringify(isObject(value) ? envelopeOf(value, place) : value);
      }
    }
  } catch (error) {
    if (!(error instanceof BrokenTrailFile)) throw error;
    skip(address, `the file ${error.message}; what could be read of it is sent`);
  }
}

/** What does not say when it happened is sent, to be kept with the reason. */
function isWithin(value: Json, { from, to }: Stretch): boolean {
  const said = isObject(value) && typeof value.eventTime === 'string' ? value.eventTime : '';
  const at = parseInstant(said);
  return at === undefined || (at >= from && at <= to);
}

async function* saidPlainly(events: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* events;
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    const { what, remedy } = error.trouble;
    throw new Misuse(`The trail files cannot be read: ${what}; ${remedy}.`);
  }
}
