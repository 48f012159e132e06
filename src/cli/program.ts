import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Misuse, sayError } from '../kernel/problem.ts';
import { addAudit } from './audit-command.ts';
import { addAws } from './aws-commands.ts';
import { addMutes } from './mutes-command.ts';
import { addSchedules } from './schedules-command.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { addVerifyLogs } from './verify-logs-command.ts';

const EVENTS = 'files with events, plain or gzip (default: standard input, which - stands for too)';
const FOLDERS = EVENTS.replace('files', 'files and folders');
const SHAPES = `
Events may be EventBridge events, records, {"Records":[…]}, arrays, one JSON text a line, the output of
"aws cloudtrail lookup-events", or SNS and SQS messages of any of these.`;
const SEND_HELP = `${SHAPES}

Instead of files, s3://BUCKET/PREFIX stands for the trail files of a period: those whose names CloudTrail gives, from
all accounts and regions under the prefix. AWS is asked with the credentials that the SDK finds, and through the
reader_role of accounts that have one.

The key comes from TRAILBOT_WEBHOOK_KEYS, or is that of the local bot. Exit code 1 when something was not taken.

  trailbot send --sample leaked-key
  trailbot send events.json.gz --to https://trailbot.example.com/events --rate 50
  trailbot send s3://acme-trail/AWSLogs/111122223333/ --since 2026-11-20 --until 2026-11-21`;
const MATCH_HELP = `${SHAPES}

Each match is {"rule","title","level","event","line"}; line counts the records of the input from 0, also those
that are not understood, which standard error tells with the reason.

  trailbot match --rules ./my-rules events.ndjson
  zcat *.json.gz | trailbot match --count`;
const BACKTEST_HELP = `${SHAPES}

The routes, silences and accounts of the configuration count as in the bot, on the time of the events and in their
order; nothing is posted or kept. What matches waits in a temporary file, about 3 kB an event. Ctrl-C prints what was
found until then. Exit code 1 when nothing could be read, and with --fail-over also when it was stopped.

  trailbot backtest AWSLogs/
  trailbot backtest --rules ./my-rules -- november/*.json.gz`;
const LEARN_HELP = `${SHAPES}

The time of the events counts as learnt, except stretches with a whole day without one. Ctrl-C keeps the values that
were read, but not their time. Exit code 1 when nothing could be read or it was stopped.

  trailbot rules learn AWSLogs/
  trailbot rules learn --rules ./my-rules -- november/*.json.gz`;
const EXPLAIN_HELP = `${SHAPES}

An id is looked up in the database of the bot, and an event that is not there in the event history of AWS. Below the
rules that match stand the three that came nearest. Exit code 1 when no rule matches.

  trailbot explain event.json --rules ./my-rules
  trailbot explain 5f0e7c1a-1f1d-4c35-9a53-0d3f3a3c9b11`;
const LOOKUP_HELP = `
Questions are key ID, who THING, user NAME, ip ADDRESS, role NAME, resource ID, errors, logins, root, event ID,
compare ID ID… and stats. Narrow them with a period (2h, 30d, since 2026-11-01, yesterday; times are UTC),
in ACCOUNT, region NAME, reads or writes, failed. Ctrl-C ends the search and prints what was found.

With --csv and --json, standard error says what is missing. JSON is {"question","complete","counts","answer","calls",
"coverage"}, and "owner", "keyAccount", "trace", "events" or "stats" where there are any; a call has the columns of
the CSV, and "complete" is true when all sources were read to the end and all calls are printed. Exit code 1 when
nothing could be asked.

  trailbot lookup key AKIAIOSFODNN7EXAMPLE 30d
  trailbot lookup who acme-backups since yesterday writes
  trailbot lookup user alice@example.com 7d --csv > alice.csv`;
const PACKAGE = join(import.meta.dirname, '../../package.json');

