import { type Command, Option } from 'commander';
import type { Terminal } from './terminal.ts';

const EXPORT_HELP = `
Each mute is printed as a Sigma filter with tests made of the event that it came from. Put it beside the rules and end
the mute: the filter stays. Exit code 1 when one cannot be a filter; standard error says why.

  trailbot mutes export M-3 > rules/not-the-scanner.yml
  trailbot rules check`;

/** Loads the code when it is called. */
export function addMutes(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const mutes = program.command('mutes').description('patterns that people have muted in Slack');
  mutes
    .command('export')
    .description('print a mute as a Sigma filter')
    .argument('[id]', 'which, such as M-3 (default: all that hold)')
    .addOption(
      new Option('--rules <path...>', 'files and folders with rules (default: those of the configuration)'),
    )
    .addOption(new Option('--config <file>', 'configuration (default: trailbot.yaml where present)'))
    .addOption(
      new Option(
        '--data <folder>',
        'where the database lies (default: data_dir of the configuration, .trailbot)',
      ),
    )
    .addHelpText('after', EXPORT_HELP)
    .action(async (id: string | undefined, options: Record<string, never>) => {
      const { exportMutes } = await import('./mutes.ts');
      finish(await exportMutes(terminal, id, options));
    });
}
