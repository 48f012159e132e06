import type { Bookmark, Changes, UserGroup } from './changes.ts';

const FIRST_GROUPS: readonly UserGroup[] = [
  { id: 'S0ONCALL01', handle: 'on-call', name: 'On call', users: ['U0ALICE01'] },
  { id: 'S0RESPOND1', handle: 'responders', name: 'Responders', users: ['U0ALICE01', 'U0BOB00001'] },
];

/** User groups, and the links at the top of channels. */
export class Groups {
  readonly #groups = new Map(FIRST_GROUPS.map((group) => [group.id, group]));
  readonly #bookmarks = new Map<string, Bookmark>();
  readonly #changes: Changes;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  list(): UserGroup[] {
    return [...this.#groups.values()];
  }

  find(id: string): UserGroup | undefined {
    return this.#groups.get(id);
  }

  /** Throws when there is no such group: a test has mistyped it. */
  change(id: string, users: readonly string[]): void {
    const group = this.find(id);
    if (!group) throw new Error(`there is no user group ${id}`);
    this.set({ ...group, users });
  }

  set(group: UserGroup): void {
    this.restore(group);
    this.#changes.publish({ kind: 'group', group });
  }

  /** Puts a group back that the journal has kept. */
  restore(group: UserGroup): void {
    this.#groups.set(group.id, group);
  }

  bookmarks(): Bookmark[] {
    return [...this.#bookmarks.values()];
  }

  bookmark(id: string): Bookmark | undefined {
    return this.#bookmarks.get(id);
  }

  setBookmark(bookmark: Bookmark): void {
    this.restoreBookmark(bookmark);
    this.#changes.publish({ kind: 'bookmark', bookmark });
  }

  /** Puts a bookmark back that the journal has kept. */
  restoreBookmark(bookmark: Bookmark): void {
    this.#bookmarks.set(bookmark.id, bookmark);
  }

  removeBookmark(id: string): void {
    if (this.#bookmarks.delete(id)) this.#changes.publish({ kind: 'bookmark-removed', id });
  }
}
