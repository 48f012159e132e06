import { abilitiesOf } from '../app/connect.ts';
import { readerPolicy, runPolicy, setupPolicy, TRAIL_BUCKET, trustPolicy } from '../aws/connect/policies.ts';
import { Misuse } from '../kernel/problem.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

interface PolicyOptions {
  readonly config?: string;
  readonly account?: string;
}

/** Prints an IAM policy with no more than is needed for this configuration. */
export function printPolicy(
  terminal: Terminal,
  kind: 'setup' | 'setup-other' | 'run' | 'reader' | 'trust',
  options: PolicyOptions,
): number {
  const { config } = readSettings(terminal, options.config);
  if (!config.aws) throw new Misuse('The configuration says nothing about AWS: set aws.region.');
  const abilities = abilitiesOf(config, config.aws);
  const made = {
    setup: () => setupPolicy(abilities, 'home'),
    'setup-other': () => setupPolicy(abilities, 'other'),
    run: () => runPolicy(abilities),
    reader: () => readerPolicy(abilities),
    trust: () => trustPolicy(abilities.partition, accountIn(options)),
  }[kind]();
  const text = JSON.stringify(made, null, 2);
  terminal.out(`${text}\n`);
  if (text.includes(TRAIL_BUCKET)) {
    terminal.err(
      `Put the name of the bucket with the trail files in place of ${TRAIL_BUCKET}, or take these statements out where none are read.\n`,
    );
  }
  return EXIT.fine;
}

function accountIn({ account }: PolicyOptions): string {
  if (account !== undefined && /^\d{12}$/.test(account)) return account;
  throw new Misuse('Give the account that the bot is in: --account 111122223333.');
}
