import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, parseJson } from '../kernel/json.ts';
import { Misuse } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import { startWorkspace, type Workspace } from '../workspace/workspace.ts';

/** The secrets that the bot and the local workspace share; made once, kept in the data folder. */
export interface LocalSecrets {
  readonly botToken: string;
  /** For Socket Mode. */
  readonly appToken: string;
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
const LAST_PORT = 65_535;

export function localSecrets(folder: string, random: Random): LocalSecrets {
  const file = join(folder, SECRETS);
  if (existsSync(file)) return withAppToken(readOwn(file, ['botToken', 'signingSecret', 'webhookKey']));
  const secrets = {
    botToken: `xoxb-local-${random.id()}`,
    signingSecret: random.id(),
    webhookKey: random.id(),
  };
  writeFileSync(file, `${JSON.stringify(secrets, null, 1)}\n`, { mode: 0o600 });
  return withAppToken(secrets);
}

/** Both tokens of the local app stay between the two, so one secret is enough for them. */
function withAppToken(secrets: Omit<LocalSecrets, 'appToken'>): LocalSecrets {
  return { ...secrets, appToken: secrets.botToken.replace(/^xoxb/u, 'xapp') };
}

export function writeRunning(folder: string, running: Running): void {
  writeFileSync(join(folder, RUNNING), `${JSON.stringify(running, null, 1)}\n`, { mode: 0o600 });
}

/** The local bot that was started last with this data folder, if any. */
export function readRunning(folder: string): Running | undefined {
  const file = join(folder, RUNNING);
  return existsSync(file) ? readOwn(file, ['webhook', 'key', 'page']) : undefined;
}

/** A file that the bot has written itself. */
function readOwn<Member extends string>(file: string, members: readonly Member[]): Record<Member, string> {
  const value = parseJson(readFileSync(file, 'utf8'));
  if (isObject(value) && members.every((member) => typeof value[member] === 'string')) {
    return value as Record<Member, string>;
  }
  throw new Misuse(`${file} is damaged. Delete it and start the bot again, which makes a new one.`);
}

/** The stand-in for Slack, on loopback, with its messages kept in the data folder. */
export async function startLocalWorkspace(options: {
  folder: string;
  /** Of the bot; the page takes the next. 0 takes any. */
  port: number;
  secrets: LocalSecrets;
  /** Socket Mode, instead of requests to `requestUrl`. */
  socket: boolean;
  requestUrl: () => string;
  /** Granted to the app, as if it had just been installed from its manifest. */
  scopes: readonly string[];
  clock: Clock;
  random: Random;
}): Promise<Workspace> {
  const { folder, port, secrets, requestUrl, scopes, clock, random } = options;
  const { botToken, signingSecret } = secrets;
  const socket = options.socket ? { appToken: secrets.appToken } : {};
  const journal = join(folder, 'workspace.ndjson');
  const next = port === 0 ? 0 : port === LAST_PORT ? port - 1 : port + 1;
  try {
    const common = { clock, random, botToken, signingSecret, requestUrl, journal, scopes };
    return await startWorkspace({ port: next, ...common, ...socket });
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    throw new Misuse(`${error.message}. The page takes the port after the webhook's, which --port sets.`);
  }
}
