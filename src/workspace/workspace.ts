import { setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Misuse, sayError } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { Acts } from './acts.ts';
import { Grants } from './api/scopes.ts';
import { type Call, Calls } from './calls.ts';
import { Changes, type Delivery, type Failure, type Push } from './changes.ts';
import { type ChannelChange, Channels } from './channels.ts';
import type { Core } from './core.ts';
import { Deliver } from './deliver.ts';
import { FaultPlan } from './faults.ts';
import { Files } from './files.ts';
import { Groups } from './groups.ts';
import { Journal } from './journal.ts';
import type { StoredMessage } from './message.ts';
import { Messages } from './messages.ts';
import { PageFeed } from './page-feed.ts';
import { PageFiles } from './page-files.ts';
import { type Standing, Standings } from './people.ts';
import { Rate } from './rate.ts';
import { requestCarrier } from './requests.ts';
import { ResponseUrls } from './response-urls.ts';
import { listener } from './router.ts';
import { Sockets } from './socket/sockets.ts';
import { Triggers } from './triggers.ts';
import type { StoredView } from './view.ts';
import { Views } from './views.ts';
import { waitForChange } from './waiting.ts';

/** How to start a workspace. */
export interface WorkspaceOptions {
  /** 0 = any free one. Only loopback is listened on. */
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Must start with `xoxb-local-`: beside a real token the workspace does not start. */
  readonly botToken: string;
  readonly signingSecret: string;
  /**
   * The app's token for Socket Mode, which starts with `xapp-local-`. With it the app gets everything through
   * the sockets that it opens, and nothing at its `requestUrl`, as in an app that has Socket Mode on.
   */
  readonly appToken?: string;
  /** The app's `/slack/events`; a function where it is known only later. */
  readonly requestUrl: string | (() => string);
  /** File that keeps messages over a restart. */
  readonly journal?: string;
  /** Granted to the app; by default what its manifest asks for. */
  readonly scopes?: readonly string[];
  /** One message a second a channel, with a short burst. Default true. */
  readonly rateLimit?: boolean;
  /** The app's manifest says `messages_tab_read_only_enabled`: nothing can be typed in its direct messages. */
  readonly readOnlyMessages?: boolean;
  /** Default 4 MB. */
  readonly maxBodyBytes?: number;
}

/** A running local workspace: what Slack is to the app, and what people and tests do in it. */
export interface Workspace extends Omit<Acts, 'perform'> {
  /** The page: `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** The Web API, for `slackApiUrl`: `http://127.0.0.1:PORT/api/`. */
  readonly apiUrl: string;
  readonly faults: FaultPlan;
  /** What the app has opened in Socket Mode, and what can become of it. */
  readonly sockets: Sockets;
  /** Oldest first, ephemerals and replies included. */
  messages(channel?: string): StoredMessage[];
  /** Web API calls, oldest first. */
  calls(method?: string): Call[];
  /** A person's open modals, the last one on top. */
  modals(person: string): readonly StoredView[];
  home(person: string): StoredView | undefined;
  /** What phones have shown, oldest first. */
  pushes(person?: string): Push[];
  /** What Slack has said in the app's place, oldest first. */
  failures(person?: string): Failure[];
  /** Requests to the app and how they ended, oldest first. */
  deliveries(): Delivery[];
  /** Archives, renames or shares a channel, or takes the bot out of it. */
  changeChannel(id: string, change: ChannelChange): void;
  /** Makes a person a guest, or a member again. */
  changePerson(id: string, standing: Standing): void;
  /** Makes these people the members of a user group. */
  changeGroup(id: string, users: readonly string[]): void;
  /** Grants the app these scopes and no others, as when it is installed anew. */
  grant(scopes: readonly string[]): void;
  /** Looks now and after every change, until something is found; rejects after `timeout` of real time (5 s). */
  waitFor<Found>(
    look: (workspace: Workspace) => Found | undefined | null | false,
    timeout?: Millis,
  ): Promise<Found>;
  stop(): Promise<void>;
}

const LOCAL_TOKEN = /^xoxb-local-[\w-]+$/;
const LOCAL_APP_TOKEN = /^xapp-local-[\w-]+$/;
const USUAL_BODY = 4_000_000;
const USUAL_WAIT = 5 * SECOND;
const MOST_KEPT = 1000;

