import { sayError } from './problem.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'there is a file of that name',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'the name is too long',
};

/** Why a file or folder cannot be used, as the end of a sentence; other errors as they say it themselves. */
export function sayFileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (Object.hasOwn(WORDS, code) ? WORDS[code] : undefined) ?? sayError(error);
}
