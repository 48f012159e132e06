import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject } from '../kernel/json.ts';
import { readJson } from './args.ts';
import { parseArgs, readBody, uploadedBytes } from './body.ts';
import type { Core } from './core.ts';
import { Denied } from './denied.ts';
import { mediaType } from './files.ts';
import { reply, replyDenied, replyText } from './reply.ts';
import { respond } from './respond.ts';

/** `POST /response/SECRET`: what `respond()` sends. */
export async function serveResponse(
  core: Core,
  secret: string,
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
): Promise<void> {
  try {
    const body = await readBody(request, maxBodyBytes);
    const args = await parseArgs(request.headers['content-type'] ?? '', body);
    // Forms carry the message in one field.
    const payload = typeof args.payload === 'string' ? readJson(args.payload) : undefined;
    respond(core, secret, isObject(payload) ? payload : args);
    reply(response, 200, 'text/plain; charset=utf-8', 'ok');
  } catch (error) {
    replyDenied(response, error);
  }
}

/** `POST /upload/TICKET`: the bytes of a file, once. */
export async function serveUpload(
  core: Core,
  ticket: string,
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
): Promise<void> {
  try {
    const file = core.files.byTicket(ticket);
    if (!file || file.content) throw new Denied('invalid_upload_url', { status: 404 });
    const body = await readBody(request, maxBodyBytes);
    const content = await uploadedBytes(request.headers['content-type'] ?? '', body);
    core.files.set({ ...file, content });
    reply(response, 200, 'text/plain; charset=utf-8', `OK - ${content.length}`);
  } catch (error) {
    replyDenied(response, error);
  }
}

/** `GET /files/ID/NAME`: with the bot's token, or from the workspace's own page. */
export function serveFile(
  core: Core,
  id: string,
  botToken: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { authorization, 'sec-fetch-site': site } = request.headers;
  const allowed = authorization === `Bearer ${botToken}` || site === 'same-origin';
  const file = core.files.find(id);
  if (!allowed) replyText(response, 403, 'This file needs the token of the bot.');
  else if (!file?.complete || !file.content) replyText(response, 404, 'There is no such file.');
  else {
    const type = mediaType(file.name);
    const disposition = type.startsWith('image/') ? 'inline' : 'attachment';
    reply(response, 200, type, file.content, { 'content-disposition': disposition });
  }
}
