import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import { startWorkspace, type Workspace } from '../workspace/workspace.ts';

/** The secrets that the bot and the local workspace share; made once, kept in the data folder. */
export interface LocalSecrets {
  readonly botToken: string;
  readonly signingSecret: string;
  readonly webhookKey: string;
}

/** What a second program (such as `trailbot send`) needs to reach a running local bot. */
export interface Running {
  readonly webhook: string;
  readonly key: string;
  readonly page: string;
}

const SECRETS = 'local-secrets.json';
const RUNNING = 'running.json';

export function localSecrets(folder: string, random: Random): LocalSecrets {
  const file = join(folder, SECRETS);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  const secrets = {
    botToken: `xoxb-local-${random.id()}`,
    signingSecret: random.id(),
    webhookKey: random.id(),
  };
  writeFileSync(file, `${JSON.stringify(secrets, null, 1)}\n`, { mode: 0o600 });
  return secrets;
}

export function writeRunning(folder: string, running: Running): void {
  writeFileSync(join(folder, RUNNING), `${JSON.stringify(running, null, 1)}\n`, { mode: 0o600 });
}

/** The local bot that was started last with this data folder, if any. */
export function readRunning(folder: string): Running | undefined {
  const file = join(folder, RUNNING);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Running) : undefined;
}

/** The stand-in for Slack, on loopback, with its messages kept in the data folder. */
export function startLocalWorkspace(options: {
  folder: string;
  port: number;
  secrets: LocalSecrets;
  requestUrl: () => string;
  clock: Clock;
  random: Random;
}): Promise<Workspace> {
  const { secrets } = options;
  return startWorkspace({
    port: options.port,
    clock: options.clock,
    random: options.random,
    botToken: secrets.botToken,
    signingSecret: secrets.signingSecret,
    requestUrl: options.requestUrl,
    journal: join(options.folder, 'workspace.ndjson'),
  });
}
