import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Delivery, readDelivery } from '../cloudtrail/delivery.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { createBacklog, type Load } from './backlog.ts';
import { BODY_LIMIT, declaredLength, decode, readBytes } from './body.ts';
import { createDeadlines } from './deadline.ts';
import { reply, replyEarly } from './reply.ts';
import type { Handler } from './server.ts';
import { createKeyCheck } from './verify.ts';

/** What became of a delivery. */
export interface Stored {
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** Where deliveries go. Resolves when all of it is safe on disk; throws when storage is in trouble. */
export interface Intake {
  accept(delivery: Delivery, receivedAt: Millis): Promise<Stored>;
}

export type RefusalReason = 'key' | 'size' | 'content' | 'busy' | 'storage' | 'late';

/** What the webhook counts: refusals by reason, and how long each stored delivery took. */
export interface IngestCounters {
  refused(reason: RefusalReason): void;
  answered(took: Millis): void;
}

export interface IngestOptions {
  readonly keys: readonly string[];
  readonly intake: Intake;
  readonly counters: IngestCounters;
  readonly clock: Clock;
  readonly log: Log;
}

/** EventBridge gives up after 5 s; a commit that comes later makes its next try a harmless duplicate. */
const COMMIT_WITHIN: Millis = 4 * SECOND;

const MAX_WAITING = 2000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** So that an answer stays small however much of a delivery was not understood. */
const MAX_REASONS = 10;

interface Refused {
  readonly reason: RefusalReason;
  readonly status: 400 | 403 | 413 | 503;
  readonly error: string;
}

const FORBIDDEN: Refused = { reason: 'key', status: 403, error: 'Forbidden.' };
const NOTHING: Refused = {
  reason: 'content',
  status: 400,
  error: 'The body holds no event; send an EventBridge envelope or CloudTrail records.',
};
const BUSY: Refused = {
  reason: 'busy',
  status: 503,
  error: 'Too many deliveries are waiting to be stored; send this one again later.',
};
const LATE: Refused = {
  reason: 'late',
  status: 503,
  error: 'Storing took too long; send this delivery again, a duplicate is harmless.',
};
const TROUBLE: Refused = {
  reason: 'storage',
  status: 503,
  error: 'The delivery could not be stored; send it again later.',
};

/**
 * `POST /events`, as an EventBridge API destination calls it. 2xx only after the commit; 403 for a wrong key,
 * since a 401 would be retried for 24 hours; 400 and 413 for what no retry can mend; 503 for "later". Content
 * type and `Range` (which API destinations send) are not looked at.
 * Source: Amazon EventBridge user guide, "API destinations".
 */
export function createIngest(options: IngestOptions): Handler {
  const { counters, clock } = options;
  const hasKey = createKeyCheck(options.keys);
  const backlog = createBacklog(MAX_WAITING, MAX_WAITING_BYTES);
  const store = createStore(options);

  function refuse(req: IncomingMessage, res: ServerResponse, refused: Refused): void {
    counters.refused(refused.reason);
    replyEarly(req, res, refused.status, { error: refused.error }, headersOf(refused));
  }

  async function take(req: IncomingMessage, res: ServerResponse, load: Load): Promise<void> {
    const startedAt = clock.now();
    const delivery = await read(req, load);
    if (delivery === 'gone') return;
    if ('status' in delivery) refuse(req, res, delivery);
    else await store(res, delivery, startedAt);
  }

  return async (req, res) => {
    if (!hasKey(req.headers)) {
      refuse(req, res, FORBIDDEN);
      return;
    }
    // A body of unknown length may become as large as any.
    const load = backlog.admit(Math.min(declaredLength(req) ?? BODY_LIMIT, BODY_LIMIT));
    if (!load) {
      refuse(req, res, BUSY);
      return;
    }
    try {
      await take(req, res, load);
    } finally {
      load.end();
    }
  };
}

async function read(req: IncomingMessage, load: Load): Promise<Delivery | Refused | 'gone'> {
  const bytes = await readBytes(req);
  const text = Buffer.isBuffer(bytes) ? await decode(bytes) : bytes;
  if (typeof text !== 'string') {
    return 'gone' in text ? 'gone' : { reason: text.status === 413 ? 'size' : 'content', ...text };
  }
  if (Buffer.isBuffer(bytes) && text.length > bytes.length && !load.grow(text.length - bytes.length)) {
    return BUSY;
  }
  const delivery = readDelivery(text);
  if ('notJson' in delivery) return { reason: 'content', status: 400, error: delivery.notJson };
  const { records, rejects, canaries = [] } = delivery;
  return records.length + rejects.length + canaries.length > 0 ? delivery : NOTHING;
}

function createStore(
  options: IngestOptions,
): (res: ServerResponse, delivery: Delivery, startedAt: Millis) => Promise<void> {
  const { intake, counters, clock, log } = options;
  const deadlines = createDeadlines(clock, COMMIT_WITHIN);

  return async (res, delivery, startedAt) => {
    const refuse = (refused: Refused): void => {
      counters.refused(refused.reason);
      reply(res, refused.status, { error: refused.error }, headersOf(refused));
    };
    const wait = deadlines.begin(() => refuse(LATE));
    try {
      const stored = await intake.accept(delivery, clock.now());
      reply(res, 200, answer(stored, delivery));
      counters.answered(clock.now() - startedAt);
    } catch (error) {
      log.error({ error }, 'a delivery could not be stored; the sender was told to send it again');
      refuse(TROUBLE);
    } finally {
      deadlines.end(wait);
    }
  };
}

/** Rejects are kept, so they are no reason to send again; the answer says why they were not understood. */
function answer(stored: Stored, delivery: Delivery): object {
  if (delivery.rejects.length === 0) return stored;
  return { ...stored, reasons: delivery.rejects.slice(0, MAX_REASONS).map((reject) => reject.reason) };
}

function headersOf({ status }: Refused): { 'Retry-After'?: string } {
  return status === 503 ? { 'Retry-After': '5' } : {};
}
