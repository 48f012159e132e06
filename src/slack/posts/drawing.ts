import type { Alert } from '../../alerts/alert.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { Fault } from '../../kernel/problem.ts';
import type { Card } from '../../work/notify.ts';
import type { Message } from '../alert-message.ts';

/** What a post is drawn from. */
export interface Scene {
  readonly content: JsonObject;
  /** The alert that it is about, as it stands now. */
  readonly card: Card | undefined;
  /** Where the alert's own message is. */
  readonly link: string | undefined;
  /** Where the post goes, when that is not the alert's channel: a person, in a direct message. */
  readonly to?: string | undefined;
}

/** What a post that is always about an alert is drawn from. Throws a Fault where there is none. */
export function sceneAlert({ card }: Scene): { readonly card: Card; readonly alert: Alert } {
  if (!card) throw Fault.never('this post is about an alert that is not known');
  return { card, alert: card.alert };
}

/** Draws one kind of post. */
export type DrawPost = (scene: Scene) => Message;
