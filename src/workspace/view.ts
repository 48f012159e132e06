import type { JsonObject } from '../kernel/json.ts';
import type { Block, View } from './page-api.ts';

/** A modal or Home tab as one person has it open. */
export interface StoredView {
  readonly id: string;
  readonly user: string;
  /** Changes with every update; `views.update` and `views.publish` may insist on it. */
  readonly hash: string;
  readonly type: 'modal' | 'home';
  /** As the app sent it: title, submit, close, callback_id, private_metadata … */
  readonly definition: JsonObject;
  readonly blocks: readonly Block[];
  readonly rootId: string;
  readonly previousId: string | null;
  /** Where the person was when it opened; failures are said there. */
  readonly channel: string;
  readonly errors?: Readonly<Record<string, string>>;
}

/** As the page draws it. */
export function viewForPage(view: StoredView): View {
  const word = (key: string): Partial<Record<string, string>> => {
    const object = view.definition[key];
    const text =
      typeof object === 'object' && object !== null && !Array.isArray(object) ? object.text : undefined;
    return typeof text === 'string' ? { [key]: text } : {};
  };
  return {
    id: view.id,
    type: view.type,
    blocks: view.blocks,
    ...word('title'),
    ...word('submit'),
    ...word('close'),
    ...(view.errors ? { errors: view.errors } : {}),
  };
}
