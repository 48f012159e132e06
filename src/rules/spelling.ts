import { nearest } from '../kernel/nearest.ts';

/** `did you mean "x"?`, or what else to do when nothing is near. */
export function suggest(word: string, candidates: Iterable<string>, otherwise: string): string {
  const near = nearest(word, candidates);
  return near === undefined ? otherwise : `did you mean "${near}"?`;
}
