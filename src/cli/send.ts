import { resolve } from 'node:path';
import { type Running, readRunning } from '../app/local.ts';
import { readEnvironment } from '../config/environment.ts';
import { type SendResult, sendEvents } from '../http/sender.ts';
import { Misuse } from '../kernel/problem.ts';
import { systemRandom } from '../kernel/random.ts';
import { SECOND, systemClock } from '../kernel/time.ts';
import { type Source, sourceOf } from './events.ts';
import { createProgress } from './progress.ts';
import { isInS3, trailFileEvents } from './send-s3.ts';
import { draftSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { whyNobodyAnswers } from './webhook.ts';

export interface SendOptions {
  readonly sample?: string;
  readonly to?: string;
  readonly rate?: number;
  readonly data?: string;
  readonly json?: boolean;
  /** For trail files in S3: when what happened. */
  readonly since?: string;
  readonly until?: string;
}

const CONCURRENCY = 8;
const NOTHING: SendResult = {
  sent: 0,
  accepted: 0,
  duplicates: 0,
  rejected: 0,
  failed: 0,
  retried: 0,
  firstFailure: undefined,
};

/** Posts events to a webhook; exit 1 when one of them was not taken. */
export async function send(
  terminal: Terminal,
  files: readonly string[],
  options: SendOptions,
): Promise<number> {
  const source = await sourceFor(terminal, files, options);
  try {
    const { url, key } = target(terminal, options);
    return await sendFrom(terminal, source, url, key, options);
  } finally {
    source.close?.();
  }
}

async function sourceFor(
  terminal: Terminal,
  files: readonly string[],
  options: SendOptions,
): Promise<Source> {
  const { sample, since, until } = options;
  if (sample === undefined && isInS3(files)) return trailFileEvents(terminal, files, options, systemClock);
  if (since === undefined && until === undefined) return sourceOf(terminal, files, sample);
  throw new Misuse(
    '--since and --until are for trail files in S3, as in: trailbot send s3://bucket/AWSLogs/ --since 7d.',
  );
}

async function sendFrom(
  terminal: Terminal,
  source: Source,
  url: string,
  key: string,
  options: SendOptions,
): Promise<number> {
  const absent = await whyNobodyAnswers(url, systemClock);
  const result = absent
    ? { ...NOTHING, firstFailure: absent }
    : await post(terminal, source, url, key, options.rate);
  const files = source.files?.();
  if (options.json) terminal.out(`${JSON.stringify({ ...result, unsent: source.unsent(), files })}\n`);
  if (absent) {
    terminal.err(
      `Nothing answers at ${url} (${absent}). Start the bot with npm start, or give another webhook with --to URL.\n`,
    );
  } else if (isHopeless(result, 1)) {
    terminal.err(`${sayHopeless(result, url)}\n`);
  } else if (!options.json) {
    terminal.out(`${files === undefined ? '' : sayFiles(files)}${say(result, url)}\n`);
  }
  if (source.unsent() > 0) terminal.err(`${sayUnsent(source.unsent(), files !== undefined)}\n`);
  if (files === 0 && !absent) terminal.err('No trail file there has events of that time.\n');
  const nothing = absent !== undefined || files === 0;
  return nothing || result.failed > 0 || source.unsent() > 0 ? EXIT.finding : EXIT.fine;
}

async function post(
  terminal: Terminal,
  { events, files }: Source,
  url: string,
  key: string,
  rate: number | undefined,
): Promise<SendResult> {
  const startedAt = systemClock.now();
  let soFar = NOTHING;
  const progress = createProgress(terminal, () => {
    const read = files && `${files()} files, `;
    return `${read ?? ''}${sayProgress(soFar, systemClock.now() - startedAt)}`;
  });
  async function* whileItMakesSense(): AsyncGenerator<string> {
    for await (const event of events) {
      if (isHopeless(soFar, CONCURRENCY)) return;
      yield event;
    }
  }
  const result = await sendEvents({
    url,
    key,
    events: whileItMakesSense(),
    ...(rate === undefined ? {} : { rate }),
    concurrency: CONCURRENCY,
    retries: 5,
    keepAlive: true,
    clock: systemClock,
    random: systemRandom,
    onProgress(latest) {
      soFar = latest;
      progress.show();
    },
  });
  progress.clear();
  return result;
}

/** So many have failed, and none was taken. */
function isHopeless({ sent, failed }: SendResult, atLeast: number): boolean {
  return failed >= atLeast && failed === sent;
}

function target(terminal: Terminal, options: SendOptions): { url: string; key: string } {
  const running = runningBot(terminal, options.data);
  const url = options.to ?? running?.webhook;
  if (url === undefined) {
    throw new Misuse(
      'No local bot was started here. Start one with npm start, or give the webhook with --to URL.',
    );
  }
  if (running !== undefined && url === running.webhook) return { url, key: running.key };
  const [key] = readEnvironment(terminal.env).webhookKeys;
  if (key !== undefined) return { url, key };
  throw new Misuse(`The webhook ${url} wants a key: set TRAILBOT_WEBHOOK_KEYS to one of its keys.`);
}

/** The bot of the data folder that is named, or else of the one that `serve` would use here. */
function runningBot(terminal: Terminal, data: string | undefined): Running | undefined {
  if (data !== undefined) return readRunning(resolve(terminal.folder, data));
  const { config, base } = draftSettings(terminal, undefined);
  return readRunning(resolve(base, config?.dataDir ?? '.trailbot'));
}

function sayUnsent(unsent: number, inS3: boolean): string {
  const [is, are] = inS3 ? ['could not be read', 'could not be read'] : ['is no JSON', 'are no JSON'];
  return unsent === 1
    ? `1 piece of the input ${is} and was not sent.`
    : `${unsent} pieces of the input ${are} and were not sent.`;
}

function sayFiles(files: number): string {
  return files === 1 ? '1 trail file was read. ' : `${files} trail files were read. `;
}

function sayProgress({ sent, retried, failed }: SendResult, took: number): string {
  const rate = Math.round((sent * SECOND) / took);
  return `${sent} sent, ${rate} a second, ${retried} tried again, ${failed} failed`;
}

function say(result: SendResult, url: string): string {
  const events = result.sent === 1 ? 'event' : 'events';
  const parts = [`${result.sent} ${events} sent to ${url}: ${result.accepted} stored`];
  if (result.duplicates > 0) parts.push(`${result.duplicates} there already`);
  if (result.rejected > 0) parts.push(`${result.rejected} not understood, kept with the reason`);
  if (result.failed > 0) parts.push(`${result.failed} failed (${result.firstFailure ?? 'no reason given'})`);
  return `${parts.join(', ')}.`;
}

function sayHopeless({ firstFailure = 'no reason given' }: SendResult, url: string): string {
  if (firstFailure.startsWith('answered 403')) {
    return `The webhook ${url} refuses the key. Set TRAILBOT_WEBHOOK_KEYS to one of the keys that it was started with; nothing was stored.`;
  }
  const remedy = firstFailure.startsWith('answered 404') ? ' Trailbot takes events at /events.' : '';
  return `The webhook ${url} took nothing: ${firstFailure.replace(/\.?$/, '.')}${remedy}`;
}
