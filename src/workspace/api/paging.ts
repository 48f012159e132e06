import { type Args, textArg } from '../args.ts';
import { Denied } from '../denied.ts';

/** One page of a list, and where the next begins; an empty cursor is the end. */
export function page<Item>(
  all: readonly Item[],
  idOf: (item: Item) => string,
  args: Args,
  limit: number,
): { items: readonly Item[]; metadata: { next_cursor: string } } {
  const cursor = textArg(args, 'cursor');
  const start = cursor === undefined ? 0 : all.findIndex((item) => idOf(item) === read(cursor));
  if (start < 0) throw new Denied('invalid_cursor');
  const next = all[start + limit];
  const nextCursor = next === undefined ? '' : Buffer.from(`next:${idOf(next)}`).toString('base64');
  return { items: all.slice(start, start + limit), metadata: { next_cursor: nextCursor } };
}

function read(cursor: string): string {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  if (!text.startsWith('next:')) throw new Denied('invalid_cursor');
  return text.slice('next:'.length);
}
