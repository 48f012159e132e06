import type { JsonObject } from '../../kernel/json.ts';
import type { Random } from '../../kernel/random.ts';
import type { Millis } from '../../kernel/time.ts';
import { burst } from './burst.ts';
import { leakedKey } from './leaked-key.ts';

/** A bundled incident: EventBridge events that end at `now`, each to be posted by itself. */
export interface Sample {
  readonly description: string;
  make(now: Millis, random: Random): JsonObject[];
}

/** By the name that `trailbot send --sample` takes. */
export const SAMPLES: ReadonlyMap<string, Sample> = new Map([
  [
    'leaked-key',
    {
      description:
        'a leaked access key: discovery, a new administrator, the trail deleted, a bucket made public, with everyday noise around it',
      make: leakedKey,
    },
  ],
  [
    'burst',
    { description: '200 denied calls of one role session in twelve minutes: one message', make: burst },
  ],
]);
