import type { Card } from '../work/notify.ts';
import { dateLeaf, type Leaf, leaf, words } from './text.ts';

/**
 * Who was paged, who is next and when; `undefined` where nobody is. Who is next stands there by name: a mention in a
 * first post would wake them before their time.
 */
export function sayChain({ alert, chain, names }: Card): Leaf[] | undefined {
  if (!chain || alert.state !== 'firing') return undefined;
  const paged = listed(chain.paged.slice(-MOST_NAMED).map(person));
  const said = paged.length > 0 ? [...paged, words(' paged')] : [words('nobody paged yet')];
  if (chain.state === 'ended') {
    return paged.length > 0 ? [...said, words(' · nobody answered')] : [words('nobody could be paged')];
  }
  if (chain.state === 'waiting') return [...said, words(' · goes on when the snooze is over')];
  if (chain.state !== 'running' || !chain.next) return paged.length > 0 ? said : undefined;
  if (chain.next.end) return [...said, words(' · nobody else is left to page')];
  const next = listed(chain.next.who.map((id) => named(id, names)));
  return [
    ...said,
    words(' · next '),
    ...(next.length > 0 ? [...next, words(' ')] : []),
    words('at '),
    dateLeaf(chain.next.at, '{time}'),
  ];
}

/** A chain of many steps does not fill the message. */
const MOST_NAMED = 3;

function person(id: string): Leaf {
  return /^[UW][A-Z0-9]+$/.test(id) ? { type: 'user', user_id: id } : leaf(id, 60);
}

function named(id: string, names: ReadonlyMap<string, string>): Leaf {
  return leaf(names.get(id) ?? (/^[UW][A-Z0-9]+$/.test(id) ? 'somebody' : id), 60);
}

function listed(leaves: readonly Leaf[]): Leaf[] {
  return leaves.flatMap((one, at) => (at === 0 ? [one] : [words(', '), one]));
}
