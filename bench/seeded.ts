/** Numbers that look random and are the same in every run. */
export interface Dice {
  /** A whole number from 0, less than the limit. */
  below(limit: number): number;
  /** True so often, from 0 to 1. */
  chance(share: number): boolean;
  pick<T>(of: readonly T[]): T;
  /** Few are busy and many are seldom seen: the first of them are picked most. */
  pickSkewed<T>(of: readonly T[]): T;
  /** So many hexadecimal digits. */
  hex(width: number): string;
  uuid(): string;
}

/** Mulberry32. */
export function dice(seed: number): Dice {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const at = <T>(of: readonly T[], index: number): T => {
    const found = of[index];
    if (found === undefined) throw new RangeError('Nothing to pick from.');
    return found;
  };
  const hex = (width: number): string => {
    let text = '';
    while (text.length < width)
      text += below(2 ** 28)
        .toString(16)
        .padStart(7, '0');
    return text.slice(0, width);
  };
  return {
    below,
    chance: (share) => next() < share,
    pick: (of) => at(of, below(of.length)),
    pickSkewed: (of) => at(of, Math.floor(of.length * next() ** 2.5)),
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
}
