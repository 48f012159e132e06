/** Why the app asks for each scope: what an admin wants to know before installing it. */
export const SCOPES: Readonly<Record<string, string>> = {
  'chat:write': 'post alerts, edit them, answer the one who asked',
  commands: 'the slash command /trail',
  'users:read': 'the names of those who act on alerts, and the time zone of whoever snoozes until 09:00',
  'channels:history': 'find an alert after a lost answer, so that none is posted twice (public channels)',
  'groups:history': 'the same in private channels that the bot was invited to',
  'channels:read': 'find the channel to look in by its name, where the configuration does not give its id',
  'groups:read': 'the same for private channels',
};

/**
 * The Slack app's manifest, with the least it needs. `publicUrl` is where Slack reaches the bot, without a
 * slash at the end. Source: Slack, "App manifest reference".
 */
export function manifest(publicUrl: string): object {
  const requests = `${publicUrl}/slack/events`;
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
        messages_tab_read_only_enabled: true,
      },
      slash_commands: [
        {
          command: '/trail',
          url: requests,
          description: 'Alerts, events, rules and status of Trailbot',
          usage_hint: 'alerts | event ID | rules | status | help',
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(SCOPES) } },
    settings: {
      event_subscriptions: { request_url: requests, bot_events: ['app_home_opened'] },
      interactivity: { is_enabled: true, request_url: requests },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}
