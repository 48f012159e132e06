import type { JsonObject } from '../kernel/json.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { Changes } from './changes.ts';
import { identify } from './interactive.ts';
import { blocksIn } from './message.ts';
import type { Block } from './page-api.ts';
import type { StoredView } from './view.ts';

/** Slack shows at most three modals on top of one another. */
export const MOST_MODALS = 3;

/** The open modals and published Home tabs of everybody. */
export class Views {
  readonly #stacks = new Map<string, readonly StoredView[]>();
  readonly #homes = new Map<string, StoredView>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #changes: Changes;
  #count = 0;

  constructor(clock: Clock, random: Random, changes: Changes) {
    this.#clock = clock;
    this.#random = random;
    this.#changes = changes;
  }

  /** The last one is on top. */
  modals(user: string): readonly StoredView[] {
    return this.#stacks.get(user) ?? [];
  }

  home(user: string): StoredView | undefined {
    return this.#homes.get(user);
  }

  homes(): StoredView[] {
    return [...this.#homes.values()];
  }

  find(id: string): StoredView | undefined {
    return this.#all().find((view) => view.id === id);
  }

  byExternalId(id: string): StoredView | undefined {
    return this.#all().find((view) => view.definition.external_id === id);
  }

  /** Opens a modal in place of whatever the person had open. */
  open(user: string, channel: string, definition: JsonObject): StoredView {
    const view = this.#make(user, channel, definition, undefined);
    this.setModals(user, [view]);
    return view;
  }

  /** Opens a modal on top. The caller has looked at MOST_MODALS. */
  push(on: StoredView, definition: JsonObject): StoredView {
    const view = this.#make(on.user, on.channel, definition, on);
    this.setModals(on.user, [...this.modals(on.user), view]);
    return view;
  }

  /** New content in the same place; errors of a refused submission are gone. */
  update(view: StoredView, definition: JsonObject): StoredView {
    const { errors: _, ...kept } = view;
    const fresh = { ...kept, definition, blocks: this.#identified(definition), hash: this.#hash() };
    this.#put(fresh);
    return fresh;
  }

  setErrors(view: StoredView, errors: Readonly<Record<string, string>>): void {
    this.#put({ ...view, errors });
  }

  /** Closes this modal and all on top of it. */
  close(view: StoredView): void {
    const stack = this.modals(view.user);
    const at = stack.findIndex((one) => one.id === view.id);
    if (at >= 0) this.setModals(view.user, stack.slice(0, at));
  }

  setModals(user: string, stack: readonly StoredView[]): void {
    this.#stacks.set(user, stack);
    this.#changes.publish({ kind: 'modals', user });
  }

  publish(user: string, channel: string, definition: JsonObject): StoredView {
    const known = this.#homes.get(user);
    if (known) return this.update(known, definition);
    const view = this.#make(user, channel, definition, undefined);
    this.#put(view);
    return view;
  }

  /** Puts a Home tab back that the journal has kept; nobody is told. */
  restoreHome(view: StoredView): void {
    this.#homes.set(view.user, view);
  }

  #all(): StoredView[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }

  #put(view: StoredView): void {
    if (view.type === 'home') {
      this.#homes.set(view.user, view);
      this.#changes.publish({ kind: 'home', view });
      return;
    }
    this.setModals(
      view.user,
      this.modals(view.user).map((one) => (one.id === view.id ? view : one)),
    );
  }

  #make(user: string, channel: string, definition: JsonObject, on: StoredView | undefined): StoredView {
    const id = `V${this.#random.id().replaceAll('-', '').slice(0, 10).toUpperCase()}`;
    return {
      id,
      user,
      channel,
      hash: this.#hash(),
      type: definition.type === 'home' ? 'home' : 'modal',
      definition,
      blocks: this.#identified(definition),
      rootId: on ? on.rootId : id,
      previousId: on ? on.id : null,
    };
  }

  #identified(definition: JsonObject): Block[] {
    return blocksIn(identify(Array.isArray(definition.blocks) ? definition.blocks : []));
  }

  #hash(): string {
    this.#count += 1;
    return `${Math.floor(this.#clock.now() / 1000)}.${String(this.#count).padStart(8, '0')}`;
  }
}
