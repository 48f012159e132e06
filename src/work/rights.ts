import { sayError } from '../kernel/problem.ts';
import type { Directory } from './directory.ts';

/**
 * What somebody may do, the lesser first; whoever is named for a greater one has the lesser ones as well.
 *
 * - `ask`: a viewer, who asks questions
 * - `respond`: a responder, who acts on alerts and answers for them
 * - `admin`: who mutes, and changes who is on call for others
 */
export const RIGHTS = ['ask', 'respond', 'admin'] as const;
export type Right = (typeof RIGHTS)[number];

/** `silent`: the groups of which Slack does not say who is in them, and why; nobody is in them then. */
type Found =
  | { readonly named: boolean; readonly silent?: undefined }
  | { readonly named: false; readonly silent: readonly string[]; readonly why: string };

/** Where members of groups are looked up. */
export type Members = Pick<Directory, 'membersOf'>;

/** Whether a list of people (`U…`) and user groups (`S…`) names somebody. Asks Slack only where nobody else can tell. */
export async function findIn(list: readonly string[], userId: string, members: Members): Promise<Found> {
  if (list.includes(userId)) return { named: true };
  const silent: string[] = [];
  let why = '';
  for (const group of list.filter(isGroup)) {
    try {
      if ((await members.membersOf(group)).includes(userId)) return { named: true };
    } catch (error) {
      silent.push(group);
      why = sayError(error);
    }
  }
  return silent.length > 0 ? { named: false, silent, why } : { named: false };
}

/** Whether it is the id of a user group, and of no person. */
export function isGroup(id: string): boolean {
  return id.startsWith('S');
}
