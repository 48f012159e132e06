import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

const VERIFY_HELP = `
Follows the digests that CloudTrail signs and links to one another, and compares every log file with them. Gaps, where
validation or logging was off, are told and are no finding. Ctrl-C prints what was found until then. Exit code 1 when
anything was changed or deleted, or could not be verified.

  trailbot verify-logs
  trailbot verify-logs --trail audit --since 7d --region us-east-1 eu-west-1
  trailbot verify-logs --trail organization-trail --account 444455556666 --json`;

/** Loads the code when it is called. */
export function addVerifyLogs(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  program
    .command('verify-logs')
    .description('whether log files of trails were changed or deleted since CloudTrail delivered them')
    .option('--trail <name>', 'name or ARN of a trail (default: all that are found)')
    .option('--account <accounts...>', 'where the events happened: ids or names (default: all of the trail)')
    .option('--region <regions...>', 'where the events happened (default: all of the trail)')
    .option('--since <time>', 'a length back from now such as 7d, a day or an instant (default: 24h)')
    .option('--until <time>', 'the same (default: now)')
    .option('--unreferenced', 'count log files that no digest names, too')
    .option('--json', 'print JSON')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .addHelpText('after', VERIFY_HELP)
    .action(async (options: Record<string, never>) => {
      const { verifyLogs } = await import('./verify-logs.ts');
      finish(await verifyLogs(terminal, options));
    });
}
