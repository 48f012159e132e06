import { createHash } from 'node:crypto';

/** The file that a configuration was read from. */
export interface Origin {
  readonly name: string;
  /** Of its text, in hexadecimal. */
  readonly sha256: string;
}

/** `undefined` where there is no file. */
export function originOf({
  text,
  file,
}: {
  readonly text?: string | undefined;
  readonly file: string;
}): Origin | undefined {
  if (text === undefined) return undefined;
  return { name: file, sha256: createHash('sha256').update(text).digest('hex') };
}
