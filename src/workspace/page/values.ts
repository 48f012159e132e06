import type { InputState } from '../page-api.ts';
import type { Fields } from './read.ts';

/** What stands in the inputs of one message or view, as Slack's `state.values` has it. */
export class Values {
  readonly #before: Values | undefined;
  readonly #states = new Map<string, Map<string, InputState>>();

  /** `before` are the values of the same surface as it was drawn last: what was typed outlives an update. */
  constructor(before?: Values) {
    this.#before = before;
  }

  /** Enters an input, with what was typed before or else its initial state; answers the state that holds. */
  start(block: string, action: string, initial: InputState): InputState {
    const typed = this.#before?.of(block, action);
    const state = typed?.type === initial.type ? typed : initial;
    this.set(block, action, state);
    return state;
  }

  set(block: string, action: string, state: InputState): void {
    const actions = this.#states.get(block) ?? new Map<string, InputState>();
    this.#states.set(block, actions.set(action, state));
  }

  of(block: string, action: string): InputState | undefined {
    return this.#states.get(block)?.get(action);
  }

  /** block_id → action_id → state. */
  all(): Record<string, Record<string, InputState>> {
    return Object.fromEntries(
      [...this.#states].map(([block, actions]) => [block, Object.fromEntries(actions)]),
    );
  }
}

/** Whether nothing has been entered or chosen. */
export function isEmpty(state: Fields): boolean {
  return Object.entries(state).every(
    ([name, value]) =>
      name === 'type' ||
      value === null ||
      value === undefined ||
      (typeof value === 'string' && value.trim() === '') ||
      (Array.isArray(value) && value.length === 0),
  );
}
