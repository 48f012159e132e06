/**
 * How two different words, in one case, come near each other: a slip of one sign (wrong, missing, doubled, or swapped
 * with its neighbour), two signs side by side, or an s at the end; else `undefined`. Takes a look at each sign once.
 */
export function nearMiss(word: string, other: string): 'slip' | 'plural' | 'two' | undefined {
  if (Math.abs(word.length - other.length) > 2 || word === other) return undefined;
  const shorter = Math.min(word.length, other.length);
  let start = 0;
  while (start < shorter && word[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && word.at(-1 - end) === other.at(-1 - end)) end += 1;
  const left = word.slice(start, word.length - end);
  const right = other.slice(start, other.length - end);
  if (left.length > 2 || right.length > 2) return undefined;
  if (end === 0 && left + right === 's') return 'plural';
  if (left.length <= 1 && right.length <= 1) return 'slip';
  return left.length === 2 && left === `${right[1]}${right[0]}` ? 'slip' : 'two';
}
