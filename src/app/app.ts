import { schedule } from 'node-cron';
import type { Config } from '../config/config.ts';
import { createMetrics, type Metrics } from '../http/metrics.ts';
import type { RunningServer } from '../http/server.ts';
import type { Log } from '../kernel/log.ts';
import { Misuse, type Problem, sayProblem } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { allRules } from '../rules/ruleset.ts';
import type { Desk } from '../slack/desk.ts';
import { openStore } from '../store/open.ts';
import type { Database } from '../store/sql.ts';
import { createFresh } from '../work/fresh.ts';
import { createIntake } from '../work/intake.ts';
import type { Loop } from '../work/loop.ts';
import type { Right } from '../work/rights.ts';
import { readStatus, type Status } from '../work/status.ts';
import { sweep } from '../work/sweep.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { refusalFor } from './access.ts';
import { type Calendars, startCalendars } from './calendars.ts';
import { type Chat, startChat, webhookKeysOf } from './chat.ts';
import { type AwsStandIn, type Cloud, createCloud } from './cloud.ts';
import { createDesk } from './desk.ts';
import { startDigests } from './digests.ts';
import { openDoor } from './door.ts';
import { createDuty, type Duty } from './duty.ts';
import { type Engine, startEngine } from './engine.ts';
import { writeRunning } from './local.ts';
import { type OrganizationNames, startOrganizationNames } from './names.ts';
import { createQuestionDesk } from './questions.ts';
import { type Reread, reloadInto, type Settings, warnOfRetention } from './reload.ts';
import { rulePlaces } from './rule-files.ts';
import { createRulebook, type Rulebook, rulesOf } from './rulebook.ts';
import { auditSettings } from './settings-audit.ts';
import { type Sight, startSight } from './sight.ts';
import { watchFiles } from './watch.ts';

