import { type App, startApp } from '../app/app.ts';
import { createLog } from '../kernel/log.ts';
import { systemRandom } from '../kernel/random.ts';
import { systemClock } from '../kernel/time.ts';
import { type Overrides, readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** Runs the bot until it is told to stop. */
export async function serve(terminal: Terminal, options: { config?: string } & Overrides): Promise<number> {
  const settings = readSettings(terminal, options.config, options);
  const { config } = settings;
  const log = createLog(config.log.level, { write: terminal.err });
  const stopped = new Promise<void>((resolve) => terminal.onStop(resolve));
  const app = await startApp({
    config,
    base: settings.base,
    reread: settings.reread,
    watched: settings.file === undefined ? [] : [settings.file],
    clock: systemClock,
    random: systemRandom,
    log,
  });
  terminal.onReload(() => void app.reload());
  terminal.out(greeting(app));
  await stopped;
  terminal.onStop(() => {});
  log.info('stopping: finishing what is under way');
  await app.stop();
  return EXIT.fine;
}

function greeting(app: App): string {
  const lines = [`Trailbot takes events at ${app.url}/events and watches them with ${app.rules} rules.`];
  if (app.workspace) {
    lines.push(
      'No Slack token is set, so it runs with a local workspace that stands in for Slack:',
      '',
      `    ${app.workspace.url}`,
      '',
      'Open that page, then send it a sample incident from a second terminal:',
      '',
      '    npm run trailbot -- send --sample leaked-key',
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}
