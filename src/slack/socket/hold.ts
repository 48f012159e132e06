/** Keeps a promise in a set for as long as it is open. */
export function hold(set: Set<Promise<void>>, work: Promise<void>): void {
  set.add(work);
  const forget = () => set.delete(work);
  work.then(forget, forget);
}
