import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import { systemRandom } from '../../src/kernel/random.ts';
import { SECOND } from '../../src/kernel/time.ts';
import { MANIFEST_SCOPES } from '../../src/workspace/api/scopes.ts';
import type { Block } from '../../src/workspace/page-api.ts';
import { startWorkspace, type Workspace, type WorkspaceOptions } from '../../src/workspace/workspace.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';

export const BOT_TOKEN = 'xoxb-local-test';
export const SIGNING_SECRET = 'a-local-signing-secret';
export const ALICE = 'U0ALICE01';
export const BOB = 'U0BOB00001';
export const BOT = 'U0TRAILBOT';
export const SECURITY = 'C0SECURITY';
export const ALICE_DM = 'D0ALICE01';

/** Later than any real now: Bolt refuses old requests, but takes those from the future. */
export const START = Date.parse('2035-01-02T03:04:05Z');

/** More than the bot asks for: all that the workspace has methods for. */
const EVERY_SCOPE = [
  ...MANIFEST_SCOPES,
  'bookmarks:read',
  'bookmarks:write',
  'channels:join',
  'files:read',
  'files:write',
  'im:history',
  'im:read',
  'im:write',
  'reactions:write',
  'team:read',
  'usergroups:read',
  'usergroups:write',
  'users:read.email',
];

export interface Stage {
  readonly workspace: Workspace;
  readonly clock: FakeClock;
}

/** A workspace on a fake clock, without an app behind it unless `requestUrl` says so. */
export async function startStage(options: Partial<WorkspaceOptions> = {}): Promise<Stage> {
  const clock = fakeClock(START);
  const workspace = await startWorkspace({
    port: 0,
    clock,
    random: systemRandom,
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    requestUrl: 'http://127.0.0.1:9/slack/events',
    scopes: EVERY_SCOPE,
    ...options,
  });
  onTestFinished(() => workspace.stop());
  return { workspace, clock };
}

/** The same with Bolt, as it comes from the registry, listening to it over HTTP. */
export async function startBolt(
  register: (app: App) => void,
  options: Partial<WorkspaceOptions> = {},
): Promise<Stage & { app: App }> {
  let requestUrl = '';
  const stage = await startStage({ requestUrl: () => requestUrl, ...options });
  const receiver = new HTTPReceiver({ signingSecret: SIGNING_SECRET, port: 0, logLevel: LogLevel.ERROR });
  const clientOptions = {
    slackApiUrl: stage.workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10 * SECOND,
  };
  const app = new App({
    token: BOT_TOKEN,
    receiver,
    clientOptions,
    convoStore: false,
    logLevel: LogLevel.ERROR,
  });
  register(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await app.stop();
  });
  const address = server.address();
  requestUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/slack/events`;
  return { ...stage, app };
}

/** The answer of the Web API, as JSON. */
export interface ApiAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly [key: string]: unknown;
}

/** One Web API call with a JSON body and the bot's token. */
export async function call(
  workspace: Workspace,
  method: string,
  args: Record<string, unknown> = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${workspace.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  return readAnswer(await response.json());
}

function readAnswer(value: unknown): ApiAnswer {
  if (typeof value !== 'object' || value === null || !('ok' in value) || typeof value.ok !== 'boolean') {
    throw new Error(`not an answer of the Web API: ${JSON.stringify(value)}`);
  }
  return { ...value, ok: value.ok };
}

export function section(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function buttons(...values: readonly string[]): Block {
  return {
    type: 'actions',
    block_id: 'buttons',
    elements: values.map((value) => ({
      type: 'button',
      action_id: `do_${value.split(':')[0]}`,
      text: { type: 'plain_text', text: value },
      value,
    })),
  };
}
