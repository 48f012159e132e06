import { readSource, type Source } from './source.ts';
import type { RuleFile } from './yaml-documents.ts';

/** What is kept of them takes about 10 MB; the rules that ship have 400,000. */
const MOST_CHARACTERS = 1_000_000;

/** By path; what was kept last stands last. */
const kept = new Map<string, { readonly text: string; readonly source: Source }>();
let characters = 0;

/**
 * `readSource`, which is most of the work of loading rules: a file that says what it said the last time is not read
 * again, so that a reload does not hold up what else there is to do.
 */
export function sourceOf(file: RuleFile): Source {
  const before = kept.get(file.path);
  if (before?.text === file.text) return before.source;
  forget(file.path);
  const source = readSource(file);
  if (file.text.length > MOST_CHARACTERS) return source;
  kept.set(file.path, { text: file.text, source });
  characters += file.text.length;
  for (const path of kept.keys()) {
    if (characters <= MOST_CHARACTERS) break;
    forget(path);
  }
  return source;
}

function forget(path: string): void {
  characters -= kept.get(path)?.text.length ?? 0;
  kept.delete(path);
}
