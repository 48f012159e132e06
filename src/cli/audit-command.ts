import { type Command, Option } from 'commander';
import type { Terminal } from './terminal.ts';

const EXPORT_HELP = `
An entry is {"number","at","user","name","team","kind","detail","id","previous","hash"}. "hash" is the SHA-256 of all
the rest but "name", as JSON without spaces and with its members in alphabetical order; "previous" is the hash of the
entry before, so that nothing can be changed, taken out or put in without a trace. CSV is for reading alone.

  trailbot audit export --since 30d > audit.ndjson
  trailbot audit export --format csv > audit.csv`;
const VERIFY_HELP = `
Names every entry that was changed, is missing, was put in or stands in another place. Whoever can write the database
could write all of it anew, with hashes that fit: keep the hash that this prints elsewhere, and give it with --head the
next time. Exit code 1 when anything is found.

  trailbot audit verify
  trailbot audit verify audit.ndjson --head 4d2c…`;
const FILE = 'what "audit export" printed, - for standard input (default: the database)';

/** Loads the code when it is called. */
export function addAudit(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const audit = program
    .command('audit')
    .description('who did, asked and changed what, and whether that is whole');
  const config = new Option('--config <file>', 'configuration (default: trailbot.yaml where present)');
  const data = new Option(
    '--data <folder>',
    'where the database lies (default: data_dir of the configuration, .trailbot)',
  );
  audit
    .command('export')
    .description('print the audit log, the oldest first')
    .option('--since <when>', 'a length back from now such as 30d, a day or an instant (default: all)')
    .option('--until <when>', 'the same; a day counts whole (default: now)')
    .addOption(new Option('--format <format>', 'how').choices(['ndjson', 'csv']).default('ndjson'))
    .addOption(config)
    .addOption(data)
    .addHelpText('after', EXPORT_HELP)
    .action(async (options: Record<string, never>) => {
      const { exportAudit } = await import('./audit.ts');
      finish(await exportAudit(terminal, options));
    });
  audit
    .command('verify')
    .description('whether anything in the audit log was changed, deleted or put in')
    .argument('[file]', FILE)
    .option('--head <hash>', 'the hash that was printed the last time, which must be among the entries')
    .option('--json', 'print JSON')
    .addOption(config)
    .addOption(data)
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string | undefined, options: Record<string, never>) => {
      const { verify } = await import('./audit.ts');
      finish(await verify(terminal, file, options));
    });
}
