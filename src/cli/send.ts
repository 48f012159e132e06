import { resolve } from 'node:path';
import { readRunning } from '../app/local.ts';
import { unwrap } from '../cloudtrail/envelope.ts';
import { readEnvironment } from '../config/environment.ts';
import { type SendResult, sendEvents } from '../http/sender.ts';
import { isObject, type Json, type JsonObject, textOf } from '../kernel/json.ts';
import { Misuse } from '../kernel/problem.ts';
import { systemRandom } from '../kernel/random.ts';
import { SECOND, systemClock } from '../kernel/time.ts';
import { readPieces } from './input.ts';
import { SAMPLES } from './samples/sample.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface SendOptions {
  readonly sample?: string;
  readonly to?: string;
  readonly rate?: number;
  readonly data?: string;
  readonly json?: boolean;
}

/** Posts events to a webhook; exit 1 when one of them was not taken. */
export async function send(
  terminal: Terminal,
  files: readonly string[],
  options: SendOptions,
): Promise<number> {
  const { url, key } = target(terminal, options);
  const startedAt = systemClock.now();
  const result = await sendEvents({
    url,
    key,
    events: options.sample === undefined ? envelopesOf(terminal, files) : sampleOf(options.sample),
    ...(options.rate === undefined ? {} : { rate: options.rate }),
    concurrency: 8,
    retries: 5,
    keepAlive: true,
    clock: systemClock,
    random: systemRandom,
    onProgress: (soFar) => progress(terminal, soFar, systemClock.now() - startedAt),
  });
  if (terminal.interactive) terminal.err('\r\u001b[K');
  terminal.out(options.json ? `${JSON.stringify(result)}\n` : `${say(result, url)}\n`);
  return result.failed > 0 ? EXIT.finding : EXIT.fine;
}

function target(terminal: Terminal, options: SendOptions): { url: string; key: string } {
  const running = readRunning(resolve(terminal.folder, options.data ?? '.trailbot'));
  const url = options.to ?? running?.webhook;
  if (url === undefined) {
    throw new Misuse(
      'No local bot was started here. Start one with npm start, or give the webhook with --to URL.',
    );
  }
  const [key] = readEnvironment(terminal.env).webhookKeys;
  if (key !== undefined) return { url, key };
  if (running !== undefined && (options.to === undefined || options.to === running.webhook)) {
    return { url, key: running.key };
  }
  throw new Misuse(`The webhook ${url} wants a key: set TRAILBOT_WEBHOOK_KEYS to one of its keys.`);
}

function sampleOf(name: string): string[] {
  const sample = SAMPLES.get(name);
  if (!sample) {
    throw new Misuse(`There is no sample ${name}. The samples are: ${[...SAMPLES.keys()].join(', ')}.`);
  }
  return sample.make(systemClock.now(), systemRandom).map((envelope) => JSON.stringify(envelope));
}

/** One envelope a record, as EventBridge delivers; what is no record goes as it is, to be kept with a reason. */
async function* envelopesOf(terminal: Terminal, files: readonly string[]): AsyncGenerator<string> {
  for await (const piece of readPieces(terminal, files)) {
    let value: Json;
    try {
      value = JSON.parse(piece.text) as Json;
    } catch {
      throw new Misuse(`${piece.file}:${piece.line} is no JSON; nothing after it was sent.`);
    }
    if (isObject(value) && 'detail-type' in value) yield piece.text;
    else
      for (const item of unwrap(value))
        yield JSON.stringify('record' in item ? envelopeOf(item.record) : item.value);
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

/** Amazon EventBridge user guide, "Events from AWS services via CloudTrail": one record in `detail`. */
function envelopeOf(record: JsonObject): JsonObject {
  const service = (textOf(record, 'eventSource') ?? 'cloudtrail').replace(/\.amazonaws\.com$/, '');
  return {
    version: '0',
    id: systemRandom.id(),
    'detail-type': DETAIL_TYPES[textOf(record, 'eventType') ?? ''] ?? 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: textOf(record, 'recipientAccountId') ?? '',
    time: textOf(record, 'eventTime') ?? '',
    region: textOf(record, 'awsRegion') ?? '',
    resources: [],
    detail: record,
  };
}

function progress(terminal: Terminal, soFar: SendResult, took: number): void {
  if (!terminal.interactive || took < 2 * SECOND) return;
  const rate = Math.round((soFar.sent * SECOND) / took);
  terminal.err(
    `\r\u001b[K${soFar.sent} sent, ${rate} a second, ${soFar.retried} tried again, ${soFar.failed} failed`,
  );
}

function say(result: SendResult, url: string): string {
  const parts = [`${result.sent} events sent to ${url}: ${result.accepted} stored`];
  if (result.duplicates > 0) parts.push(`${result.duplicates} were there already`);
  if (result.rejected > 0) parts.push(`${result.rejected} not understood, kept with the reason`);
  if (result.failed > 0) parts.push(`${result.failed} failed (${result.firstFailure ?? 'no reason given'})`);
  return `${parts.join(', ')}.`;
}
