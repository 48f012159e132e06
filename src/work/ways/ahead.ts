/**
 * What `work` makes of each, in their order, up to `most` of them begun before they are asked for. Rejects with the
 * first failure; what was begun behind it is let go.
 */
export async function* ahead<In, Out>(
  most: number,
  each: AsyncIterable<In>,
  work: (one: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const begun: Promise<Out>[] = [];
  for await (const one of each) {
    const working = work(one);
    // Whoever waits for it hears of its failure; until then nobody does.
    working.catch(() => undefined);
    begun.push(working);
    const [first] = begun;
    if (begun.length < most || first === undefined) continue;
    begun.shift();
    yield await first;
  }
  for (const working of begun) yield await working;
}
