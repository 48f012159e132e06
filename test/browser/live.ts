import { type App, type AppOptions, startApp } from '../../src/app/app.ts';
import { SAMPLES } from '../../src/cli/samples/sample.ts';
import { readConfig } from '../../src/config/config.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { type Clock, systemClock } from '../../src/kernel/time.ts';

/** A whole bot that runs by itself, with its local workspace, for a browser to look at. */
export interface LiveBot {
  /** The address of the workspace's page. */
  readonly page: string;
  /** Posts one event to the webhook; fails where it is not taken. */
  post(event: JsonObject): Promise<void>;
  /** Posts a bundled incident, or those of its events that `wanted` picks. */
  send(sample: string, wanted?: (detail: JsonObject) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** How the workspace reaches the bot: by requests to its port, or through sockets that the bot has opened. */
export type Way = 'requests' | 'sockets';

/** For the tests that are walked both ways. */
export const BOTH_WAYS: readonly Way[] = ['requests', 'sockets'];

/** For all others; `BROWSER_WAY=sockets` walks them the other way. */
const USUAL_WAY: Way = process.env.BROWSER_WAY === 'sockets' ? 'sockets' : 'requests';

/** Starts it with its data in `folder`, on free ports. Without `aws` AWS is not asked. */
export async function startLiveBot(
  folder: string,
  options: { yaml?: string; clock?: Clock; aws?: AppOptions['aws']; way?: Way | undefined } = {},
): Promise<LiveBot> {
  const clock = options.clock ?? systemClock;
  const slack = `slack: { socket: ${(options.way ?? USUAL_WAY) === 'sockets'} }`;
  const text = `${options.yaml ?? ''}\n${slack}\n`;
  const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems.map((problem) => problem.what).join('\n'));
  const history = {
    ...read.config.history,
    lookupEvents: read.config.history.lookupEvents && options.aws !== undefined,
  };
  const config = { ...read.config, history, dataDir: folder, listen: { host: '127.0.0.1', port: 0 } };
  const log = createLog('silent');
  const app = await startApp({
    config,
    base: folder,
    watched: [],
    clock,
    random: systemRandom,
    log,
    ...(options.aws ? { aws: options.aws } : {}),
  });
  const { workspace } = app;
  if (!workspace) throw new Error('no local workspace was started');
  const post = (event: JsonObject) => postTo(app, event);
  return {
    page: workspace.url,
    post,
    async send(sample, wanted = () => true) {
      for (const event of SAMPLES.get(sample)?.make(clock.now(), systemRandom) ?? []) {
        if (wanted(event.detail as JsonObject)) await post(event);
      }
    },
    stop: () => app.stop(),
  };
}

async function postTo(app: App, event: JsonObject): Promise<void> {
  const answer = await fetch(`${app.url}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': app.webhookKeys[0] ?? '' },
    body: JSON.stringify(event),
  });
  if (!answer.ok) throw new Error(`the webhook answered ${answer.status}: ${await answer.text()}`);
}
