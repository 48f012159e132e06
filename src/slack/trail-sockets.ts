import { type Millis, sayDuration } from '../kernel/time.ts';
import type { SocketState } from './socket/keeper.ts';
import { type Leaf, label, leaf, words } from './text.ts';

/** How the sockets to Slack are; nothing without Socket Mode. */
export function socketLines(sockets: SocketState | undefined, now: Millis): Leaf[][] {
  if (!sockets) return [];
  const { wanted, connected, lastMessageAt, lastError } = sockets;
  const last =
    lastMessageAt === undefined ? '' : `, the last message ${sayDuration(now - lastMessageAt)} ago`;
  const trouble =
    lastError && connected < wanted
      ? [words(` · ${sayDuration(now - lastError.at)} ago: `), leaf(lastError.says, 300)]
      : [];
  return [
    [label('Socket Mode'), words(`${connected} of ${wanted} sockets to Slack are open${last}`), ...trouble],
  ];
}
