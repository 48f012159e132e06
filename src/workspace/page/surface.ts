import type { Channel, InputState, Person } from '../page-api.ts';
import { confirmed } from './confirm.ts';
import { type Fields, text } from './read.ts';
import type { Reader } from './reader.ts';
import type { Values } from './values.ts';

/** A message, a modal or a Home tab: what blocks are drawn on, and who hears of their buttons. */
export interface Surface {
  readonly reader: Reader;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly values: Values;
  /** Settles when the app has answered; never rejects. */
  press(action: InputState): Promise<void>;
}

/** Where on a surface an element stands. */
export interface Place {
  readonly surface: Surface;
  readonly blockId: string;
  /** Whether a change is sent to the app at once; an input of a modal waits for Submit. */
  readonly sends: boolean;
  /** The id of the element that names this one, where something does. */
  readonly labelledBy?: string;
  /** The ids of the hint and the mistake of this input. */
  readonly describedBy?: string;
}

/** What a control has to say for itself to Playwright and to screen readers. */
export function naming(place: Place, fallback: string): Record<string, string | undefined> {
  return {
    ...(place.labelledBy === undefined
      ? { 'aria-label': fallback }
      : { 'aria-labelledby': place.labelledBy }),
    'aria-describedby': place.describedBy,
  };
}

/** The state that an input starts with. */
export function start(element: Fields, place: Place, initial: Fields): InputState {
  return place.surface.values.start(place.blockId, text(element.action_id), {
    type: text(element.type),
    ...initial,
  });
}

/** Keeps what was chosen or typed. */
export function keep(element: Fields, place: Place, state: Fields): void {
  place.surface.values.set(place.blockId, text(element.action_id), { type: text(element.type), ...state });
}

/**
 * Asks where the element wants a confirmation, then tells the app and turns the control's spinner until it has
 * answered. False when the person changed their mind or the control is still waiting for an answer.
 */
export async function send(
  element: Fields,
  place: Place,
  control: HTMLElement,
  state: Fields,
): Promise<boolean> {
  if (control.getAttribute('aria-busy') === 'true') return false;
  if (!(await confirmed(element.confirm, place.surface.reader))) return false;
  control.setAttribute('aria-busy', 'true');
  try {
    await place.surface.press({
      type: text(element.type),
      action_id: text(element.action_id),
      block_id: place.blockId,
      ...state,
    });
  } finally {
    control.removeAttribute('aria-busy');
  }
  return true;
}

/** A changed input: kept, and sent where the element asks for that. */
export async function change(
  element: Fields,
  place: Place,
  control: HTMLElement,
  state: Fields,
): Promise<void> {
  keep(element, place, state);
  if (place.sends) await send(element, place, control, state);
}
