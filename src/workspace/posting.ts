import type { Core } from './core.ts';
import type { Draft, StoredMessage } from './message.ts';
import { pushBody, pushedTo, pushTitle } from './push-text.ts';

/** Puts a new message into its channel and lets the phones ring that it concerns. */
export function post(core: Core, draft: Draft): StoredMessage {
  const message = core.messages.add(draft);
  const parent = message.threadTs ? core.messages.find(message.channel, message.threadTs) : undefined;
  const thread = parent ? [parent, ...core.messages.replies(parent.channel, parent.ts)] : [];
  const title = pushTitle(message, core.channels);
  const body = pushBody(message, core.channels);
  for (const to of pushedTo(message, thread, core.channels)) {
    const push = { to, title, body, channel: message.channel, ts: message.ts };
    core.changes.publish({ kind: 'push', push });
  }
  return message;
}
