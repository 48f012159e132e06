import type { Conversation } from './channels.ts';
import type { Core } from './core.ts';
import type { Person } from './page-api.ts';
import { APP_ID, BOT, SLASH_COMMAND, TEAM } from './people.ts';
import type { Wire } from './wire.ts';

// What Slack sends to an app: https://docs.slack.dev/reference/interaction-payloads

/** Long superseded by signatures, but still in every payload. */
const VERIFICATION_TOKEN = 'local-verification-token';

/** What every interaction carries. */
export function interactionBase(person: Person): Wire {
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: TEAM.id },
    api_app_id: APP_ID,
    token: VERIFICATION_TOKEN,
    team: { id: TEAM.id, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** As interactions name a conversation. */
export function channelRef(conversation: Conversation): Wire {
  return { id: conversation.id, name: channelName(conversation) };
}

function channelName(conversation: Conversation): string {
  return conversation.kind === 'im' ? 'directmessage' : conversation.name;
}

/** The whole address of a `response_url`. */
export function responseUrl(core: Core, secret: string): string {
  return `${core.origin}/response/${secret}`;
}

/** The form fields of a slash command. */
export function slashFields(
  core: Core,
  person: Person,
  conversation: Conversation,
  text: string,
  secret: string,
): Record<string, string> {
  return {
    token: VERIFICATION_TOKEN,
    team_id: TEAM.id,
    team_domain: TEAM.domain,
    channel_id: conversation.id,
    channel_name: channelName(conversation),
    user_id: person.id,
    user_name: person.name,
    command: SLASH_COMMAND,
    text,
    api_app_id: APP_ID,
    is_enterprise_install: 'false',
    response_url: responseUrl(core, secret),
    trigger_id: core.triggers.mint({ user: person.id, channel: conversation.id }),
  };
}

/** An event in the envelope of the Events API. */
export function eventEnvelope(core: Core, event: Wire): Wire {
  return {
    token: VERIFICATION_TOKEN,
    team_id: TEAM.id,
    api_app_id: APP_ID,
    event,
    type: 'event_callback',
    event_id: `Ev${core.random.id().replaceAll('-', '').slice(0, 10).toUpperCase()}`,
    event_time: Math.floor(core.clock.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: TEAM.id, user_id: BOT.id, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
  };
}

/** A moment as events and actions write it: seconds with microseconds. */
export function eventStamp(core: Core): string {
  return (core.clock.now() / 1000).toFixed(6);
}
