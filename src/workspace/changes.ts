import type { Millis } from '../kernel/time.ts';
import type { StoredMessage } from './message.ts';
import type { StoredView } from './view.ts';

/** A user group such as @on-call. */
export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

/** A link at the top of a channel. */
export interface Bookmark {
  readonly id: string;
  readonly channel: string;
  readonly title: string;
  readonly link: string;
  readonly emoji: string;
}

/** What a phone would show to one person. */
export interface Push {
  readonly to: string;
  readonly title: string;
  readonly body: string;
  readonly channel: string;
  readonly ts: string;
}

/** Slack's own words to one person when the app did not answer. */
export interface Failure {
  readonly to: string;
  readonly channel: string;
  readonly text: string;
}

/** One request to the app, as far as it got. */
export interface Delivery {
  /** 0 for the first try of an event, and for everything that is not tried again. */
  readonly retry: number;
  /** The HTTP status, `timeout` after three seconds, or `unreachable`. */
  readonly result: number | 'timeout' | 'unreachable';
  readonly at: Millis;
}

/** Everything that can happen in the workspace; journal, page and waiting tests live on these. */
export type Change =
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | { readonly kind: 'deleted'; readonly message: StoredMessage }
  | { readonly kind: 'modals'; readonly user: string }
  | { readonly kind: 'home'; readonly view: StoredView }
  | { readonly kind: 'group'; readonly group: UserGroup }
  | { readonly kind: 'bookmark'; readonly bookmark: Bookmark }
  | { readonly kind: 'bookmark-removed'; readonly id: string }
  | { readonly kind: 'push'; readonly push: Push }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  /** A socket of the app was opened or closed. */
  | { readonly kind: 'sockets' }
  | { readonly kind: 'call' };

/** Tells every listener of every change, in order, before `publish` returns. */
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  publish(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
