/**
 * What the local workspace's server and its page say to each other. The page loads `GET /client/state?as=U…`,
 * then listens on `GET /client/events?as=U…` (server-sent events, each `data:` one PageEvent), and sends
 * `POST /client/act` with a PageRequest; the answer is `{ok: true}` or `{ok: false, error: string}`.
 */

/** Slack's own block JSON: drawn as it is, never trusted as markup. */
export type Block = { readonly type: string; readonly block_id?: string; readonly [key: string]: unknown };

export interface Person {
  readonly id: string;
  /** Handle: `alice`. */
  readonly name: string;
  readonly realName: string;
  /** CSS colour of the avatar. */
  readonly color: string;
  readonly isBot: boolean;
}

export interface Channel {
  readonly id: string;
  /** `security-alerts`; for a direct message the other side's user id. */
  readonly name: string;
  readonly kind: 'channel' | 'im';
}

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly attachments?: readonly {
    color?: string;
    fallback?: string;
    text?: string;
    blocks?: readonly Block[];
  }[];
  readonly edited?: boolean;
  /** A reply that stands in the channel as well. */
  readonly broadcast?: boolean;
  /** Uploaded with it; `url` is a path of this server. */
  readonly files?: readonly { readonly name: string; readonly size: number; readonly url: string }[];
  /** Only this person sees it. */
  readonly ephemeralTo?: string;
}

export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly title?: string;
  readonly submit?: string;
  readonly close?: string;
  readonly blocks: readonly Block[];
  /** block_id → what is wrong with the input, after a refused submission. */
  readonly errors?: Readonly<Record<string, string>>;
}

export interface Snapshot {
  readonly me: string;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  /** Oldest first, replies included (they carry threadTs); ephemerals of others left out. */
  readonly messages: readonly Message[];
  /** Modals open for this person, the last one on top. */
  readonly modals: readonly View[];
  readonly home: View | null;
  /** Whether a bot is connected (its request URL answers). */
  readonly slashCommand: string;
  /** What the menu of every message offers. */
  readonly shortcuts: readonly { readonly callbackId: string; readonly name: string }[];
}

export type PageEvent =
  /** New or edited: same channel and ts replaces. */
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'deleted'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'modals'; readonly modals: readonly View[] }
  | { readonly kind: 'home'; readonly view: View }
  /** What a phone would show. */
  | {
      readonly kind: 'push';
      readonly title: string;
      readonly body: string;
      readonly channel: string;
      readonly ts: string;
    }
  /** Slack's own words when the app does not answer: shown next to the message box for this person only. */
  | { readonly kind: 'failure'; readonly channel: string; readonly text: string };

/** State of one input element as Slack's `state.values` carries it. */
export type InputState = { readonly type: string; readonly [key: string]: unknown };

export type PageRequest =
  /** Text that starts with a known slash command becomes one; anything else is posted as this person. */
  | {
      readonly act: 'say';
      readonly as: string;
      readonly channel: string;
      readonly threadTs?: string;
      readonly text: string;
    }
  /** A button, select or menu. `action` holds Slack's action object without action_ts (action_id, block_id, type, value, selected_option, selected_user …). */
  | {
      readonly act: 'press';
      readonly as: string;
      readonly from:
        | { readonly message: { readonly channel: string; readonly ts: string } }
        | { readonly view: string };
      readonly action: InputState;
      readonly values: Readonly<Record<string, Readonly<Record<string, InputState>>>>;
    }
  | {
      readonly act: 'submit';
      readonly as: string;
      readonly view: string;
      readonly values: Readonly<Record<string, Readonly<Record<string, InputState>>>>;
    }
  /** A line of a message's menu. */
  | {
      readonly act: 'shortcut';
      readonly as: string;
      readonly channel: string;
      readonly ts: string;
      readonly callbackId: string;
    }
  | { readonly act: 'close'; readonly as: string; readonly view: string }
  | { readonly act: 'home'; readonly as: string };
