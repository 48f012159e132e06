import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What is still read of a body that nobody wants, so that the client gets to see the answer. */
const DISCARD_LIMIT = 16 * 1024 * 1024;

/** Answers with JSON. Does nothing when an answer is on its way already or the client has gone. */
export function reply(
  res: ServerResponse,
  status: number,
  body: object,
  headers: OutgoingHttpHeaders = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const text = JSON.stringify(body);
  writeHead(res, status, text, headers);
  res.end(text);
}

/**
 * Answers although the body may not have been read. The client sees the answer at once, but the connection is let go
 * only when the body has arrived (or too much of it): closing a socket with unread bytes resets it, the
 * answer is lost, and EventBridge would retry what was refused for good.
 */
export function replyEarly(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  body: object,
  headers: OutgoingHttpHeaders = {},
): void {
  if (res.headersSent || res.destroyed) return;
  if (req.readableEnded) {
    reply(res, status, body, headers);
    return;
  }
  const text = JSON.stringify(body);
  writeHead(res, status, text, headers);
  res.write(text);
  let discarded = 0;
  req.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > DISCARD_LIMIT) req.socket.destroy();
  });
  req.on('end', () => res.end());
  req.on('error', () => res.destroy());
}

function writeHead(res: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders): void {
  res.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
}
