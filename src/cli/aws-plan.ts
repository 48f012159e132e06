import type { ConnectTools } from '../aws/connect/connect.ts';
import { allSteps, type Plan } from '../aws/connect/plan.ts';
import { sayRotated, sayRotation } from '../aws/connect/rotation.ts';
import type { Step } from '../aws/connect/step.ts';
import { createLog } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import { systemRandom } from '../kernel/random.ts';
import { systemClock } from '../kernel/time.ts';
import { LookupTrouble, type Place } from '../work/cloud-history.ts';
import { isSettled, planJson, planLines, sayPlace, sayTrouble } from './aws-plan-text.ts';
import { type ConnectSettings, readConnect, readFitConnect } from './aws-settings.ts';
import { askAboutKey, type KeyAnswer, sayKeyRefused, sayKeyUnasked } from './aws-webhook.ts';
import { harmlessJson, onOneLine } from './columns.ts';
import { createProgress } from './progress.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface PlanOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export interface ChangeOptions {
  readonly config?: string;
  readonly yes?: boolean;
}

/** Where AWS answers instead of its own addresses, on which clock, and who asks the bot: for tests. */
export type AwsAside = Partial<Pick<ConnectTools, 'endpoint' | 'credentials' | 'clock'>> & {
  readonly askKey?: ((url: string, key: string) => Promise<KeyAnswer>) | undefined;
};

type Wanted = 'everything' | 'nothing';

/** What can be done about AWS once the settings are read. */
interface Session {
  readonly terminal: Terminal;
  readonly settings: ConnectSettings;
  readonly aside: AwsAside;
}

/** Prints what "aws apply" would do; exit 1 when there is something to do, or not everything could be looked at. */
export async function planAws(
  terminal: Terminal,
  options: PlanOptions,
  aside: AwsAside = {},
): Promise<number> {
  const session = { terminal, settings: readFitConnect(terminal, options.config), aside };
  return withConnector(session, async ({ look }) => {
    const plan = await look('everything');
    if (options.json) {
      const { settings } = session;
      const extras = { notes: notesOn(settings), rotation: rotationIn(plan, settings) };
      terminal.out(`${harmlessJson(JSON.stringify(planJson(plan, extras), null, 2))}\n`);
    } else print(terminal, plan, session.settings, 'everything');
    return isSettled(plan) ? EXIT.fine : EXIT.finding;
  });
}

/** Prints the plan and, when a person agrees, does it; exit 1 when something is left. */
export async function applyAws(
  terminal: Terminal,
  options: ChangeOptions,
  aside: AwsAside = {},
): Promise<number> {
  const settings = readFitConnect(terminal, options.config);
  return change({ terminal, settings, aside }, 'everything', options.yes === true);
}

/** The same, until nothing is there any more. */
export async function destroyAws(
  terminal: Terminal,
  options: ChangeOptions,
  aside: AwsAside = {},
): Promise<number> {
  const settings = readConnect(terminal, options.config, 'any');
  return change({ terminal, settings, aside }, 'nothing', options.yes === true);
}

function change(session: Session, wanted: Wanted, agreed: boolean): Promise<number> {
  const { terminal, settings, aside } = session;
  return withConnector(session, async ({ look, take }) => {
    const plan = await look(wanted);
    print(terminal, plan, settings, wanted);
    if (allSteps(plan).length === 0) return isSettled(plan) ? EXIT.fine : EXIT.finding;
    if (await isKeyRefused(plan, session)) return EXIT.finding;
    if (!agreed && !(await agrees(terminal))) {
      terminal.out('Nothing was changed.\n');
      return EXIT.finding;
    }
    const { done, failed, left } = await take(plan);
    for (const { step, trouble } of failed) {
      terminal.err(onOneLine(`${sayPlace(step.site)}, ${step.what}: ${sayTrouble(trouble)}`));
      terminal.err('\n');
    }
    const rest = left + failed.length;
    terminal.out(`${count(done)} done${rest === 0 ? '' : `, ${count(rest)} left: run it again to go on`}.\n`);
    const clock = aside.clock ?? systemClock;
    if (rest === 0 && settings.connect.keys.length > 1 && newKey(plan)) {
      terminal.out(`${sayRotated(clock.now())}\n`);
    }
    return rest === 0 && plan.troubles.length + plan.foreign.length === 0 ? EXIT.fine : EXIT.finding;
  });
}

