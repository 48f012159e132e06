import { resolve } from 'node:path';
import { type App, startApp } from '../app/app.ts';
import { createLog } from '../kernel/log.ts';
import { systemRandom } from '../kernel/random.ts';
import { systemClock } from '../kernel/time.ts';
import { awsHere } from './aws-here.ts';
import { draftSettings, type Overrides, readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** Runs the bot until it is told to stop. */
export async function serve(terminal: Terminal, options: { config?: string } & Overrides): Promise<number> {
  const settings = readSettings(terminal, options.config, options);
  const { config } = settings;
  const log = createLog(config.log.level, { write: terminal.err });
  const stopped = new Promise<void>((resolve) => terminal.onStop(resolve));
  const aws = awsHere(terminal);
  let app: App | undefined;
  // A reload asked for while it starts needs nothing: everything is read then anyway.
  terminal.onReload(() => app?.reload());
  app = await startApp({
    config,
    base: settings.base,
    reread: settings.reread,
    watched: [settings.file],
    clock: systemClock,
    random: systemRandom,
    log,
    ...(aws && { aws }),
  });
  terminal.out(greeting(app, dataOption(terminal, config.dataDir)));
  await stopped;
  log.info('stopping: finishing what is under way');
  await app.stop();
  log.info('stopped');
  return EXIT.fine;
}

/** What `send` has to be told to find this bot. */
function dataOption(terminal: Terminal, folder: string): string {
  const usual = draftSettings(terminal, undefined);
  const found = resolve(usual.base, usual.config?.dataDir ?? '.trailbot');
  return found === folder ? '' : ` --data ${folder}`;
}

function greeting(app: App, option: string): string {
  const lines = [`Trailbot takes events at ${app.url}/events and watches them with ${app.rules} rules.`];
  if (app.workspace) {
    lines.push(
      'No Slack token is set, so it runs with a local workspace that stands in for Slack:',
      '',
      `    ${app.workspace.url}`,
      '',
      'Open that page, then send it a sample incident from a second terminal:',
      '',
      `    npm run trailbot -- send --sample leaked-key${option}`,
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}