/** Runs one command line; the answer is the exit code: 0 fine, 1 a finding, 2 misuse. Never rejects. */
export async function run(terminal: Terminal): Promise<number> {
  let code: number = EXIT.fine;
  const program = buildProgram(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(terminal.args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.misuse;
    terminal.err(`${sayFailure(error)}\n`);
    return EXIT.misuse;
  }
}

/** A person's mistake is one sentence, and so is what the machine refuses; only a mistake of ours needs its trace. */
function sayFailure(error: unknown): string {
  if (error instanceof Misuse) return error.message;
  const said = `Trailbot cannot go on: ${sayError(error)}`;
  if (!(error instanceof Error) || 'syscall' in error || error.stack === undefined) return said;
  return `${said}\n${error.stack}`;
}

type Finish = (code: number) => void;

/** Commands load their code when they are called: `match` must not pay for Slack. */
function buildProgram(terminal: Terminal, finish: Finish): Command {
  const program = new Command('trailbot')
    .description('A Slack bot for AWS CloudTrail: rules, alerts that a human owns, and answers.')
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', '\nEvery command has its own --help. Exit code: 0 fine, 1 a finding, 2 misuse.')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  addServe(program, terminal, finish);
  addSend(program, terminal, finish);
  addRules(program, terminal, finish);
  addMatch(program, terminal, finish);
  addBacktest(program, terminal, finish);
  addExplain(program, terminal, finish);
  addLookup(program, terminal, finish);
  addDoctor(program, terminal, finish);
  addSchedules(program, terminal, finish);
  addVerifyLogs(program, terminal, finish);
  addAws(program, terminal, finish);
  addAudit(program, terminal, finish);
  addMutes(program, terminal, finish);
  addManifest(program, terminal, finish);
  speakPlainly(program, 'trailbot');
  return program;
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  return version;
}

/** One sentence a mistake, with the command whose help has the answer. */
function speakPlainly(command: Command, name: string): void {
  command.helpOption('-h, --help', 'print this help').configureOutput({
    outputError: (text, write) => write(`${sayMistake(text, name)}\n`),
  });
  for (const inner of command.commands) speakPlainly(inner, `${name} ${inner.name()}`);
}

/** Commander writes `error: unknown option '--cout'`, and on a second line `(Did you mean --count?)`. */
function sayMistake(text: string, name: string): string {
  const [, what = text.trim(), near] =
    /^error: (.*?)\.?\s*(?:\(Did you mean (.*)\?\))?\s*$/s.exec(text) ?? [];
  const sentence = what.charAt(0).toUpperCase() + what.slice(1);
  const meant = near === undefined ? '.' : `; did you mean ${near}?`;
  return `${sentence}${meant} "${name} --help" says what it takes.`;
}

function addServe(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('serve')
    .description('run the bot (with a local stand-in for Slack when no token is set)')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--data <folder>', 'where the database lies (default: data_dir of the configuration, .trailbot)')
    .option('--port <number>', 'port of the webhook (default: listen.port of the configuration, 3000)', port)
    .action(async (options: { config?: string; data?: string; port?: number }) => {
      const { serve } = await import('./serve.ts');
      finish(await serve(terminal, options));
    });
}

function addSend(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('send')
    .description('post events to a webhook the way an EventBridge API destination does')
    .argument('[files...]', EVENTS)
    .option('--sample <name>', 'send a bundled incident, at today’s times: leaked-key or burst')
    .option(
      '--since <when>',
      'for trail files in S3: what happened since 7d, 2026-11-20, 2026-11-20T09:00:00Z',
    )
    .option('--until <when>', 'for trail files in S3: and until then (default: now)')
    .option('--to <url>', 'webhook (default: the local bot that was started last here)')
    .option('--rate <number>', 'events a second (default: as fast as answers come)', positive)
    .option('--data <folder>', 'data folder of the local bot (default: as serve would use here)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', SEND_HELP)
    .action(async (files: string[], options: Record<string, never>) => {
      const { send } = await import('./send.ts');
      finish(await send(terminal, files, options));
    });
}

function addRules(program: Command, terminal: Terminal, finish: Finish): void {
  const rules = program.command('rules').description('check, list and show rules');
  const config = new Option('--config <file>', 'configuration (default: trailbot.yaml where present)');
  const json = new Option('--json', 'print JSON');
  rules
    .command('check')
    .description('every mistake in every rule, then the tests inside the rules; exit 1 if there is any')
    .argument('[paths...]', 'rule files and folders (default: those of the configuration)')
    .addOption(config)
    .addOption(json)
    .action(async (paths: string[], options: { config?: string; json?: boolean }) => {
      const { checkRules } = await import('./rules.ts');
      finish(checkRules(terminal, paths, options));
    });
  rules
    .command('list')
    .description('the rules that are loaded')
    .argument('[paths...]', 'rule files and folders (default: those of the configuration)')
    .addOption(config)
    .addOption(json)
    .action(async (paths: string[], options: { config?: string; json?: boolean }) => {
      const { listRules } = await import('./rules.ts');
      finish(listRules(terminal, paths, options));
    });
  rules
    .command('show')
    .description('one rule in full')
    .argument('<rule>', 'its id or name')
    .addOption(config)
    .addOption(json)
    .action(async (name: string, options: { config?: string; json?: boolean }) => {
      const { showRule } = await import('./rules.ts');
      finish(showRule(terminal, name, options));
    });
  rules
    .command('coverage')
    .description('which ATT&CK techniques and CIS monitoring controls the rules cover, and which not')
    .argument('[paths...]', 'rule files and folders (default: those of the configuration)')
    .addOption(config)
    .addOption(json)
    .action(async (paths: string[], options: { config?: string; json?: boolean }) => {
      const { showCoverage } = await import('./coverage.ts');
      finish(showCoverage(terminal, paths, options));
    });
  rules
    .command('pattern')
    .description('the EventBridge patterns that deliver what the rules need')
    .argument('[paths...]', 'rule files and folders (default: those of the configuration)')
    .addOption(config)
    .addOption(json)
    .action(async (paths: string[], options: { config?: string; json?: boolean }) => {
      const { printPattern } = await import('./rule-pattern.ts');
      finish(printPattern(terminal, paths, options));
    });
  addLearn(rules, terminal, finish);
}

function addLearn(rules: Command, terminal: Terminal, finish: Finish): void {
  rules
    .command('learn')
    .description('fill what rules with first_seen know from events in files; stop the bot before')
    .argument('[files...]', FOLDERS)
    .option('--rules <paths...>', 'rule files and folders (default: those of the configuration)')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--data <folder>', 'where the database lies (default: data_dir of the configuration, .trailbot)')
    .option('--json', 'print JSON')
    .addHelpText('after', LEARN_HELP)
    .action(async (files: string[], options: Record<string, never>) => {
      const { learn } = await import('./learn.ts');
      finish(await learn(terminal, files, options));
    });
}

function addMatch(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('match')
    .description('run events through the rules only; prints one JSON line a match')
    .argument('[files...]', FOLDERS)
    .option('--rules <paths...>', 'rule files and folders (default: those of the configuration)')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--count', 'print only how often each rule matched')
    .option('--threads <number>', 'files that are read at the same time (default: one a core)', whole)
    .addHelpText('after', MATCH_HELP)
    .action(async (files: string[], options: Record<string, never>) => {
      const { match } = await import('./match.ts');
      finish(await match(terminal, files, options));
    });
}

function addBacktest(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('backtest')
    .description('what would have alerted: events through rules, correlations, first-seen and grouping')
    .argument('[files...]', FOLDERS)
    .option('--rules <paths...>', 'rule files and folders (default: those of the configuration)')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--resolve-after <time>', 'an alert counts as resolved when it was silent so long (default: 24h)')
    .option('--learnt', 'rules with first_seen alert from the first event on, without learning')
    .option('--all', 'name the rules that never matched, too')
    .option('--json', 'print JSON')
    .option('--fail-over <number>', 'exit code 1 when there are more alerts a day than this', notNegative)
    .addHelpText('after', BACKTEST_HELP)
    .action(async (files: string[], options: Record<string, never>) => {
      const { backtest } = await import('./backtest.ts');
      finish(await backtest(terminal, files, options));
    });
}

function addExplain(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('explain')
    .description('why an event makes an alert, or does not: each rule about it, clause by clause')
    .argument('<event>', 'a file with one event, - for standard input, or the id of an event or an alert')
    .option('--rules <paths...>', 'rule files and folders (default: those of the configuration)')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--data <folder>', 'where the database lies (default: data_dir of the configuration, .trailbot)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (event: string, options: Record<string, never>) => {
      const { explain } = await import('./explain.ts');
      finish(await explain(terminal, event, options));
    });
}

