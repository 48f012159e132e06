/** Callback id of the message shortcut *Investigate this*. */
export const INVESTIGATE = 'investigate';

/** Why the app asks for each scope: what an admin wants to know before installing it. */
export const SCOPES: Readonly<Record<string, string>> = {
  'chat:write': 'post alerts, edit them, answer the one who asked',
  commands: 'the slash command /trail',
  'users:read': 'the names of those who act on alerts, and the time zone of whoever snoozes until 09:00',
  'users:read.email': 'find the person that an e-mail address in a schedule, an escalation or an event means',
  'usergroups:read': 'who is in the user groups that may press, or that an escalation pages',
  'channels:history': 'find an alert after a lost answer, so that none is posted twice (public channels)',
  'groups:history': 'the same in private channels that the bot was invited to',
  'channels:read':
    'find a channel by its name, and refuse questions in channels that are shared with another company',
  'groups:read': 'the same for private channels',
  'app_mentions:read': 'questions that begin with @trailbot',
  'im:write':
    'find and open the direct message with a person: questions are answered there, and CSV files go there',
  'im:history': 'questions typed to the bot in its direct messages; it can read no other direct messages',
  'files:write': 'send the CSV of an answer, by direct message only',
};

/** What the app does only in some configurations. */
export interface Uses {
  /** It keeps the members of user groups as the schedules have it. */
  readonly userGroups: boolean;
}

const OF_USER_GROUPS = { 'usergroups:write': 'put whoever is on call into the user group of a schedule' };

/** The scopes that a configuration needs, with the reasons. */
export function scopesFor({ userGroups }: Uses): Readonly<Record<string, string>> {
  return userGroups ? { ...SCOPES, ...OF_USER_GROUPS } : SCOPES;
}

/**
 * The Slack app's manifest, with the least it needs. `publicUrl` is where Slack reaches the bot, without a
 * slash at the end; `undefined` for Socket Mode, in which Slack needs no address. Source: Slack, "App manifest
 * reference".
 */
export function manifest(publicUrl: string | undefined, uses: Uses = { userGroups: false }): object {
  const requests = publicUrl === undefined ? undefined : `${publicUrl}/slack/events`;
  const url = requests === undefined ? {} : { url: requests };
  const requestUrl = requests === undefined ? {} : { request_url: requests };
  return {
    _metadata: { major_version: 1 },
    display_information: {
      name: 'Trailbot',
      description: 'CloudTrail alerts that a human owns, and answers about who did what',
      background_color: '#1d2b3a',
    },
    features: {
      bot_user: { display_name: 'trailbot', always_online: true },
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      slash_commands: [
        {
          command: '/trail',
          ...url,
          description: 'Ask CloudTrail who did what; alerts, rules and status',
          usage_hint:
            'key AKIA… 30d | who THING | user | ip | role | errors | logins | event ID | alerts | oncall | help',
          should_escape: true,
        },
      ],
      shortcuts: [
        {
          type: 'message',
          name: 'Investigate this',
          callback_id: INVESTIGATE,
          description: 'Look up the keys, ARNs, addresses and ids in a message',
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(scopesFor(uses)) } },
    settings: {
      event_subscriptions: {
        ...requestUrl,
        bot_events: ['app_home_opened', 'app_mention', 'message.im'],
      },
      interactivity: { is_enabled: true, ...requestUrl },
      org_deploy_enabled: false,
      socket_mode_enabled: requests === undefined,
      token_rotation_enabled: false,
    },
  };
}
