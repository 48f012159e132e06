const LONGEST = 100;

/**
 * The candidate that a person most likely meant by `word`, for "did you mean": at most one edit in three
 * letters away (a swapped pair counts once), whatever the case. `undefined` when nothing is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const edits = editsFrom(word.toLowerCase());
  let limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const found = edits(candidate.toLowerCase(), limit);
    if (found > limit) continue;
    if (found === 0) return candidate;
    best = candidate;
    limit = found - 1;
  }
  return best;
}

/**
 * Optimal string alignment distance to other words: insertions, deletions, replacements, swaps of neighbours. It
 * looks no farther than the limit, and says any number above it for what is farther.
 */
function editsFrom(a: string): (b: string, limit: number) => number {
  let beforeLast: number[] = [];
  let last: number[] = [];
  let row: number[] = [];
  return (b, limit) => {
    const far = limit + 1;
    for (let j = 0; j <= b.length; j++) last[j] = j;
    let leastBefore = 0;
    for (let i = 1; i <= a.length; i++) {
      const from = Math.max(1, i - limit);
      const to = Math.min(b.length, i + limit);
      row[from - 1] = from === 1 ? i : far;
      let least = row[from - 1] ?? far;
      for (let j = from; j <= to; j++) {
        const replace = (last[j - 1] ?? far) + (a[i - 1] === b[j - 1] ? 0 : 1);
        const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
        const swap = swapped ? (beforeLast[j - 2] ?? far) + 1 : far;
        const edits = Math.min(replace, (last[j] ?? far) + 1, (row[j - 1] ?? far) + 1, swap);
        row[j] = edits;
        if (edits < least) least = edits;
      }
      if (to < b.length) row[to + 1] = far;
      if (least > limit && leastBefore > limit) return far;
      leastBefore = least;
      [beforeLast, last, row] = [last, row, beforeLast];
    }
    return last[b.length] ?? far;
  };
}