function addLookup(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('lookup')
    .description('answer a question about who did what: the same questions as /trail in Slack')
    .argument('<question...>', 'what to look up, such as: key AKIA… 30d')
    .option('--timeline', 'list the calls one by one, newest first, the same in a row as one line')
    .option('--page <number>', 'a page of ten lines of that list, from 1', whole)
    .option('--limit <number>', 'most rows of a table, lines of a timeline (default: 100) or calls', whole)
    .option('--within <time>', 'take at most this long, then print what was found (default: 2m)')
    .option('--json', 'print the calls and all that is known of them as JSON')
    .option('--csv', 'print the calls as CSV')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--data <folder>', 'where the database lies (default: data_dir of the configuration, .trailbot)')
    .addHelpText('after', LOOKUP_HELP)
    .action(async (words: string[], options: Record<string, never>) => {
      const { lookup } = await import('./lookup.ts');
      finish(await lookup(terminal, words, options));
    });
}

function addDoctor(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('doctor')
    .description('look at everything from Slack scopes to rules that can never fire, with the remedy')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--data <folder>', 'where the database lies (default: data_dir of the configuration, .trailbot)')
    .option('--json', 'print JSON')
    .action(async (options: Record<string, never>) => {
      const { doctor } = await import('./doctor.ts');
      finish(await doctor(terminal, options));
    });
}

function addManifest(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('manifest')
    .description('print the Slack app manifest for this configuration')
    .option('--url <url>', 'how Slack reaches the bot (default: public_url of the configuration)')
    .option('--socket', 'for Socket Mode, in which Slack needs no address')
    .option('--config <file>', 'configuration (default: trailbot.yaml where present)')
    .option('--json', 'print JSON instead of YAML')
    .action(async (options: { url?: string; config?: string; json?: boolean }) => {
      const { printManifest } = await import('./manifest.ts');
      finish(printManifest(terminal, options));
    });
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('Give a port between 0 and 65535.');
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a whole number greater than 0.');
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number, 0 or more.');
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number greater than 0.');
}
