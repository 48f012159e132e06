/** Keys of Block Kit whose text people see. */
const VISIBLE = new Set(['text', 'title', 'caption', 'label', 'name', 'alt_text', 'author_name']);

/**
 * How many characters of text a part of a payload shows, all nested parts together. Walks with its own stack,
 * so that a deeply nested payload cannot exhaust the engine's.
 */
export function visibleLength(part: unknown): number {
  let length = 0;
  const open: unknown[] = [part];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'string') open.push(member);
      else if (VISIBLE.has(key)) length += member.length;
    }
  }
  return length;
}
