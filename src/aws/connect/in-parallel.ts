/** What the work comes to for each, in their order, at most so many at the same time. Rejects with the first failure. */
export async function inParallel<T, R>(
  all: readonly T[],
  most: number,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = all.entries();
  const lane = async (): Promise<void> => {
    for (const [index, one] of waiting) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, lane));
  return results;
}
