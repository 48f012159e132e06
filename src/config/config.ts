import type { z } from 'zod';
import type { ActorQuestions, PersonEntry } from '../alerts/ask-actor.ts';
import type { Policy } from '../alerts/escalation.ts';
import type { Inhibition } from '../alerts/inhibition.ts';
import type { Accounts } from '../alerts/labels.ts';
import type { MuteWindow } from '../alerts/mute-window.ts';
import { buildRoute, type Route } from '../alerts/route.ts';
import type { Schedule } from '../alerts/schedule/schedule.ts';
import type { Silence } from '../alerts/silence.ts';
import type { TimeInterval } from '../alerts/time-interval.ts';
import { isObject } from '../kernel/json.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sources } from '../rules/lint/arrival.ts';
import type { Level } from '../rules/rule.ts';
import { type Access, accessOf } from './access.ts';
import { type Acknowledgement, acknowledgementOf } from './acknowledgement.ts';
import { type Digests, digestsOf } from './digests.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { danglingNames, missingRoutingKeys } from './escalation-names.ts';
import { escalationsOf } from './escalations.ts';
import { explainIssues } from './explain.ts';
import { type Mention, ruleMentions, unknownEnvironments } from './mentions.ts';
import { type Origin, originOf } from './origin.ts';
import { askActorOf, peopleOf } from './people.ts';
import { inhibitionsOf, muteWindowsOf } from './quiet.ts';
import { schedulesOf } from './schedules.ts';
import { type FileSettings, fileSchema, isLoopback } from './schema.ts';
import { timeIntervalsOf } from './time-intervals.ts';
import { instead, isSlackToken, sayPath, secretVariable } from './words.ts';
import { readYaml, type YamlFile } from './yaml.ts';

/** The AWS side, as it should be. */
export interface Connection {
  /** The home region: events are sent here, and from here to the bot. */
  readonly region: string;
  readonly regions: 'enabled' | readonly string[];
  /** Twelve digits each; `undefined`: the bot's own and all that are configured. */
  readonly accounts: readonly string[] | undefined;
  readonly organization: string | undefined;
  /** Name or ARN. */
  readonly setupRole: string | undefined;
  /** What all that is made is called. */
  readonly name: string;
  readonly deliver: 'webhook' | 'queue';
  /** Events a second. */
  readonly rate: number;
}

/** Everything that can be set, checked, with all defaults filled in. */
export interface Config {
  readonly origin: Origin | undefined;
  readonly listen: { readonly host: string; readonly port: number };
  readonly dataDir: string;
  /** How the outside reaches the bot, without a slash at the end. */
  readonly publicUrl: string | undefined;
  readonly accounts: Accounts;
  /** Values of rule placeholders by name; `known_accounts` is always there. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly rules: {
    /** Files and folders; `builtin` stands for the rules that come with the bot. */
    readonly paths: readonly string[];
    readonly disabled: readonly string[];
    readonly levels: ReadonlyMap<string, Level>;
    /** How many people have to acknowledge, by rule id or name. */
    readonly needs: ReadonlyMap<string, number>;
    /** Every rule that the file calls by name, to be looked up among those loaded (`unknownRules`). */
    readonly mentions: readonly Mention[];
  };
  readonly routes: Route;
  readonly silences: readonly Silence[];
  readonly muteWindows: readonly MuteWindow[];
  readonly inhibitions: readonly Inhibition[];
  /** Hours and days by their names. */
  readonly timeIntervals: ReadonlyMap<string, readonly TimeInterval[]>;
  /** Who is paged for an alert, by the escalations' names. */
  readonly escalations: ReadonlyMap<string, Policy>;
  /** Addresses that are told of pages, by name; without a secret nothing is signed. */
  readonly webhooks: ReadonlyMap<string, { readonly url: string; readonly secret: string | undefined }>;
  /** Services of PagerDuty by name; without its routing key a service is told nothing. */
  readonly pagerduty: ReadonlyMap<string, { readonly url: string; readonly routingKey: string | undefined }>;
  /** Who is on call, by the schedules' names. */
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly access: Access;
  readonly acknowledgement: Acknowledgement;
  /** What is summed up, when, and what stands nowhere else. */
  readonly digests: Digests;
  /** Who in Slack is behind identities of AWS. */
  readonly people: readonly PersonEntry[];
  readonly askActor: ActorQuestions;
  readonly history: {
    readonly records: Millis;
    readonly lookupEvents: boolean;
    readonly regions: 'enabled' | readonly string[];
    /** Name or ARN of the role through which an account is asked, by account. */
    readonly readerRoles: ReadonlyMap<string, string | undefined>;
  };
  /** What `aws apply` makes; `undefined`: the bot is connected by hand, or not at all. */
  readonly aws: Connection | undefined;
  /** URLs of SQS queues that are read. */
  readonly queues: readonly string[];
  /** How the bot notices that it does not see everything; nothing of it without `aws`. */
  readonly watch: {
    readonly canary: boolean;
    readonly canaryLate: Millis;
    readonly sweep: boolean;
    readonly sweepEvery: Millis;
    readonly silence: boolean;
    readonly trails: boolean;
  };
  /** Names of accounts come from AWS Organizations, too. */
  readonly organizationNames: boolean;
  readonly identityCenter: { readonly startUrl: string; readonly role: string | undefined } | undefined;
  /** What reaches the bot, for lint alone. */
  readonly sources: Sources;
  readonly log: { readonly level: string };
  readonly slack: /** `socket`: bot and local workspace speak Socket Mode with each other. */
    | { readonly mode: 'local'; readonly socket: boolean }
    | {
        readonly mode: 'http';
        readonly botToken: string;
        readonly signingSecret: string;
        readonly apiUrl: string;
      }
    | {
        readonly mode: 'socket';
        readonly botToken: string;
        readonly appToken: string;
        readonly apiUrl: string;
      };
  /** One or two; none only in local mode, where the bot makes one. */
  readonly webhookKeys: readonly string[];
  /** Whoever gives it may read the schedules as calendars; without it nobody may. */
  readonly calendarKey: string | undefined;
}

