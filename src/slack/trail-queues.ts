import { type Millis, sayDuration } from '../kernel/time.ts';
import type { Status } from '../work/status.ts';
import { type Leaf, label, leaf, sayCount } from './text.ts';

/** How reading each queue goes. */
export function queueLines(queues: Status['queues'], now: Millis): Leaf[][] {
  return (queues ?? []).map(({ name, trouble, left, messages, lastMessageAt }) => {
    const last =
      lastMessageAt === undefined
        ? 'nothing yet'
        : `the last message ${sayDuration(now - lastMessageAt)} ago`;
    const taken = `${sayCount(messages)} messages since the start, ${last}`;
    const why = left === undefined ? '' : `; a message was left to come again: ${left}`;
    const said = trouble
      ? `${name}: cannot be read for ${sayDuration(now - trouble.since)}: ${trouble.what}. To do: ${trouble.remedy}`
      : `${name}: ${taken}${why}`;
    return [label('Queue'), leaf(said, 500)];
  });
}
