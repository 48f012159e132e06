import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Args, textArg } from '../args.ts';
import { parseArgs, readBody } from '../body.ts';
import type { Calls } from '../calls.ts';
import type { Core } from '../core.ts';
import { Denied } from '../denied.ts';
import type { CallFault, FaultPlan } from '../faults.ts';
import { rateLimited } from '../rate.ts';
import { reply, replyJson } from '../reply.ts';
import type { Wire } from '../wire.ts';
import { METHODS } from './methods.ts';
import type { Grants } from './scopes.ts';

export interface ApiOptions {
  readonly core: Core;
  readonly botToken: string;
  /** Opens sockets, and is good for nothing else; none where the app is not in Socket Mode. */
  readonly appToken: string | undefined;
  readonly grants: Grants;
  readonly faults: FaultPlan;
  readonly calls: Calls;
  readonly maxBodyBytes: number;
  /** Ends answers that are held back. */
  readonly stopped: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Wire;
}

/** `POST /api/METHOD`: authentication, planned faults, the method, and the record of the call. */
export async function serveApi(
  options: ApiOptions,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { core, calls, grants, stopped } = options;
  const fault = options.faults.takeCall(method);
  let args: Args = {};
  let answer: Answer;
  try {
    const body = await readBody(request, options.maxBodyBytes);
    const given = await parseArgs(request.headers['content-type'] ?? '', body);
    const { token: _, ...rest } = given;
    args = rest;
    refusePlanned(fault);
    if (method !== 'api.test') authenticate(options, method, request, given);
    answer = { status: 200, headers: {}, body: { ok: true, ...run(core, grants, method, args) } };
  } catch (error) {
    answer = denial(error);
  }
  const failed = answer.body.ok === true ? {} : { error: String(answer.body.error) };
  calls.add({ method, args, ok: answer.body.ok === true, ...failed, at: core.clock.now() });
  // The connection stays open without an answer until the caller gives up or the workspace stops.
  if (fault?.kind === 'no-answer') return;
  if (fault?.kind === 'lost-reply') return void response.destroy();
  if (fault?.kind === 'late') await core.clock.sleep(fault.by, stopped);
  if (fault?.kind === 'server-error') {
    return reply(
      response,
      answer.status,
      'text/html; charset=utf-8',
      '<html><body>Server Error</body></html>',
    );
  }
  replyJson(response, answer.status, answer.body, { 'x-oauth-scopes': String(grants), ...answer.headers });
}

function run(core: Core, grants: Grants, method: string, args: Args): Wire {
  const found = METHODS.get(method);
  if (!found) throw new Denied('unknown_method', { details: { req_method: method.slice(0, 100) } });
  grants.check(core, method, args);
  return found(core, args);
}

/** Faults that keep the call from being done. */
function refusePlanned(fault: CallFault | undefined): void {
  if (fault?.kind === 'rate-limited') throw rateLimited(fault.retryAfter);
  if (fault?.kind === 'server-error') throw new Denied('server_error', { status: fault.status ?? 500 });
  if (fault?.kind === 'refused') throw new Denied(fault.error);
  if (fault?.kind === 'no-answer') throw new Denied('no_answer');
}

/** Sockets are opened with the token of the app, everything else is called with the bot's. */
function authenticate(options: ApiOptions, method: string, request: IncomingMessage, args: Args): void {
  const { botToken, appToken } = options;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? textArg(args, 'token');
  if (token === undefined) throw new Denied('not_authed');
  const opens = method === 'apps.connections.open';
  if (token === (opens ? botToken : appToken)) throw new Denied('not_allowed_token_type');
  if (token !== (opens ? appToken : botToken)) throw new Denied('invalid_auth');
}

/** Slack's no as an answer; anything else is a mistake of the workspace and says so. */
function denial(error: unknown): Answer {
  if (error instanceof Denied) {
    const { status, headers, code, details } = error;
    return { status, headers, body: { ok: false, error: code, ...details } };
  }
  const body = { ok: false, error: 'fatal_error', detail: String(error) };
  return { status: 500, headers: {}, body };
}