interface Input {
  /** The configuration file; `undefined` when there is none. */
  readonly text?: string | undefined;
  /** Its name, for problems. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** All that is wrong with a configuration. */
export interface BadConfig {
  readonly problems: Problem[];
  /**
   * What the parts of the file that are right would come to: not to run, but to look for mistakes in the
   * rules as well. `undefined` when it cannot be told which rules are meant.
   */
  readonly rest: Config | undefined;
}

/** The file and the environment as one checked configuration, or all that is wrong with them. */
export function readConfig(input: Input): { config: Config } | BadConfig {
  const { file } = input;
  const yaml = readYaml(input.text ?? '', file);
  const environment = readEnvironment(input.env);
  const problems = [...yaml.problems];
  const checked = yaml.value === undefined ? undefined : fileSchema.safeParse(withoutEmptyParts(yaml.value));
  if (checked) {
    problems.push(...explainIssues(checked.error?.issues ?? [], yaml, file));
    problems.push(...unknownEnvironments(yaml, file), ...tokensInFile(yaml, file));
    problems.push(...danglingNames(yaml, file));
    if (environment.slack.mode !== 'local') {
      const keyOf = (name: string) => environment.serviceSecret('TRAILBOT_PAGERDUTY', name);
      problems.push(...missingRoutingKeys(yaml, file, keyOf));
    }
    if (checked.data) problems.push(...wrongMixtures(checked.data, environment, yaml, file));
  }
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  problems.push(...environment.problems);
  if (problems.length === 0 && checked?.data) {
    const config = resolve(checked.data, environment, ruleMentions(yaml, file));
    return { config: { ...config, origin: originOf(input) } };
  }
  const rest = restOf(yaml.value, checked?.error?.issues ?? []);
  return { problems, rest: rest && resolve(rest, environment, ruleMentions(yaml, file)) };
}

/** The file without the parts that have a mistake in them, unless the rules depend on these. */
function restOf(value: unknown, issues: readonly z.core.$ZodIssue[]): FileSettings | undefined {
  const parts = withoutEmptyParts(value);
  if (!isObject(parts)) return undefined;
  const wrong = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0])],
    ),
  );
  if (wrong.has('rules') || wrong.has('lists')) return undefined;
  const right = Object.entries(parts).filter(([key]) => !wrong.has(key));
  return fileSchema.safeParse(Object.fromEntries(right)).data;
}

/** A part whose lines are all commented out is as if it were not there. */
function withoutEmptyParts(value: unknown): unknown {
  if (value === null) return {};
  if (!isObject(value)) return value;
  const known = Object.keys(fileSchema.shape);
  return Object.fromEntries(
    Object.entries(value).filter(([key, part]) => part !== null || !known.includes(key)),
  );
}

function tokensInFile(yaml: YamlFile, file: string): Problem[] {
  return yaml.spots
    .filter(({ path, value }) => {
      return (
        typeof value === 'string' && isSlackToken(value) && !path.some((key) => secretVariable(String(key)))
      );
    })
    .map(({ path }) => ({
      file,
      ...yaml.place(path, 'value'),
      what: `${sayPath(path)} is a Slack token, and this file is no place for secrets`,
      remedy: instead('SLACK_BOT_TOKEN'),
    }));
}

/** What is right by itself and wrong together with something else. */
function wrongMixtures(
  settings: FileSettings,
  environment: Environment,
  yaml: YamlFile,
  file: string,
): Problem[] {
  const problems: Problem[] = [];
  const { slack } = environment;
  if (isLoopback(settings.slack.api_url)) {
    problems.push(
      ...realTokens(slack).map((name) => ({
        file,
        ...yaml.place(['slack', 'api_url'], 'value'),
        what: `slack.api_url is on this machine, but ${name} belongs to a real workspace`,
        remedy:
          'remove slack.api_url; only tokens that start with xoxb-local- or xapp-local- go to a local workspace',
      })),
    );
  }
  if (slack.mode === 'http' && settings.slack.socket) {
    problems.push({
      file,
      ...yaml.place(['slack', 'socket'], 'value'),
      what: 'slack.socket is on, but SLACK_APP_TOKEN is not set',
      remedy: 'set SLACK_APP_TOKEN for Socket Mode; slack.socket is for the local workspace alone',
    });
  }
  return problems;
}

