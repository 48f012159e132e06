import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import { createSlack, type SlackApp } from '../slack/bolt.ts';
import type { Desk } from '../slack/desk.ts';
import { scopesFor } from '../slack/manifest.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { localSecrets, startLocalWorkspace } from './local.ts';
import { usesOf } from './uses.ts';

/** Slack, or the local workspace that stands in for it. */
export interface Chat {
  readonly slack: SlackApp;
  readonly workspace: Workspace | undefined;
  readonly webhookKeys: readonly string[];
  stop(): Promise<void>;
}

export interface ChatOptions {
  readonly config: Config;
  readonly desk: Desk;
  /** How the local workspace reaches the bot; asked for when it does, because the bot starts after it. */
  readonly botUrl: () => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Those of the configuration; without any, the local bot makes one. */
export function webhookKeysOf({ webhookKeys, slack, dataDir }: Config, random: Random): readonly string[] {
  const local = slack.mode === 'local' && webhookKeys.length === 0;
  return local ? [localSecrets(dataDir, random).webhookKey] : webhookKeys;
}

export async function startChat(options: ChatOptions): Promise<Chat> {
  const { config, desk, clock, random, log } = options;
  const webhookKeys = webhookKeysOf(config, random);
  const common = { teamId: config.access.team, publicUrl: config.publicUrl, desk, clock, log };
  if (config.slack.mode !== 'local') {
    const { botToken: token, mode: _, ...way } = config.slack;
    const slack = await createSlack({ token, ...way, ...common });
    return { slack, workspace: undefined, webhookKeys, stop: () => slack.stop() };
  }
  const secrets = localSecrets(config.dataDir, random);
  const workspace = await startLocalWorkspace({
    folder: config.dataDir,
    port: config.listen.port,
    secrets,
    socket: config.slack.socket,
    requestUrl: () => `${options.botUrl()}/slack/events`,
    scopes: Object.keys(scopesFor(usesOf(config))),
    clock,
    random,
  });
  const { botToken: token, signingSecret, appToken } = secrets;
  const way = config.slack.socket ? { appToken } : { signingSecret };
  const slack = await createSlack({ token, ...way, apiUrl: workspace.apiUrl, ...common });
  return {
    slack,
    workspace,
    webhookKeys,
    async stop() {
      await slack.stop();
      await workspace.stop();
    },
  };
}
