import type { Log } from '../../kernel/log.ts';
import { Fault, sayError } from '../../kernel/problem.ts';
import { type Clock, MINUTE, type Millis, SECOND, sayDuration } from '../../kernel/time.ts';
import { hold } from './hold.ts';
import type { Socket } from './socket.ts';

/** While Slack renews one socket, the other takes what comes. */
const SOCKETS = 2;
/** Each is opened so much later than the one before, so that Slack does not renew all at the same time. */
const STAGGER: Millis = 5 * SECOND;
/** For long, Slack lets an app ask for about one socket a minute. */
const SLOWEST: Millis = MINUTE;
/** A socket that is over sooner than this is a failure: the next one has to wait. */
const SETTLED: Millis = 10 * SECOND;

/** How the sockets to Slack are. */
export interface SocketState {
  readonly wanted: number;
  readonly connected: number;
  /** When a payload came last; pings do not count. */
  readonly lastMessageAt: Millis | undefined;
  /** What went wrong last, also when it is long over. */
  readonly lastError: { readonly at: Millis; readonly says: string } | undefined;
}

export interface KeeperOptions {
  /** Opens one socket; throws a Fault. */
  readonly open: (signal: AbortSignal) => Promise<Socket>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Keeper {
  /** Resolves when the first socket is open, or with why it could not be opened; the tries go on. */
  start(): Promise<Fault | undefined>;
  state(): Omit<SocketState, 'lastMessageAt'>;
  /** Closes all sockets. */
  stop(): Promise<void>;
}

/** Keeps sockets to Slack open, whatever becomes of each of them. */
export function keepSockets({ open, clock, log }: KeeperOptions): Keeper {
  const stopped = new AbortController();
  const { signal } = stopped;
  const halt = new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')));
  const sockets = new Set<Socket>();
  const running = new Set<Promise<void>>();
  let lastError: SocketState['lastError'];

  const connected = () => [...sockets].filter((socket) => socket.isOpen()).length;

  const drop = async (socket: Socket): Promise<void> => {
    sockets.delete(socket);
    await socket.close();
  };

  const attempt = async (): Promise<Socket | Fault> => {
    try {
      return await open(signal);
    } catch (error) {
      return error instanceof Fault ? error : Fault.later(sayError(error), SECOND, { cause: error });
    }
  };

  /** Waits until a socket is over; says why when that is not to be expected. */
  const serve = async (socket: Socket): Promise<Fault | undefined> => {
    const since = clock.now();
    const reason = await Promise.race([socket.over, halt]);
    const settled = clock.now() - since >= SETTLED;
    return settled && ROUTINE.has(reason) ? undefined : Fault.later(sayEnd(reason), SECOND);
  };

  const rest = async (trouble: Fault, failures: number): Promise<void> => {
    const wait = Math.max(trouble.retryAfter ?? SLOWEST, Math.min(SLOWEST, SECOND * 2 ** (failures - 1)));
    lastError = { at: clock.now(), says: trouble.message };
    const open = `${connected()} of ${SOCKETS} sockets to Slack are open`;
    log.warn(`${trouble.message}; ${open}, and the next try is in ${sayDuration(wait)}`);
    await clock.sleep(wait, signal);
  };

  /** One of the sockets: its successor is opened before it is given up. */
  const keep = async (tried: (trouble: Fault | undefined) => void): Promise<void> => {
    let present: Socket | undefined;
    let failures = 0;
    while (!signal.aborted) {
      const opened = await attempt();
      const refused = opened instanceof Fault ? opened : undefined;
      tried(refused);
      if (!(opened instanceof Fault)) {
        sockets.add(opened);
        if (present) hold(running, drop(present));
        present = opened;
        log.info(`a socket to Slack is open (${connected()} of ${SOCKETS})`);
      }
      const since = clock.now();
      const trouble = opened instanceof Fault ? opened : await serve(opened);
      // One that has served for long is no failure in a row with those before it, however it ended.
      if (clock.now() - since >= SETTLED) failures = 0;
      failures = trouble ? failures + 1 : 0;
      if (trouble && !signal.aborted) await rest(trouble, failures);
    }
    if (present) await drop(present);
  };

  const keepOthers = async (): Promise<void> => {
    for (let count = 1; count < SOCKETS && !signal.aborted; count += 1) {
      await clock.sleep(STAGGER, signal);
      hold(
        running,
        keep(() => {}),
      );
    }
  };

  return {
    async start() {
      const first = await new Promise<Fault | undefined>((resolve) => hold(running, keep(resolve)));
      hold(running, keepOthers());
      return first;
    },
    state: () => ({ wanted: SOCKETS, connected: connected(), lastError }),
    async stop() {
      stopped.abort();
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** Ends that belong to the life of a socket, when it has had one. */
const ROUTINE: ReadonlySet<string> = new Set(['warning', 'refresh_requested', 'closed', 'stopped']);

/** Source: Slack, "Using Socket Mode", disconnect messages. */
const ENDS: Readonly<Record<string, string>> = {
  warning: 'Slack renewed a socket soon after it was opened',
  refresh_requested: 'Slack renewed a socket soon after it was opened',
  closed: 'a socket to Slack was closed soon after it was opened',
  quiet: 'nothing was heard from Slack on a socket, not even a ping',
  link_disabled:
    'Socket Mode is turned off in the app: turn it on under Socket Mode at https://api.slack.com/apps',
  too_many_websockets:
    'Slack takes no more than ten sockets of one app: stop other bots that use the same SLACK_APP_TOKEN',
};

function sayEnd(reason: string): string {
  return ENDS[reason] ?? `Slack ended a socket (${reason})`;
}
