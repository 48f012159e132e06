import { type Args, idsArg, textArg } from '../args.ts';
import { type ConversationType, typeOf } from '../channels.ts';
import type { Core } from '../core.ts';
import { Denied } from '../denied.ts';

/** What the app's manifest asks for, and so what an installation is granted unless a test says otherwise. */
export const MANIFEST_SCOPES: readonly string[] = [
  'chat:write',
  'commands',
  'users:read',
  'users:read.email',
  'usergroups:read',
  'channels:history',
  'groups:history',
  'channels:read',
  'groups:read',
  'app_mentions:read',
  'im:write',
  'im:history',
  'files:write',
];

type Needs = readonly string[] | ((core: Core, args: Args) => readonly string[]);

/** The scopes of each method, all of which must be granted; the others need none. Source: Slack, Web API reference. */
const NEEDS: ReadonlyMap<string, Needs> = new Map<string, Needs>([
  ['chat.postMessage', ['chat:write']],
  ['chat.update', ['chat:write']],
  ['chat.delete', ['chat:write']],
  ['chat.postEphemeral', ['chat:write']],
  ['conversations.history', ofChannel('history')],
  ['conversations.replies', ofChannel('history')],
  ['conversations.info', ofChannel('read')],
  ['conversations.members', ofChannel('read')],
  ['conversations.list', ofTypes],
  ['conversations.open', ['im:write']],
  ['conversations.join', ['channels:join']],
  ['users.info', ['users:read']],
  ['users.list', ['users:read']],
  ['users.lookupByEmail', ['users:read.email']],
  ['bots.info', ['users:read']],
  ['team.info', ['team:read']],
  ['usergroups.list', ['usergroups:read']],
  ['usergroups.users.list', ['usergroups:read']],
  ['usergroups.users.update', ['usergroups:write']],
  ['files.getUploadURLExternal', ['files:write']],
  ['files.completeUploadExternal', ['files:write']],
  ['files.info', ['files:read']],
  ['reactions.add', ['reactions:write']],
  ['reactions.remove', ['reactions:write']],
  ['bookmarks.add', ['bookmarks:write']],
  ['bookmarks.edit', ['bookmarks:write']],
  ['bookmarks.remove', ['bookmarks:write']],
  ['bookmarks.list', ['bookmarks:read']],
]);

/** Each type of conversation has scopes of its own. */
function ofChannel(what: 'history' | 'read'): Needs {
  return (core, args) => {
    const channel = core.channels.find(textArg(args, 'channel') ?? '');
    return [`${FAMILY[channel ? typeOf(channel) : 'public_channel']}:${what}`];
  };
}

/** How the scopes call the types. */
const FAMILY: Readonly<Record<ConversationType, string>> = {
  public_channel: 'channels',
  private_channel: 'groups',
  mpim: 'mpim',
  im: 'im',
};

/** A list of several kinds of conversation needs the scope of each. */
function ofTypes(_core: Core, args: Args): string[] {
  const types = idsArg(args, 'types');
  const wanted = types.length > 0 ? types : ['public_channel'];
  return wanted.flatMap((type) => (isType(type) ? `${FAMILY[type]}:read` : []));
}

function isType(type: string): type is ConversationType {
  return type in FAMILY;
}

/** What the app may do: the scopes that whoever installed it has granted. */
export class Grants {
  #scopes: readonly string[];

  constructor(scopes: readonly string[] = MANIFEST_SCOPES) {
    this.#scopes = scopes;
  }

  /** As when the app is installed anew with other scopes. */
  replace(scopes: readonly string[]): void {
    this.#scopes = scopes;
  }

  /** As the header `x-oauth-scopes` lists them. */
  toString(): string {
    return this.#scopes.join(',');
  }

  /** Throws `missing_scope`, with what is needed and what was granted. */
  check(core: Core, method: string, args: Args): void {
    const needs = NEEDS.get(method) ?? [];
    const needed = typeof needs === 'function' ? needs(core, args) : needs;
    if (needed.every((scope) => this.#scopes.includes(scope))) return;
    throw new Denied('missing_scope', { details: { needed: needed.join(','), provided: String(this) } });
  }
}
