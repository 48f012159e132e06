import type { Message, PageRequest } from '../page-api.ts';
import type { Model } from './model.ts';
import type { Reader } from './reader.ts';
import type { Route } from './route.ts';

/** A request of this page, before it says who asks. */
export type Ask = PageRequest extends infer One ? (One extends PageRequest ? Omit<One, 'as'> : never) : never;

/** What the parts of the page share. */
export interface Page {
  readonly model: Model;
  readonly reader: Reader;
  /** The channel that is open. */
  readonly route: Route;
  go(route: Route): void;
  /** Tells the server; answers what went wrong, if anything did. */
  ask(request: Ask): Promise<string | undefined>;
  /** Shows Slack's words beside the message box of a channel. */
  fail(channel: string, words: string): void;
  /** Takes an ephemeral message away. */
  dismiss(message: Message): void;
  /** Draws what has changed. */
  refresh(): void;
}
