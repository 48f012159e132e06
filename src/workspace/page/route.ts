/** What the address after `#` says: a channel, and beside it a thread, a message to show, or the Home tab. */
export interface Route {
  readonly channel: string;
  readonly thread?: string;
  readonly message?: string;
  readonly home?: true;
}

/** Reads `#C1`, `#C1/1795.1` (a message, where permalinks lead), `#C1/thread/1795.1`, `#D1/home`. */
export function parseRoute(hash: string): Route {
  const [channel = '', part, ts] = hash.replace(/^#/, '').split('/');
  if (part === 'home') return { channel, home: true };
  if (part === 'thread' && ts !== undefined) return { channel, thread: ts };
  return part === undefined || part === '' ? { channel } : { channel, message: part };
}

/** The way back of `parseRoute`. */
export function formatRoute(route: Route): string {
  if (route.home === true) return `#${route.channel}/home`;
  if (route.thread !== undefined) return `#${route.channel}/thread/${route.thread}`;
  if (route.message !== undefined) return `#${route.channel}/${route.message}`;
  return `#${route.channel}`;
}