/** An open connection, with progress on the terminal. Ctrl-C ends the work; what was done stays. */
async function withConnector(
  { terminal, settings, aside }: Session,
  work: (tools: {
    look(wanted: Wanted): Promise<Plan>;
    take(plan: Plan): ReturnType<import('../aws/connect/connect.ts').Connector['carryOut']>;
  }) => Promise<number>,
): Promise<number> {
  const { createConnector } = await import('../aws/connect/connect.ts');
  const stop = new AbortController();
  terminal.onStop(() => stop.abort());
  const log = createLog('error', { write: terminal.err });
  const tools = { clock: systemClock, random: systemRandom, log, signal: stop.signal, ...aside };
  const connector = createConnector(settings.connect, tools);
  let says = '';
  const progress = createProgress(terminal, () => says);
  const show = (text: string): void => {
    says = text;
    progress.show();
  };
  try {
    return await work({
      async look(wanted) {
        const plan = await connector.plan(wanted, (done, all) => show(`${done} of ${all} places looked at`));
        progress.clear();
        return plan;
      },
      async take(plan) {
        const all = allSteps(plan).length;
        const result = await connector.carryOut(plan, (step, done) =>
          show(`${done} of ${all} steps done: ${sayPlace(step.site)}, ${step.what}`),
        );
        progress.clear();
        return result;
      },
    });
  } catch (error) {
    progress.clear();
    if (!(error instanceof LookupTrouble)) throw error;
    terminal.err(`${onOneLine(`AWS cannot be looked at: ${sayTrouble(error.trouble)}`)}\n`);
    return EXIT.finding;
  } finally {
    connector.close();
  }
}

/** With one statement for all accounts, the bus does not tell which of them were connected. */
const TAKE_OUT_WITH_ORGANIZATION =
  'with aws.organization, what is in an account that you take out of the configuration is not found. Leave aws.organization out first, run apply, take the account out, run apply again, then set aws.organization as before.';

/** What holds for this configuration, whatever is there. */
function notesOn({ connect }: ConnectSettings): string[] {
  return connect.organization === undefined ? [] : [TAKE_OUT_WITH_ORGANIZATION];
}

function print(terminal: Terminal, plan: Plan, settings: ConnectSettings, wanted: Wanted): void {
  for (const line of planLines(plan)) terminal.out(`${onOneLine(line)}\n`);
  if (wanted === 'everything')
    for (const note of notesOn(settings)) terminal.out(`${onOneLine(`Note: ${note}`)}\n`);
  const rotation = rotationIn(plan, settings);
  if (rotation !== undefined) terminal.out(`${rotation}\n`);
}

function rotationIn(plan: Plan, { connect }: ConnectSettings): string | undefined {
  const { after, home } = plan;
  const goes = after.some(
    ({ site, verb, what }) => verb === 'remove' && what.startsWith('connection') && isAt(site, home),
  );
  return goes ? undefined : sayRotation(connect.keys, plan);
}

function isAt(site: Place, { account, region }: Place): boolean {
  return site.account === account && site.region === region;
}

/** A former home that is left as it is shows the old one still. */
function newKey({ before, formerConnections }: Plan): boolean {
  return formerConnections.length === 0 && before.some(isKeyChange);
}

function isKeyChange({ verb, what, why }: Step): boolean {
  return verb === 'change' && what.startsWith('connection') && why.some((one) => one.includes('its key'));
}

function isConnectionMade({ verb, what }: Step): boolean {
  return verb === 'create' && what.startsWith('connection');
}

/** With a key that the running bot does not take, every event would be refused for good. */
async function isKeyRefused(plan: Plan, { terminal, settings, aside }: Session): Promise<boolean> {
  const { keys, publicUrl } = settings.connect;
  const [key] = keys;
  const given = plan.before.some((step) => isKeyChange(step) || isConnectionMade(step));
  if (!given || key === undefined || publicUrl === undefined) return false;
  const url = `${publicUrl}/events`;
  const answer = await (aside.askKey ?? askAboutKey)(url, key);
  if (answer === 'refused') terminal.err(`${sayKeyRefused(url)}\n`);
  if (answer === 'no answer') terminal.err(`${sayKeyUnasked(url)}\n`);
  return answer === 'refused';
}

async function agrees(terminal: Terminal): Promise<boolean> {
  if (!terminal.keyboard) {
    throw new Misuse('Nobody can be asked here whether to go on: read the plan, then add --yes.');
  }
  terminal.err('Type yes to go on: ');
  let typed = '';
  for await (const chunk of terminal.stdin) {
    typed += Buffer.from(chunk).toString();
    if (typed.includes('\n')) break;
  }
  return typed.trim().toLowerCase() === 'yes';
}

function count(steps: number): string {
  return `${steps} step${steps === 1 ? '' : 's'}`;
}
