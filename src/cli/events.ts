import { unwrap } from '../cloudtrail/envelope.ts';
import type { RecordHints } from '../cloudtrail/record.ts';
import { isObject, type JsonObject, textOf } from '../kernel/json.ts';
import { Misuse } from '../kernel/problem.ts';
import { systemRandom } from '../kernel/random.ts';
import { systemClock } from '../kernel/time.ts';
import { readPieces } from './input.ts';
import { SAMPLES } from './samples/sample.ts';
import type { Terminal } from './terminal.ts';

/** Texts that are no JSON are named up to here, and counted from there. */
const MOST_SHOWN = 20;

/** What is to be sent, and how much of the input cannot be. */
export interface Source {
  readonly events: AsyncIterable<string> | Iterable<string>;
  unsent(): number;
  /** Trail files that were read until now; absent where there are none. */
  readonly files?: () => number;
  close?(): void;
}

/** The events of the files, of standard input or of a sample. Throws Misuse when none of these is given rightly. */
export function sourceOf(terminal: Terminal, files: readonly string[], sample: string | undefined): Source {
  if (sample !== undefined && files.length > 0) throw new Misuse('Give files or --sample NAME, not both.');
  if (sample !== undefined) return { events: sampleOf(sample), unsent: () => 0 };
  if (files.length === 0 && terminal.keyboard) {
    throw new Misuse(
      `Give files with events, - for standard input, or --sample with one of ${[...SAMPLES.keys()].join(', ')}.`,
    );
  }
  let unsent = 0;
  const skip = (place: string) => {
    unsent += 1;
    if (unsent <= MOST_SHOWN) terminal.err(`${place}: this is no JSON and is not sent\n`);
  };
  return { events: envelopesOf(terminal, files, skip), unsent: () => unsent };
}

function sampleOf(name: string): string[] {
  const sample = SAMPLES.get(name);
  if (!sample) {
    throw new Misuse(`There is no sample ${name}. The samples are: ${[...SAMPLES.keys()].join(', ')}.`);
  }
  return sample.make(systemClock.now(), systemRandom).map((envelope) => JSON.stringify(envelope));
}

/** One envelope a record, as EventBridge delivers; what is no record goes as it is, to be kept with a reason. */
async function* envelopesOf(
  terminal: Terminal,
  files: readonly string[],
  skip: (place: string) => void,
): AsyncGenerator<string> {
  for await (const pieces of readPieces(terminal, files)) {
    for (const { file, line, text, value } of pieces) {
      if (value === undefined) skip(`${file}:${line}`);
      else if (isObject(value) && 'detail-type' in value) yield text;
      else {
        for (const item of unwrap(value)) {
          yield JSON.stringify('record' in item ? envelopeOf(item.record, item) : item.value);
        }
      }
    }
  }
}

const DETAIL_TYPES: Readonly<Record<string, string>> = {
  AwsConsoleSignIn: 'AWS Console Sign In via CloudTrail',
  AwsConsoleSignin: 'AWS Console Sign In via CloudTrail',
  AwsConsoleAction: 'AWS Console Action via CloudTrail',
  AwsServiceEvent: 'AWS Service Event via CloudTrail',
  AwsCloudTrailInsight: 'AWS Insight via CloudTrail',
  AwsVpceEvent: 'AWS Network Activity Event via CloudTrail',
  AwsVpceEvents: 'AWS Network Activity Event via CloudTrail',
};

/**
 * One record in `detail`; `place` is where it lay, for records that do not say it. Source: Amazon EventBridge user
 * guide, "Events from AWS services via CloudTrail".
 */
export function envelopeOf(record: JsonObject, place: RecordHints = {}): JsonObject {
  const service = (textOf(record, 'eventSource') ?? 'cloudtrail').replace(/\.amazonaws\.com(\.cn)?$/, '');
  return {
    version: '0',
    id: systemRandom.id(),
    'detail-type': DETAIL_TYPES[textOf(record, 'eventType') ?? ''] ?? 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: textOf(record, 'recipientAccountId') ?? place.account ?? '',
    time: textOf(record, 'eventTime') ?? '',
    region: textOf(record, 'awsRegion') ?? place.region ?? '',
    resources: [],
    detail: record,
  };
}
