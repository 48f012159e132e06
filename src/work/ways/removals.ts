import { nextTurn } from '../../kernel/time.ts';
import { MOST_AT_ONCE, type Queue, type QueueMessage } from './queue.ts';

/** Removes messages, those of one turn together. Never rejects: what is not removed comes again, and is a duplicate. */
export function createRemovals(
  queue: Pick<Queue, 'remove'>,
  heard: { went(): void; failed(error: unknown): void },
): (message: QueueMessage) => Promise<void> {
  let waiting: QueueMessage[] = [];
  let next: Promise<void> | undefined;

  async function flush(): Promise<void> {
    await nextTurn();
    const batch = waiting;
    waiting = [];
    next = undefined;
    const parts = Array.from({ length: Math.ceil(batch.length / MOST_AT_ONCE) }, (_, part) =>
      batch.slice(part * MOST_AT_ONCE, (part + 1) * MOST_AT_ONCE),
    );
    await Promise.all(parts.map((part) => queue.remove(part).then(heard.went, heard.failed)));
  }

  return (message) => {
    waiting.push(message);
    next ??= flush();
    return next;
  };
}
