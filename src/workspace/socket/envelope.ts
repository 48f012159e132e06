import type { Payload, Retry } from '../deliver.ts';
import { APP_ID } from '../people.ts';

// What Slack and an app say to one another: https://docs.slack.dev/apis/events-api/using-socket-mode

const HOST = 'applink-local';

/** A JSON object on its way to the app. */
export type Said = Readonly<Record<string, unknown>>;

/** Why Slack ends a socket. */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** The first message on a socket: it is served from now on. */
export function hello(sockets: number): Said {
  return {
    type: 'hello',
    num_connections: sockets,
    debug_info: { host: HOST, build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: APP_ID },
  };
}

export function disconnect(reason: DisconnectReason): Said {
  return { type: 'disconnect', reason, debug_info: { host: HOST } };
}

const TYPES: Readonly<Record<Payload['kind'], string>> = {
  command: 'slash_commands',
  interaction: 'interactive',
  event: 'events_api',
};

/** A payload on its way through a socket, to be acknowledged by the envelope's id. */
export function envelope(id: string, { kind, content }: Payload, retry: Retry): Said {
  return {
    envelope_id: id,
    type: TYPES[kind],
    accepts_response_payload: kind === 'command' || ANSWERED.has(String(content.type)),
    ...(kind === 'event' ? { retry_attempt: retry.number, retry_reason: retry.reason ?? '' } : {}),
    payload: content,
  };
}

/** Interactions whose acknowledgement carries the answer. */
const ANSWERED = new Set(['view_submission', 'block_suggestion']);
