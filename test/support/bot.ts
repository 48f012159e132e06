import { onTestFinished } from 'vitest';
import { type App, type AppOptions, startApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog, type Log } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { SECOND, systemClock } from '../../src/kernel/time.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import { temporaryFolder } from './store.ts';

/** A whole bot with a local workspace, over real HTTP, on a clock that the test moves. */
export interface Bot {
  readonly app: App;
  readonly workspace: Workspace;
  readonly clock: FakeClock;
  readonly folder: string;
  /** Posts one event (or anything else) to the webhook. */
  post(body: JsonObject | string): Promise<Response>;
  /** Lets everything that is due within `seconds` happen, second by second. */
  pass(seconds?: number): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and starts another with the same data and clock. */
  restart(): Promise<Bot>;
}

export interface BotOptions {
  readonly yaml?: string;
  /** Environment variables; none by default. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: FakeClock;
  readonly folder?: string;
  /** Granted to the bot by the workspace, once it runs; by default what its manifest asks for. */
  readonly scopes?: readonly string[];
  /** By default nothing is logged. */
  readonly log?: Log;
  /** Relative rule paths are looked up from here. */
  readonly base?: string;
  /** Where AWS answers; without it, AWS is not asked. */
  readonly aws?: AppOptions['aws'];
}

export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const clock = options.clock ?? fakeClock(systemClock.now());
  const folder = options.folder ?? temporaryFolder();
  const read = readConfig({ text: options.yaml, file: 'trailbot.yaml', env: options.env ?? {} });
  if ('problems' in read) throw new Error(read.problems.map((problem) => problem.what).join('\n'));
  const history = {
    ...read.config.history,
    lookupEvents: read.config.history.lookupEvents && options.aws !== undefined,
  };
  const { digests } = read.config;
  // Tests begin at any time of any day: digests come where they are asked for.
  const asked = /^digests:/m.test(options.yaml ?? '');
  const quiet = asked ? {} : { digests: { ...digests, daily: undefined, weekly: undefined } };
  const config = {
    ...read.config,
    ...quiet,
    history,
    dataDir: folder,
    listen: { host: '127.0.0.1', port: 0 },
  };
  const app = await startApp({
    config,
    base: options.base ?? folder,
    watched: [],
    clock,
    random: systemRandom,
    log: options.log ?? createLog('silent'),
    ...(options.aws ? { aws: options.aws } : {}),
  });
  let stopped = false;
  const stop = async () => {
    if (!stopped) await app.stop();
    stopped = true;
  };
  onTestFinished(stop);
  if (!app.workspace) throw new Error('no local workspace was started');
  if (options.scopes) app.workspace.grant(options.scopes);
  return {
    app,
    workspace: app.workspace,
    clock,
    folder,
    post: (body) =>
      fetch(`${app.url}/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': app.webhookKeys[0] ?? '' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async pass(seconds = 0) {
      await app.settle();
      for (let second = 0; second < seconds; second++) {
        await clock.advance(SECOND);
        await app.settle();
      }
    },
    stop,
    async restart() {
      await stop();
      return startBot({ ...options, clock, folder });
    },
  };
}