/** Variables with a token that is good for more than a local workspace. */
function realTokens(slack: Environment['slack']): string[] {
  const bot = slack.mode !== 'local' && !slack.botToken.startsWith('xoxb-local-');
  const app = slack.mode === 'socket' && !slack.appToken.startsWith('xapp-local-');
  return [...(bot ? ['SLACK_BOT_TOKEN'] : []), ...(app ? ['SLACK_APP_TOKEN'] : [])];
}

function resolve(settings: FileSettings, environment: Environment, mentions: readonly Mention[]): Config {
  const { slack, webhookKeys, calendarKey, host } = environment;
  const accounts = Object.entries(settings.accounts).map(
    ([id, { name, environment }]) => [id, { name, environment }] as const,
  );
  const readerRoles = new Map(
    Object.entries(settings.accounts).map(([id, { reader_role }]) => [id, reader_role] as const),
  );
  const timeIntervals = timeIntervalsOf(settings.time_intervals);
  const top = { channel: '#security-alerts', groupBy: undefined, groupWait: 0 };
  const routes = buildRoute(settings.routes, top, timeIntervals);
  const known = [...accounts.map(([id]) => id), ...(settings.lists.known_accounts ?? [])];
  return {
    origin: undefined,
    listen: { host: host ?? settings.listen.host, port: settings.listen.port },
    dataDir: settings.data_dir,
    publicUrl: settings.public_url,
    accounts: new Map(accounts),
    lists: new Map([...Object.entries(settings.lists), ['known_accounts', [...new Set(known)]]]),
    rules: {
      paths: settings.rules.paths,
      disabled: settings.rules.disabled,
      levels: new Map(Object.entries(settings.rules.levels)),
      needs: new Map(Object.entries(settings.rules.needs)),
      mentions,
    },
    routes,
    silences: settings.silences.map(({ match, reason, until }) => ({ match, reason, until })),
    muteWindows: muteWindowsOf(settings.mute_windows, timeIntervals),
    inhibitions: inhibitionsOf(settings.inhibitions),
    timeIntervals,
    ...outsideOf(settings, environment),
    escalations: escalationsOf(settings.escalations, timeIntervals),
    schedules: schedulesOf(settings.schedules),
    access: accessOf(settings.access, routes),
    acknowledgement: acknowledgementOf(settings.acknowledgement),
    digests: digestsOf(settings.digests),
    people: peopleOf(settings),
    askActor: askActorOf(settings, timeIntervals),
    history: {
      records: settings.history.records,
      lookupEvents: settings.history.lookup_events,
      regions: settings.history.regions,
      readerRoles,
    },
    aws: settings.aws && connectionOf(settings.aws),
    queues: settings.queues.map(({ url }) => url),
    watch: {
      canary: settings.watch.canary,
      canaryLate: settings.watch.canary_late,
      sweep: settings.watch.sweep,
      sweepEvery: settings.watch.sweep_every,
      silence: settings.watch.silence,
      trails: settings.watch.trails,
    },
    organizationNames: settings.organization.names,
    identityCenter: settings.identity_center && {
      startUrl: settings.identity_center.start_url.replace(/\/+$/u, ''),
      role: settings.identity_center.role,
    },
    sources: sourcesOf(settings.sources),
    log: settings.log,
    slack: slackOf(slack, settings.slack),
    webhookKeys,
    calendarKey,
  };
}

/** What escalations tell besides people in Slack. */
function outsideOf(
  { webhooks, pagerduty }: FileSettings,
  { serviceSecret }: Environment,
): Pick<Config, 'webhooks' | 'pagerduty'> {
  const addresses = Object.entries(webhooks).map(
    ([name, { url }]) => [name, { url, secret: serviceSecret('TRAILBOT_WEBHOOK_SECRET', name) }] as const,
  );
  const services = Object.entries(pagerduty).map(
    ([name, { url }]) => [name, { url, routingKey: serviceSecret('TRAILBOT_PAGERDUTY', name) }] as const,
  );
  return { webhooks: new Map(addresses), pagerduty: new Map(services) };
}

function slackOf(slack: Environment['slack'], settings: FileSettings['slack']): Config['slack'] {
  return slack.mode === 'local'
    ? { ...slack, socket: settings.socket }
    : { ...slack, apiUrl: settings.api_url };
}

function sourcesOf(written: FileSettings['sources']): Sources {
  const { management, data, insights, network, regions } = written;
  return { management, data: folded(data), insights, network: folded(network), regions };
}

function connectionOf(written: NonNullable<FileSettings['aws']>): Connection {
  const { setup_role: setupRole, regions = 'enabled', accounts, organization, ...rest } = written;
  return { ...rest, regions, accounts, organization, setupRole };
}

function folded(sources: readonly string[] | undefined): string[] | undefined {
  return sources?.map((source) => source.toLowerCase());
}
