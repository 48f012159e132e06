import type { WebSocket } from 'ws';
import { isObject } from '../../kernel/json.ts';
import { readJson } from '../args.ts';
import type { Outcome } from '../deliver.ts';
import type { Said } from './envelope.ts';

/** One socket of the app, with the payloads on it that wait for an acknowledgement. */
export class Link {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  /** The app was told to go to another one; nothing new comes here. */
  leaving = false;
  #hushed = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#answered(String(data)));
    socket.on('ping', (data: Buffer) => {
      if (!this.#hushed) socket.pong(data);
    });
    // What goes wrong ends in a close, which is what counts.
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const answer of this.#waiting.values()) {
        answer({ kind: 'unreachable', why: 'the socket was closed before an answer' });
      }
      this.#waiting.clear();
    });
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(message: Said): void {
    if (!this.#hushed) this.#socket.send(JSON.stringify(message));
  }

  /** Sends an envelope; resolves with its acknowledgement, or when the socket closes or `cut` is aborted. */
  ask(id: string, message: Said, cut: AbortSignal): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      cut.addEventListener('abort', () => {
        this.#waiting.delete(id);
        resolve({ kind: 'timeout' });
      });
      this.send(message);
    });
  }

  ping(): void {
    if (this.open && !this.#hushed) this.#socket.ping();
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  /** Ends it without a word, as a lost network does in the end. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Keeps it open, but neither hears nor says anything any more. */
  hush(): void {
    this.#hushed = true;
  }

  #answered(text: string): void {
    if (this.#hushed) return;
    const said = readJson(text);
    if (!isObject(said) || typeof said.envelope_id !== 'string') return;
    const answer = this.#waiting.get(said.envelope_id);
    this.#waiting.delete(said.envelope_id);
    const payload = isObject(said.payload) && Object.keys(said.payload).length > 0 ? said.payload : undefined;
    const body = payload ? JSON.stringify(payload) : '';
    answer?.({ kind: 'answered', status: 200, headers: {}, body });
  }
}
