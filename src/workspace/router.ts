import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiOptions, serveApi } from './api/server.ts';
import { turnAway } from './callers.ts';
import { type PageParts, servePage } from './page-server.ts';
import { replyText } from './reply.ts';
import { serveFile, serveResponse, serveUpload } from './transfer.ts';

export interface Parts {
  readonly port: number;
  readonly api: ApiOptions;
  readonly page: PageParts;
}

/** The request listener of the workspace: Slack's API for the app, the page for people. */
export function listener(parts: Parts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // A client that goes away while it is answered is no event worth a word.
    response.on('error', () => {});
    route(parts, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else replyText(response, 500, `The local workspace failed: ${String(error)}`);
    });
  };
}

async function route(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.url ?? '/';
  const base = 'http://127.0.0.1';
  if (!URL.canParse(target, base)) return replyText(response, 400, 'This is not an address.');
  const url = new URL(target, base);
  const turned = turnAway(request, url.pathname, parts.port);
  if (turned) return replyText(response, turned.status, turned.why);
  const [, first = '', second = ''] = url.pathname.split('/');
  const { core, botToken, maxBodyBytes } = parts.api;
  if (first === 'files') return serveFile(core, second, botToken, request, response);
  const forPrograms = first === 'api' || first === 'response' || first === 'upload';
  if (!forPrograms) return servePage(parts.page, url, request, response);
  if (request.method !== 'POST') return replyText(response, 405, 'Only POST is possible here.');
  if (first === 'response') return serveResponse(core, second, request, response, maxBodyBytes);
  if (first === 'upload') return serveUpload(core, second, request, response, maxBodyBytes);
  return serveApi(parts.api, second, request, response);
}
