import { unlessAborted } from './patience.ts';

/** How many bytes may be held in memory at once, by all who ask here. */
export interface ByteBudget {
  /**
   * Resolves when there is room for so many, or for all there are when that is less; in the order of asking. What it
   * gives returns them. Throws LookupTrouble when `signal` aborts before.
   */
  hold(bytes: number, signal: AbortSignal): Promise<() => void>;
}

export function createByteBudget(total: number): ByteBudget {
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  let free = total;

  function serve(): void {
    for (let first = waiting[0]; first && first.bytes <= free; first = waiting[0]) {
      waiting.shift();
      free -= first.bytes;
      first.go();
    }
  }

  return {
    async hold(asked, signal) {
      const bytes = Math.min(asked, total);
      const giveBack = (): void => {
        free += bytes;
        serve();
      };
      const { promise: granted, resolve: go } = Promise.withResolvers<void>();
      const waiter = { bytes, go };
      waiting.push(waiter);
      serve();
      try {
        await unlessAborted(granted, signal);
      } catch (error) {
        const at = waiting.indexOf(waiter);
        if (at < 0) giveBack();
        else {
          waiting.splice(at, 1);
          serve();
        }
        throw error;
      }
      return giveBack;
    },
  };
}
