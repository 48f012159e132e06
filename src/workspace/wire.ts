import { type Conversation, typeOf } from './channels.ts';
import type { Core } from './core.ts';
import { fileWire } from './files.ts';
import { stateValues, type Values } from './input-state.ts';
import type { StoredMessage } from './message.ts';
import type { Person } from './page-api.ts';
import { APP_ID, BOT, BOT_ID, emailOf, OTHER_TEAM, TEAM } from './people.ts';
import type { StoredView } from './view.ts';

/** A JSON object on its way to the app. */
export type Wire = Record<string, unknown>;

/** A message as the Web API and interactions carry it; metadata only on request. */
export function messageWire(core: Core, message: StoredMessage, withMetadata = false): Wire {
  const files = message.fileIds ?? [];
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    ...(message.user === BOT.id ? { bot_id: BOT_ID, app_id: APP_ID } : {}),
    team: TEAM.id,
    ts: message.ts,
    text: message.text,
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(message.edited ? { edited: { user: message.user, ts: message.editedTs ?? message.ts } } : {}),
    ...(files.length > 0 ? { files: files.flatMap((id) => fileOf(core, id)) } : {}),
    ...(message.reactions?.length
      ? { reactions: message.reactions.map((one) => ({ ...one, count: one.users.length })) }
      : {}),
    ...threadWire(core, message),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

function fileOf(core: Core, id: string): Wire[] {
  const file = core.files.find(id);
  return file ? [fileWire(file, core.origin)] : [];
}

/** Replies name their parent; a parent counts its replies. */
function threadWire(core: Core, message: StoredMessage): Wire {
  if (message.threadTs && message.threadTs !== message.ts) return { thread_ts: message.threadTs };
  if (message.ephemeralTo) return {};
  const replies = core.messages.replies(message.channel, message.ts);
  const last = replies.at(-1);
  if (!last) return {};
  const users = [...new Set(replies.map((one) => one.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: last.ts,
  };
}

/** A view as `views.*` answers and interactions carry it. */
export function viewWire(view: StoredView, values: Values = {}): Wire {
  const { title, submit, close, callback_id, private_metadata, external_id } = view.definition;
  return {
    id: view.id,
    team_id: TEAM.id,
    app_id: APP_ID,
    app_installed_team_id: TEAM.id,
    bot_id: BOT_ID,
    type: view.type,
    title: title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    submit: submit ?? null,
    close: close ?? null,
    blocks: view.blocks,
    callback_id: callback_id ?? '',
    private_metadata: private_metadata ?? '',
    external_id: external_id ?? '',
    state: { values: stateValues(view.blocks, values) },
    hash: view.hash,
    clear_on_close: view.definition.clear_on_close === true,
    notify_on_close: view.definition.notify_on_close === true,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
  };
}

/** A person or the bot as `users.info` shows them. */
export function userWire(core: Core, person: Person): Wire {
  const standing = core.standings.of(person.id);
  return {
    id: person.id,
    team_id: standing === 'stranger' ? OTHER_TEAM : TEAM.id,
    name: person.name,
    real_name: person.realName,
    deleted: false,
    color: person.color.slice(1),
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    profile: {
      real_name: person.realName,
      display_name: person.name,
      ...(person.isBot ? { bot_id: BOT_ID, api_app_id: APP_ID } : { email: emailOf(person) }),
    },
    is_admin: false,
    is_owner: false,
    is_restricted: standing === 'guest' || standing === 'single-channel guest',
    is_ultra_restricted: standing === 'single-channel guest',
    ...(standing === 'stranger' ? { is_stranger: true } : {}),
    is_bot: person.isBot,
    is_app_user: false,
  };
}

/** A conversation as `conversations.info` shows it. */
export function conversationWire(one: Conversation): Wire {
  const external = one.shared === 'external';
  const pending = one.shared === 'pending';
  const shared = {
    is_archived: one.archived,
    is_ext_shared: external,
    is_org_shared: false,
    is_shared: external,
    is_pending_ext_shared: pending,
  };
  const type = typeOf(one);
  if (one.kind === 'im') {
    return { id: one.id, is_im: true, is_channel: false, user: one.user, created: 0, ...shared };
  }
  return {
    id: one.id,
    name: one.name,
    name_normalized: one.name,
    is_channel: type === 'public_channel',
    is_group: type === 'private_channel',
    is_im: false,
    is_mpim: type === 'mpim',
    is_private: type !== 'public_channel',
    is_general: one.name === 'general',
    is_member: one.botIn,
    created: 0,
    context_team_id: TEAM.id,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    ...shared,
  };
}
