import type { Core } from '../core.ts';
import type { StoredMessage } from '../message.ts';
import { eventEnvelope, eventStamp } from '../payloads.ts';
import { BOT, TEAM } from '../people.ts';
import { viewWire, type Wire } from '../wire.ts';
import { type Answer, failureCode, neededPerson } from './act.ts';

/** A person opens the app's Home tab. */
export async function openHome(core: Core, as: string): Promise<Answer> {
  const person = neededPerson(as);
  const home = core.views.home(person.id);
  const event = {
    type: 'app_home_opened',
    user: person.id,
    channel: core.channels.find(person.id)?.id ?? '',
    tab: 'home',
    event_ts: eventStamp(core),
    ...(home ? { view: viewWire(home) } : {}),
  };
  const failed = failureCode(await core.deliver.event(eventEnvelope(core, event)));
  return failed ? { ok: false, error: `The app did not take app_home_opened (${failed}).` } : { ok: true };
}

/** Sends what the app has subscribed to about a person's message: app_mention, and message.im. */
export async function tellApp(core: Core, message: StoredMessage): Promise<void> {
  const channel = core.channels.byId(message.channel);
  if (!channel?.botIn) return;
  const common: Wire = {
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: TEAM.id,
    channel: message.channel,
    event_ts: message.ts,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
  };
  if (channel.kind === 'im') {
    const event = { type: 'message', channel_type: 'im', client_msg_id: core.random.id(), ...common };
    await core.deliver.event(eventEnvelope(core, event));
  } else if (message.text.includes(`<@${BOT.id}>`)) {
    await core.deliver.event(eventEnvelope(core, { type: 'app_mention', ...common }));
  }
}
