import { randomBytes, randomUUID } from 'node:crypto';

/** The one source of chance, passed in like a Clock. */
export interface Random {
  /** A fresh id that nobody can guess. */
  id(): string;
  /** Evenly in [0, 1). */
  fraction(): number;
}

export const systemRandom: Random = {
  id: () => randomUUID(),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
