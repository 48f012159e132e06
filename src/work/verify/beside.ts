/** Work that is under way beside something else, never more than `most`. */
export interface Beside {
  /** Resolves when there is room for more. Rejects as soon as any of it has failed. */
  add(work: Promise<void>): Promise<void>;
  /** Resolves when all of it is done. */
  done(): Promise<void>;
}

export function createBeside(most: number): Beside {
  const running = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | undefined;
  const rethrow = (): void => {
    if (failed) throw failed.error;
  };
  return {
    async add(work) {
      const settled = work
        .catch((error: unknown) => {
          failed ??= { error };
        })
        .finally(() => running.delete(settled));
      running.add(settled);
      while (running.size >= most) await Promise.race(running);
      rethrow();
    },
    async done() {
      await Promise.all(running);
      rethrow();
    },
  };
}
