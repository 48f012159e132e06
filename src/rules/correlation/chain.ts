/** Names on the way from a correlation back to itself: the first few, and how many there are. */
export interface Circle<Key> {
  readonly first: readonly Key[];
  readonly length: number;
}

interface Chains<Key> {
  /** All, those that others count before these. */
  readonly order: readonly Key[];
  /** At least one of those that hang together, by where it begins. */
  readonly circles: ReadonlyMap<Key, Circle<Key>>;
}

const MOST_SAID = 5;

/** Looks at what counts what, once, and as deep as it goes. */
export function chainsOf<Key>(all: Iterable<Key>, below: (key: Key) => Iterable<Key>): Chains<Key> {
  const order: Key[] = [];
  const circles = new Map<Key, Circle<Key>>();
  const way: { readonly key: Key; readonly next: Iterator<Key> }[] = [];
  /** Where a key stands on the way, or that it is done. */
  const standing = new Map<Key, number | 'done'>();
  const enter = (key: Key) => {
    standing.set(key, way.length);
    way.push({ key, next: below(key)[Symbol.iterator]() });
  };
  for (const start of all) {
    if (!standing.has(start)) enter(start);
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const { value: key, done } = top.next.next();
      if (done) {
        standing.set(top.key, 'done');
        order.push(top.key);
        way.pop();
        continue;
      }
      const at = standing.get(key);
      if (at === undefined) enter(key);
      else if (at !== 'done' && !circles.has(key)) {
        const first = way.slice(at, at + MOST_SAID).map((one) => one.key);
        circles.set(key, { first, length: way.length - at });
      }
    }
  }
  return { order, circles };
}
