import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Random } from '../../kernel/random.ts';
import { type Clock, type Millis, SECOND } from '../../kernel/time.ts';
import type { Changes } from '../changes.ts';
import type { Carrier, Outcome, Payload, Retry } from '../deliver.ts';
import { APP_ID } from '../people.ts';
import { type DisconnectReason, disconnect, envelope, hello } from './envelope.ts';
import { Link } from './link.ts';

/** Source: Slack, "Using Socket Mode": an app may have ten sockets open. */
const MOST_SOCKETS = 10;
const TICKET_HOLDS: Millis = 30 * SECOND;
const PING_EVERY: Millis = 5 * SECOND;
/** How long a socket that the app was asked to leave stays open for what is under way on it. */
const LEAVE_WITHIN: Millis = 10 * SECOND;
const PATH = '/link/';

export interface SocketsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly changes: Changes;
  /** Of the workspace: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly stopped: AbortSignal;
}

/** Slack's side of Socket Mode: the sockets that the app has opened, each payload to one of them. */
export class Sockets implements Carrier {
  readonly #options: SocketsOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: 1_000_000,
    // A link answers pings itself, unless a test has hushed it.
    autoPong: false,
  });
  readonly #tickets = new Map<string, Millis>();
  #links: Link[] = [];
  #turn = 0;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  /** How many are open. */
  get open(): number {
    return this.#links.length;
  }

  /** The address of one new socket, for one use within half a minute. */
  invite(): string {
    const { clock, random, origin } = this.#options;
    const ticket = random.id();
    this.#tickets.set(ticket, clock.now() + TICKET_HOLDS);
    return `${origin.replace(/^http/, 'ws')}${PATH}?ticket=${ticket}&app_id=${APP_ID}`;
  }

  /** A request to become a socket: only with a ticket, which no browser has. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { clock, origin } = this.#options;
    const url = URL.parse(request.url ?? '', origin);
    const ticket = url?.searchParams.get('ticket') ?? '';
    const until = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    stream.on('error', () => stream.destroy());
    if (url?.pathname !== PATH || until === undefined || until < clock.now()) {
      stream.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#welcome(socket));
  }

  async carry(payload: Payload, retry: Retry, cut: AbortSignal): Promise<Outcome> {
    const ready = this.#links.filter((link) => link.open && !link.leaving);
    this.#turn += 1;
    const link = ready[this.#turn % ready.length];
    if (!link) return { kind: 'unreachable', why: 'the app has no socket open' };
    const id = this.#options.random.id();
    return link.ask(id, envelope(id, payload, retry), cut);
  }

  /** Asks the app to leave its sockets, the oldest `count` of them; those that no reason spares are closed. */
  disconnect(reason: DisconnectReason, count = this.#links.length): void {
    for (const link of this.#links.slice(0, count)) void this.#dismiss(link, reason);
  }

  /** Breaks the oldest `count` sockets without a word. */
  cut(count = this.#links.length): void {
    for (const link of this.#links.slice(0, count)) link.cut();
  }

  /** The oldest `count` sockets stay open, but nothing is heard or answered on them any more. */
  hush(count = this.#links.length): void {
    for (const link of this.#links.slice(0, count)) link.hush();
  }

  #welcome(socket: WebSocket): void {
    const link = new Link(socket);
    if (this.#options.stopped.aborted) {
      link.cut();
      return;
    }
    if (this.#links.length >= MOST_SOCKETS) {
      void this.#dismiss(link, 'too_many_websockets');
      return;
    }
    this.#links.push(link);
    const closed = new AbortController();
    socket.on('close', () => {
      this.#links = this.#links.filter((one) => one !== link);
      closed.abort();
      this.#options.changes.publish({ kind: 'sockets' });
    });
    link.send(hello(this.#links.length));
    this.#options.changes.publish({ kind: 'sockets' });
    void this.#pingUntil(link, closed.signal);
  }

  async #dismiss(link: Link, reason: DisconnectReason): Promise<void> {
    link.send(disconnect(reason));
    if (reason === 'warning') return;
    link.leaving = true;
    if (reason === 'refresh_requested') await this.#options.clock.sleep(LEAVE_WITHIN, this.#options.stopped);
    link.close(1000);
  }

  async #pingUntil(link: Link, closed: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([closed, this.#options.stopped]);
    while (!ended.aborted) {
      await this.#options.clock.sleep(PING_EVERY, ended);
      link.ping();
    }
  }
}
