import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { replyEarly } from './reply.ts';
import type { Handler, Routes } from './server.ts';

export interface CalendarFeed {
  /** Whoever gives it may read. */
  readonly key: string;
  /** The schedules that there are when the bot starts. */
  readonly names: readonly string[];
  /** A schedule as iCalendar; `undefined` when it is no more. */
  readonly calendar: (name: string) => Promise<string | undefined>;
}

/** `GET /schedules/NAME.ics?key=…`, for calendars that subscribe; none without a key to compare with. */
export function calendarRoutes(feed: CalendarFeed | undefined): Routes {
  if (!feed || feed.key === '') return {};
  return Object.fromEntries(
    feed.names.map((name) => [`/schedules/${name}.ics`, { GET: handlerFor(feed, name) }]),
  );
}

function handlerFor({ key, calendar }: CalendarFeed, name: string): Handler {
  const known = digest(key);
  return async (req, res) => {
    const presented = new URL(req.url ?? '', 'http://bot').searchParams.get('key') ?? '';
    // As digests, so that all comparisons take the same time. Without the key it is as if there were nothing.
    const text = timingSafeEqual(digest(presented), known) ? await calendar(name) : undefined;
    if (text === undefined) replyEarly(req, res, 404, { error: 'Nothing is served at this path.' });
    else send(req, res, text);
  };
}

function send(req: IncomingMessage, res: ServerResponse, text: string): void {
  res.writeHead(200, {
    'Content-Type': 'text/calendar; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'private, max-age=300',
  });
  res.end(req.method === 'HEAD' ? undefined : text);
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
