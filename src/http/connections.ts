import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Millis } from '../kernel/time.ts';

/**
 * Watches the connections of a server and the answers it owes; the returned function ends both in order: no
 * new connections, idle ones closed, answers under way finished for at most `within`, then the rest closed.
 * Node's own `close` waits for a client that holds a connection without ever sending anything.
 */
export function createStop(server: Server, clock: Clock): (within: Millis) => Promise<void> {
  const sockets = new Set<Socket>();
  const owed = new Set<ServerResponse>();
  let stopping = false;
  let stopped: Promise<void> | undefined;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const owe = ({ socket }: IncomingMessage, res: ServerResponse): void => {
    owed.add(res);
    if (stopping) res.shouldKeepAlive = false;
    res.on('close', () => {
      owed.delete(res);
      if (stopping && !lastOwed().has(socket)) socket.destroySoon();
    });
  };
  server.on('request', owe);
  server.on('checkContinue', owe);

  /** The latest of each connection: a client may send several requests before it reads an answer. */
  function lastOwed(): Map<Socket, ServerResponse> {
    return new Map([...owed].map((res) => [res.req.socket, res]));
  }

  async function stop(within: Millis): Promise<void> {
    stopping = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const last = lastOwed();
    for (const res of last.values()) res.shouldKeepAlive = false;
    for (const socket of sockets) if (!last.has(socket)) socket.destroy();
    const timer = new AbortController();
    await Promise.race([closed, clock.sleep(within, timer.signal)]);
    timer.abort();
    server.closeAllConnections();
    await closed;
  }

  return (within) => {
    stopped ??= stop(within);
    return stopped;
  };
}
