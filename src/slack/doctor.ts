import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../kernel/log.ts';
import { type Clock, SECOND } from '../kernel/time.ts';
import type { Checkup, Diagnosis } from '../work/doctor/checkup.ts';
import { judgeClock } from '../work/doctor/clock.ts';
import { boltLog } from './bolt-log.ts';
import { type Channel, findChannel } from './channels.ts';
import { classify } from './classify.ts';
import { scopesFor, type Uses } from './manifest.ts';

export interface SlackDoctorOptions extends Uses {
  readonly token: string;
  readonly apiUrl: string;
  /** The workspace that the configuration names. */
  readonly teamId: string | undefined;
  /** Where alerts go: `#name` or an id. */
  readonly channels: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

const AREA = 'slack';
const REINSTALL =
  'add the scopes under OAuth & Permissions ("trailbot manifest" prints them all), then install the app again';

/** Token, scopes, channels and clock, as Slack sees them. */
export function slackCheckups(options: SlackDoctorOptions): Checkup[] {
  const client = new WebClient(options.token, clientOptions(options));
  const checkup = (check: string, look: (signal: AbortSignal) => Promise<Diagnosis[]>): Checkup => ({
    area: AREA,
    check,
    look,
  });
  return [
    checkup('slack-token', () => token(client, options)),
    ...options.channels.map((channel) => checkup('slack-channel', () => channelState(client, channel))),
    checkup('clock', (signal) => skew(options, signal)),
  ];
}

function clientOptions({ apiUrl, log }: SlackDoctorOptions): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: 10 * SECOND,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: boltLog(log),
  };
}

async function token(
  client: WebClient,
  { teamId, ...uses }: Pick<SlackDoctorOptions, 'teamId' | keyof Uses>,
): Promise<Diagnosis[]> {
  const said = await client.auth.test().catch((error: unknown) => classify(error));
  if (said instanceof Error) {
    const remedy =
      said.retryAfter === undefined
        ? 'set SLACK_BOT_TOKEN to the token of the installed app'
        : 'check the network and any proxy';
    return [diagnose('slack-token', 'fault', said.message, remedy)];
  }
  const where = `${said.user ?? 'the bot'} in ${said.team ?? said.team_id ?? 'its workspace'}`;
  const other = teamId !== undefined && teamId !== said.team_id;
  return [
    other
      ? diagnose(
          'slack-token',
          'fault',
          `the token belongs to ${said.team_id}, the configuration names ${teamId}`,
          'correct access.team or SLACK_BOT_TOKEN',
        )
      : diagnose('slack-token', 'fine', `Slack knows the token: ${where}`),
    scopes(said.response_metadata?.scopes, uses),
  ];
}

function scopes(granted: readonly string[] | undefined, uses: Uses): Diagnosis {
  const wanted = scopesFor(uses);
  if (granted === undefined) {
    return diagnose(
      'slack-scopes',
      'unknown',
      'Slack did not say which scopes the token has',
      'check OAuth & Permissions',
    );
  }
  const missing = Object.keys(wanted).filter((scope) => !granted.includes(scope));
  if (missing.length === 0) {
    return diagnose('slack-scopes', 'fine', `all ${Object.keys(wanted).length} scopes are granted`);
  }
  const needed = missing.map((scope) => `${scope} (${wanted[scope]})`).join('; ');
  return diagnose('slack-scopes', 'fault', `missing scopes: ${needed}`, REINSTALL);
}

/** Whether an alert could be posted there. Source: Slack Web API, `conversations.info`. */
async function channelState(client: WebClient, channel: string): Promise<Diagnosis[]> {
  const found = channel.startsWith('#')
    ? await findChannel(client, channel.slice(1))
    : await byId(client, channel);
  const invite = `write "/invite @trailbot" in ${channel}`;
  if (!found) {
    return [
      diagnose(
        'slack-channel',
        'fault',
        `Slack shows no channel ${channel} to the bot`,
        `correct routes, or, if it is private, ${invite}`,
      ),
    ];
  }
  if (found.is_archived) {
    return [
      diagnose('slack-channel', 'fault', `${channel} is archived`, 'unarchive it, or route alerts elsewhere'),
    ];
  }
  return [
    found.is_member
      ? diagnose('slack-channel', 'fine', `the bot is in ${channel}`)
      : diagnose('slack-channel', 'fault', `the bot is not in ${channel}, so no alert arrives there`, invite),
  ];
}

async function byId(client: WebClient, channel: string): Promise<Channel | undefined> {
  try {
    return (await client.conversations.info({ channel })).channel;
  } catch (error) {
    const fault = classify(error);
    if (fault.retryAfter !== undefined) throw fault;
    return undefined;
  }
}

/** Every answer of Slack says what time it is there. */
async function skew({ apiUrl, clock }: SlackDoctorOptions, signal: AbortSignal): Promise<Diagnosis[]> {
  const asked = clock.now();
  const { headers } = await fetch(`${apiUrl}api.test`, { method: 'POST', signal });
  const heard = { date: headers.get('date') ?? undefined, asked, came: clock.now() };
  return [{ area: AREA, check: 'clock', ...judgeClock('Slack', heard) }];
}

function diagnose(check: string, verdict: Diagnosis['verdict'], says: string, remedy?: string): Diagnosis {
  return { area: AREA, check, verdict, says, ...(remedy === undefined ? {} : { remedy }) };
}