/** Starts a workspace on loopback. Throws Misuse when the port is taken or the token looks real. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  refuseRealTokens(options);
  const server = createServer();
  const port = await listen(server, options.port);
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const faults = new FaultPlan();
  const core = buildCore(options, `http://127.0.0.1:${port}`, faults, stop.signal);
  const journal = await openJournal(options.journal, core, server);
  const feed = new PageFeed(core);
  const calls = new Calls(core.changes);
  const acts = new Acts(core);
  const grants = new Grants(options.scopes);
  const maxBodyBytes = options.maxBodyBytes ?? USUAL_BODY;
  core.changes.subscribe((change) => journal?.write(change));
  core.changes.subscribe((change) => feed.tell(change));
  const { botToken, appToken } = options;
  server.on(
    'request',
    listener({
      port,
      api: { core, botToken, appToken, grants, faults, calls, maxBodyBytes, stopped: stop.signal },
      page: { files: new PageFiles(), feed, acts, maxBodyBytes },
    }),
  );
  server.on('upgrade', (request, stream, head) => core.sockets.upgrade(request, stream, head));
  const close = async () => {
    stop.abort();
    feed.close();
    await core.deliver.settled();
    core.sockets.cut();
    await closeServer(server);
    journal?.close();
  };
  return assemble(core, acts, calls, grants, faults, close);
}

function refuseRealTokens({ botToken, appToken }: WorkspaceOptions): void {
  if (LOCAL_TOKEN.test(botToken) && (appToken === undefined || LOCAL_APP_TOKEN.test(appToken))) return;
  const own = 'its own tokens start with "xoxb-local-" and "xapp-local-"';
  throw new Misuse(`The local workspace does not run beside a real Slack token: ${own}`);
}

async function openJournal(
  path: string | undefined,
  core: Core,
  server: Server,
): Promise<Journal | undefined> {
  if (path === undefined) return undefined;
  try {
    return Journal.open(path, core);
  } catch (error) {
    await closeServer(server);
    throw new Misuse(`The local workspace cannot keep its messages in ${path}: ${sayError(error)}`);
  }
}

function buildCore(options: WorkspaceOptions, origin: string, faults: FaultPlan, stopped: AbortSignal): Core {
  const { clock, random, requestUrl, signingSecret } = options;
  const changes = new Changes();
  const sockets = new Sockets({ clock, random, changes, origin, stopped });
  const requests = requestCarrier({
    clock,
    signingSecret,
    requestUrl: typeof requestUrl === 'function' ? requestUrl : () => requestUrl,
  });
  return {
    clock,
    random,
    origin,
    changes,
    faults,
    channels: new Channels(),
    standings: new Standings(),
    readOnlyMessages: options.readOnlyMessages ?? false,
    messages: new Messages(clock, changes),
    views: new Views(clock, random, changes),
    groups: new Groups(changes),
    files: new Files(clock, random),
    triggers: new Triggers(clock, random),
    responseUrls: new ResponseUrls(clock, random),
    rate: new Rate(clock, options.rateLimit ?? true),
    deliver: new Deliver({
      clock,
      changes,
      faults,
      carrier: options.appToken === undefined ? requests : sockets,
      stopped,
    }),
    sockets,
  };
}

function assemble(
  core: Core,
  acts: Acts,
  calls: Calls,
  grants: Grants,
  faults: FaultPlan,
  close: () => Promise<void>,
): Workspace {
  const pushes = keep(core.changes, (change) => (change.kind === 'push' ? change.push : undefined));
  const failures = keep(core.changes, (change) => (change.kind === 'failure' ? change.failure : undefined));
  const deliveries = keep(core.changes, (change) =>
    change.kind === 'delivery' ? change.delivery : undefined,
  );
  const mine = <One extends { to: string }>(all: readonly One[], person: string | undefined) =>
    all.filter((one) => person === undefined || one.to === person);
  let stopping: Promise<void> | undefined;
  const workspace: Workspace = {
    url: `${core.origin}/`,
    apiUrl: `${core.origin}/api/`,
    faults,
    sockets: core.sockets,
    say: (request) => acts.say(request),
    press: (request) => acts.press(request),
    submit: (request) => acts.submit(request),
    close: (request) => acts.close(request),
    openHome: (as) => acts.openHome(as),
    shortcut: (request) => acts.shortcut(request),
    messages: (channel) => (channel === undefined ? core.messages.all() : core.messages.in(channel)),
    calls: (method) => calls.list(method),
    modals: (person) => core.views.modals(person),
    home: (person) => core.views.home(person),
    pushes: (person) => mine(pushes, person),
    failures: (person) => mine(failures, person),
    deliveries: () => [...deliveries],
    changeChannel: (id, change) => core.channels.change(id, change),
    changePerson: (id, standing) => core.standings.set(id, standing),
    changeGroup: (id, users) => core.groups.change(id, users),
    grant: (scopes) => grants.replace(scopes),
    waitFor: (look, timeout = USUAL_WAIT) =>
      waitForChange(
        core.changes,
        () => look(workspace),
        timeout,
        () => describe(core),
      ),
    stop: () => {
      stopping ??= close();
      return stopping;
    },
  };
  return workspace;
}

/** The latest of one kind of change. */
function keep<One>(
  changes: Changes,
  pick: (change: Parameters<Parameters<Changes['subscribe']>[0]>[0]) => One | undefined,
): One[] {
  const kept: One[] = [];
  changes.subscribe((change) => {
    const one = pick(change);
    if (one !== undefined) kept.push(one);
    if (kept.length > MOST_KEPT) kept.shift();
  });
  return kept;
}

/** What a failed wait says about the state it has found instead. */
function describe(core: Core): string {
  const latest = core.messages.all().slice(-3);
  const texts = latest.map((one) => `${one.channel} ${one.user}: ${one.text.slice(0, 80)}`);
  return texts.length > 0 ? `Its latest messages are: ${texts.join(' | ')}` : 'It has no messages.';
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      const why = taken ? 'the port is in use; give it another one' : error.message;
      reject(new Misuse(`The local workspace cannot listen on 127.0.0.1:${port}: ${why}`));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