/** What a bot is started with. */
export interface AppOptions {
  readonly config: Config;
  /** Relative rule paths are looked up from here: the folder of the configuration file. */
  readonly base: string;
  /** Reads the configuration anew, for a reload; absent where there is no file. */
  readonly reread?: () => Reread;
  /** Files besides the rules whose change means a reload. */
  readonly watched: readonly string[];
  /** Where AWS answers, instead of AWS itself. */
  readonly aws?: AwsStandIn;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A bot that runs. */
export interface App {
  /** `http://127.0.0.1:3000`: webhook, Slack requests, health and metrics. */
  readonly url: string;
  /** The stand-in for Slack, when no token is set. */
  readonly workspace: Workspace | undefined;
  readonly webhookKeys: readonly string[];
  /** How many rules are loaded. */
  readonly rules: number;
  /** Reads configuration and rules again; returns the mistakes for which nothing was changed. */
  reload(): readonly Problem[];
  /** Does all that is due now; resolves when nothing more is. */
  settle(): Promise<void>;
  status(): Promise<Status>;
  /** Finishes what is under way, then closes everything. */
  stop(): Promise<void>;
}

const FINISH_WITHIN: Millis = 8 * SECOND;
const EVERY_HOUR = '17 * * * *';

/** Starts everything in order. What was started is stopped again when a later part cannot start. */
export async function startApp(options: AppOptions): Promise<App> {
  const rulebook = readRulebook(options);
  const db = await openStore(options.config.dataDir);
  const undo: (() => Promise<unknown>)[] = [() => db.close()];
  try {
    return await wire(options, rulebook, db, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

function readRulebook({ config, base, clock }: AppOptions): Rulebook {
  const { ruleset, problems } = rulesOf(config, base);
  if (problems.length > 0) throw new Misuse(problems.map(sayProblem).join('\n'));
  return createRulebook(ruleset, base, clock);
}

/** What everything else is built on. */
interface Ground extends Pick<AppOptions, 'clock' | 'random' | 'log'> {
  readonly db: Database;
  readonly settings: Settings;
  /** The settings with the names of accounts that AWS Organizations knows, for what is shown. */
  readonly shown: () => Config;
  readonly names: OrganizationNames;
  readonly rulebook: Rulebook;
  readonly cloud: Cloud;
  readonly status: () => Promise<Status>;
  readonly metrics: Metrics;
  readonly rights: Rights;
  readonly duty: Duty;
  /** What is started later than whoever asks for it. */
  readonly late: { chat?: Chat; engine?: Engine; sight?: Sight; url: string };
}

function lay(options: AppOptions, rulebook: Rulebook, db: Database): Ground {
  const { clock, random, log, aws: standIn } = options;
  const settings: Settings = { config: options.config };
  const names = startOrganizationNames({ settings: () => settings.config, clock, log, standIn });
  const shown = () => names.withNames(settings.config);
  const late: Ground['late'] = { url: '' };
  const startedAt = clock.now();
  const status = () =>
    readStatus({
      db,
      clock,
      startedAt,
      rules: rulebook.state,
      accountName: (account) => shown().accounts.get(account)?.name ?? account,
      queues: () => late.sight?.queues() ?? [],
      watched: () => settings.config.watch,
      doctor: () => late.sight?.found(),
    });
  const metrics = createMetrics(status, log);
  const cloud = createCloud({ clock, log, standIn });
  const rights = rightsOf(settings, late);
  const duty = createDuty({
    ...rights,
    db,
    settings: shown,
    ruleset: rulebook.ruleset,
    counters: metrics,
    slack: () => late.chat?.slack,
    wake: () => late.engine?.deliver(),
    clock,
    random,
  });
  const ground = { clock, random, log, db, settings, shown, names, rulebook, cloud, status, metrics };
  return { ...ground, rights, duty, late };
}

type Rights = Pick<Desk, 'mayRespond' | 'mayAdminister' | 'mayAsk'>;

function rightsOf(settings: Settings, late: Ground['late']): Rights {
  const refusal = (right: Right, userId: string, guest?: boolean) =>
    refusalFor(settings.config, right, userId, guest, late.chat?.slack.directory);
  return {
    mayRespond: (userId) => refusal('respond', userId),
    mayAdminister: (userId) => refusal('admin', userId),
    mayAsk: (userId, guest) => refusal('ask', userId, guest),
  };
}

async function wire(
  options: AppOptions,
  rulebook: Rulebook,
  db: Database,
  undo: (() => Promise<unknown>)[],
): Promise<App> {
  const ground = lay(options, rulebook, db);
  const { settings, shown, cloud, metrics, duty, late, clock, random, log } = ground;
  undo.push(async () => cloud.close());
  undo.push(() => ground.names.stop());
  const desk = deskOn(ground);
  const fresh = createFresh();
  const intake = createIntake(db, metrics, fresh, () => late.engine?.evaluate());
  const { config } = options;
  // First of all: events can be stored without Slack, which may take its time to answer.
  const webhookKeys = webhookKeysOf(config, random);
  const door = await openDoor({
    ...ground,
    config,
    webhookKeys,
    chat: () => late.chat,
    intake,
    roster: duty.roster,
  });
  undo.push(() => door.stop(0));
  late.url = door.url;
  const chat = await startChat({ config, desk, botUrl: () => late.url, clock, random, log });
  undo.push(() => chat.stop());
  late.chat = chat;
  const tools = { ...ground, ruleset: rulebook.ruleset, counters: metrics, fresh };
  const { notifier, speaker } = chat.slack;
  const engine = await startEngine({ ...tools, ...duty, settings: shown, notifier, speaker });
  undo.push(() => engine.stop());
  late.engine = engine;
  const calendars = startCalendars({
    ...tools,
    settings: () => settings.config,
    base: options.base,
    directory: duty.directory,
    intake,
    changed: () => follow(duty, log),
  });
  undo.push(() => calendars.stop());
  const digests = startDigests({
    ...tools,
    settings: () => settings.config,
    linkTo: chat.slack.linkTo,
    deliver: engine.deliver,
  });
  undo.push(() => digests.stop());
  const sight = await startSight({
    ...tools,
    settings: () => settings.config,
    intake,
    deliver: engine.deliver,
    standIn: options.aws,
  });
  undo.push(() => sight.stop());
  late.sight = sight;
  announce(options.config, door.url, chat);
  warnOfRetention(options.config, rulebook, log);
  await auditSettings(ground, 'started', config, rulebook.state().loaded);
  follow(duty, log);
  return running(options, ground, { chat, door, engine, sight, calendars, digests });
}

/** What runs, once everything is started. */
interface Running {
  readonly chat: Chat;
  readonly door: RunningServer;
  readonly engine: Engine;
  readonly sight: Sight;
  readonly calendars: Calendars;
  readonly digests: Loop;
}

/** Looks at the schedules anew, as settings or calendars may be others. */
function follow(duty: Duty, log: Log): void {
  void duty.follow().catch((error) => log.error({ error }, 'the schedules could not be looked at anew'));
}

function running(
  options: AppOptions,
  { db, settings, names, rulebook, cloud, status, duty, clock, random, log }: Ground,
  { chat, door, engine, sight, calendars, digests }: Running,
): App {
  const reload = () => {
    const problems = reloadInto(settings, options.reread?.() ?? settings, rulebook, log);
    if (problems.length > 0) return problems;
    watched.set(places());
    names.wake();
    calendars.follow();
    digests.wake();
    follow(duty, log);
    void auditSettings({ db, clock, random, log }, 'reloaded', settings.config, rulebook.state().loaded);
    void sight.follow().catch((error) => log.error({ error }, 'the new queues could not be followed'));
    void engine.retry().catch((error) => log.error({ error }, 'a retry failed'));
    return problems;
  };
  const places = () => [...rulePlaces(settings.config.rules.paths, options.base), ...options.watched];
  const watched = watchFiles(places(), reload, clock, log);
  const cron = schedule(EVERY_HOUR, () => tidy(db, settings, clock, log));

  return {
    url: door.url,
    workspace: chat.workspace,
    webhookKeys: chat.webhookKeys,
    rules: rulebook.state().loaded,
    reload,
    async settle() {
      do await engine.settle();
      while (!((await sight.rested()) && (await calendars.rested()) && (await digests.rested())));
    },
    status,
    async stop() {
      watched.stop();
      await cron.stop();
      duty.stop();
      await Promise.all([door.stop(FINISH_WITHIN), sight.stop(), calendars.stop(), digests.stop()]);
      await engine.stop();
      await chat.stop();
      await names.stop();
      cloud.close();
      await db.close();
    },
  };
}

function deskOn({ shown, rulebook, rights, duty, late, ...tools }: Ground): Desk {
  return createDesk({
    ...tools,
    ...rights,
    ...duty.desk,
    rules: () => allRules(rulebook.ruleset()),
    wake: () => late.engine?.deliver(),
    questions: createQuestionDesk({ ...tools, settings: shown, ruleset: rulebook.ruleset }),
  });
}

/** Leaves word for `trailbot send` where the local bot is. */
function announce(config: Config, url: string, { workspace, webhookKeys: [key] }: Chat): void {
  if (workspace && key !== undefined) {
    writeRunning(config.dataDir, { webhook: `${url}/events`, key, page: workspace.url });
  }
}

async function tidy(db: Database, settings: Settings, clock: Clock, log: Log): Promise<void> {
  try {
    const records = await sweep({ db, clock }, settings.config.history.records);
    if (records > 0) log.info({ records }, 'old records were deleted');
  } catch (error) {
    log.error({ error }, 'old records could not be deleted; the next try is in an hour');
  }
}
