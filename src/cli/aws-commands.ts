import { Argument, type Command } from 'commander';
import { awsHere } from './aws-here.ts';
import type { Terminal } from './terminal.ts';

const POLICY_KINDS = ['setup', 'setup-other', 'run', 'reader', 'trust'] as const;
const POLICY_HELP = `
setup        for who runs "trailbot aws apply"
setup-other  for the role aws.setup_role in each other account
run          for the bot
reader       for the reader roles in other accounts
trust        lets the account of the bot assume the roles in other accounts`;

/** `trailbot aws …`; `finish` hears the exit code. */
export function addAws(program: Command, terminal: Terminal, finish: (code: number) => void): void {
  const aws = program
    .command('aws')
    .description('set up in AWS what sends events to the bot, and take it away');
  const add = (name: string, description: string): Command =>
    aws
      .command(name)
      .description(description)
      .option('--config <file>', 'configuration (default: trailbot.yaml where present)');
  add('plan', 'what "aws apply" would do; exit code 1 when there is something to do')
    .option('--json', 'print JSON')
    .action(async (options: Record<string, never>) => {
      const { planAws } = await import('./aws-plan.ts');
      finish(await planAws(terminal, options, awsHere(terminal)));
    });
  add('apply', 'make everything as the configuration has it, after asking')
    .option('--yes', 'do not ask')
    .action(async (options: Record<string, never>) => {
      const { applyAws } = await import('./aws-plan.ts');
      finish(await applyAws(terminal, options, awsHere(terminal)));
    });
  add('destroy', 'take away everything that "aws apply" made, after asking')
    .option('--yes', 'do not ask')
    .action(async (options: Record<string, never>) => {
      const { destroyAws } = await import('./aws-plan.ts');
      finish(await destroyAws(terminal, options, awsHere(terminal)));
    });
  add('template', 'print the same as a CloudFormation template')
    .option('--home', 'for a stack in the home account and region (default)')
    .option('--spoke', 'for a stack set over all other accounts and regions')
    .option('--json', 'print JSON instead of YAML')
    .action(async (options: Record<string, never>) => {
      const { printTemplate } = await import('./aws-template.ts');
      finish(printTemplate(terminal, options));
    });
  add('policy', 'print an IAM policy with no more than is needed')
    .addArgument(new Argument('<kind>', 'who it is for').choices(POLICY_KINDS))
    .option('--account <id>', 'the account that the bot is in, for trust')
    .addHelpText('after', POLICY_HELP)
    .action(async (kind: (typeof POLICY_KINDS)[number], options: Record<string, never>) => {
      const { printPolicy } = await import('./aws-policy.ts');
      finish(printPolicy(terminal, kind, options));
    });
}
