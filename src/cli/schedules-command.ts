import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from './terminal.ts';

const HELP = `
Times are on the clocks of the schedule. People are called by their names where the bot has met them. Overrides, swaps
and calendars are read from the database of the bot. Exit code 1 when nobody is on call in a schedule without gaps.

  trailbot schedules
  trailbot schedules show primary --days 28
  trailbot schedules export primary > primary.ics`;
const LONGEST = 366;

/** `trailbot schedules …`; `finish` hears the exit code. */
export function addSchedules(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const schedules = program
    .command('schedules')
    .description('who is on call, now and next')
    .addHelpText('after', HELP);
  const add = (command: Command): Command =>
    command
      .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
      .option(
        '--data <folder>',
        'where the database lies (default: data_dir of the configuration, .trailbot)',
      );
  add(schedules.command('now', { isDefault: true }))
    .description('who is on call now in each schedule')
    .option('--json', 'print JSON')
    .action(async (options: Record<string, never>) => {
      const { printOnCall } = await import('./schedules.ts');
      finish(await printOnCall(terminal, options));
    });
  add(schedules.command('show'))
    .description('the shifts of one schedule')
    .argument('<name>', 'name of the schedule')
    .option('--from <date>', 'first day, such as 2026-01-31 (default: now)')
    .option('--days <number>', 'how many days (default: 14)', days)
    .option('--json', 'print JSON')
    .action(async (name: string, options: Record<string, never>) => {
      const { showSchedule } = await import('./schedules.ts');
      finish(await showSchedule(terminal, name, options));
    });
  add(schedules.command('export'))
    .description('the shifts of one schedule as iCalendar')
    .argument('<name>', 'name of the schedule')
    .option('--from <date>', 'first day, such as 2026-01-31 (default: the shift of now)')
    .option('--days <number>', 'how many days (default: 90)', days)
    .action(async (name: string, options: Record<string, never>) => {
      const { exportSchedule } = await import('./schedules.ts');
      finish(await exportSchedule(terminal, name, options));
    });
}

function days(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= LONGEST) return value;
  throw new InvalidArgumentError(`Give a number of days from 1 to ${LONGEST}.`);
}
