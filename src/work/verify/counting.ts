import { HOUR } from '../../kernel/time.ts';
import type { Period } from './trails.ts';

/** How far things are. */
export interface VerifyState {
  readonly chains: number;
  readonly chainsDone: number;
  readonly digests: number;
  readonly logs: number;
  readonly breaks: number;
  /** Of everything, as far as the hours of the period tell; from 0 to 1. */
  readonly share: number;
}

/** Counts what is looked at in one chain. */
interface ChainCount {
  hear(what: 'digest' | 'log' | 'break'): void;
  end(): void;
}

/** Counts over all chains; there is one digest an hour, so that nothing need be listed before. */
export function createCounting(
  chains: number,
  { from, to }: Period,
  hear: ((state: VerifyState) => void) | undefined,
): () => ChainCount {
  const hours = Math.max(1, Math.ceil((to - from) / HOUR));
  const counts = { digest: 0, log: 0, break: 0 };
  let done = 0;
  let hoursDone = 0;
  const tell = (): void => {
    const { digest: digests, log: logs, break: breaks } = counts;
    const share = Math.min(1, hoursDone / hours / Math.max(1, chains));
    hear?.({ chains, chainsDone: done, digests, logs, breaks, share });
  };
  return () => {
    let left = hours;
    return {
      hear(what) {
        counts[what] += 1;
        if (what === 'digest' && left > 0) {
          left -= 1;
          hoursDone += 1;
        }
        tell();
      },
      end() {
        done += 1;
        hoursDone += left;
        tell();
      },
    };
  };
}
