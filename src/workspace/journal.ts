import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isObject } from '../kernel/json.ts';
import { readJson } from './args.ts';
import type { Bookmark, Change, UserGroup } from './changes.ts';
import type { Groups } from './groups.ts';
import { isAttachment, isBlock, type StoredMessage } from './message.ts';
import type { Messages } from './messages.ts';
import type { StoredView } from './view.ts';
import type { Views } from './views.ts';

/** What survives a restart. */
export interface Kept {
  readonly messages: Messages;
  readonly views: Views;
  readonly groups: Groups;
}

/** Longer than this, the file is written anew at start, with the latest state only. */
const LARGE = 2_000_000;
const KEPT_MESSAGES = 2000;

/**
 * One JSON line for each change that people would miss after a restart. Modals and ephemeral messages vanish,
 * as they do in Slack when the client is loaded anew; uploaded files are not kept.
 */
export class Journal {
  readonly #file: number;
  #closed = false;

  private constructor(file: number) {
    this.#file = file;
  }

  /** Reads what the file has into `kept`, then opens it for appending. A line that is not whole is passed over. */
  static open(path: string, kept: Kept): Journal {
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const line of text.split('\n')) if (line !== '') restore(readJson(line), kept);
    // A torn last line must not swallow the next one, so then the file is written anew as well.
    if (text.length > LARGE || (text !== '' && !text.endsWith('\n'))) rewrite(path, kept);
    return new Journal(openSync(path, 'a'));
  }

  write(change: Change): void {
    const line = this.#closed ? undefined : lineOf(change);
    if (line) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    this.#closed = true;
    closeSync(this.#file);
  }
}

function lineOf(change: Change): Record<string, unknown> | undefined {
  switch (change.kind) {
    case 'message':
      return change.message.ephemeralTo ? undefined : change;
    case 'deleted': {
      const { channel, ts, ephemeralTo } = change.message;
      return ephemeralTo ? undefined : { kind: 'deleted', channel, ts };
    }
    case 'home':
    case 'group':
    case 'bookmark':
    case 'bookmark-removed':
      return change;
    default:
      return undefined;
  }
}

function restore(line: unknown, kept: Kept): void {
  if (!isObject(line)) return;
  const { kind, message, channel, ts, view, group, bookmark, id } = line;
  if (kind === 'message' && isMessage(message)) restoreMessage(message, kept.messages);
  if (kind === 'deleted' && typeof channel === 'string' && typeof ts === 'string') {
    kept.messages.remove(channel, ts);
  }
  if (kind === 'home' && isHome(view)) kept.views.restoreHome(view);
  if (kind === 'group' && isGroup(group)) kept.groups.restore(group);
  if (kind === 'bookmark' && isBookmark(bookmark)) kept.groups.restoreBookmark(bookmark);
  if (kind === 'bookmark-removed' && typeof id === 'string') kept.groups.removeBookmark(id);
}

function restoreMessage(message: StoredMessage, messages: Messages): void {
  if (messages.find(message.channel, message.ts)) messages.replace(message);
  else messages.restore(message);
}

/** Written beside and put in place in one step, so that a crash leaves one of the two whole. */
function rewrite(path: string, kept: Kept): void {
  const lines: Change[] = [
    ...kept.groups.list().map((group): Change => ({ kind: 'group', group })),
    ...kept.groups.bookmarks().map((bookmark): Change => ({ kind: 'bookmark', bookmark })),
    ...kept.views.homes().map((view): Change => ({ kind: 'home', view })),
    ...kept.messages
      .all()
      .slice(-KEPT_MESSAGES)
      .map((message): Change => ({ kind: 'message', message })),
  ];
  const fresh = `${path}.new`;
  writeFileSync(fresh, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  renameSync(fresh, path);
}

function hasTexts(value: unknown, ...keys: string[]): boolean {
  return isObject(value) && keys.every((key) => typeof value[key] === 'string');
}

function isMessage(value: unknown): value is StoredMessage {
  if (!isObject(value) || !hasTexts(value, 'channel', 'ts', 'user', 'text')) return false;
  const { blocks = [], attachments = [], reactions = [], fileIds = [] } = value;
  return (
    [blocks, attachments, reactions, fileIds].every(Array.isArray) &&
    (Array.isArray(blocks) ? blocks.every(isBlock) : false) &&
    (Array.isArray(attachments) ? attachments.every(isAttachment) : false)
  );
}

function isHome(value: unknown): value is StoredView {
  if (!isObject(value) || !hasTexts(value, 'id', 'user', 'hash', 'rootId', 'channel')) return false;
  const { blocks, definition, type } = value;
  return type === 'home' && isObject(definition) && Array.isArray(blocks) && blocks.every(isBlock);
}

function isGroup(value: unknown): value is UserGroup {
  return isObject(value) && hasTexts(value, 'id', 'handle', 'name') && Array.isArray(value.users);
}

function isBookmark(value: unknown): value is Bookmark {
  return hasTexts(value, 'id', 'channel', 'title', 'link', 'emoji');
}
