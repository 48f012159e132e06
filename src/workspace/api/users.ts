import { type Args, idsArg, limitArg, neededText } from '../args.ts';
import type { UserGroup } from '../changes.ts';
import type { Core } from '../core.ts';
import { Denied } from '../denied.ts';
import { EVERYBODY, emailOf, findPerson, PERSONS, TEAM } from '../people.ts';
import { userWire, type Wire } from '../wire.ts';
import type { Methods } from './method.ts';
import { page } from './paging.ts';

function list(core: Core, args: Args): Wire {
  const { items, metadata } = page(EVERYBODY, (person) => person.id, args, limitArg(args, 100, 999));
  return { members: items.map((person) => userWire(core, person)), response_metadata: metadata };
}

function info(core: Core, args: Args): Wire {
  const person = findPerson(neededText(args, 'user'));
  if (!person) throw new Denied('user_not_found');
  return { user: userWire(core, person) };
}

function lookupByEmail(core: Core, args: Args): Wire {
  const email = neededText(args, 'email').toLowerCase();
  const person = PERSONS.find((one) => emailOf(one) === email);
  if (!person) throw new Denied('users_not_found');
  return { user: userWire(core, person) };
}

function groupWire(group: UserGroup): Wire {
  return {
    id: group.id,
    team_id: TEAM.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    handle: group.handle,
    is_external: false,
    date_delete: 0,
    users: group.users,
    user_count: group.users.length,
  };
}

function neededGroup(core: Core, args: Args): UserGroup {
  const group = core.groups.find(neededText(args, 'usergroup'));
  if (!group) throw new Denied('no_such_subteam');
  return group;
}

/** Replaces all members; a group cannot be emptied, and takes neither bots nor strangers. */
function updateGroupUsers(core: Core, args: Args): Wire {
  const group = neededGroup(core, args);
  const users = idsArg(args, 'users');
  if (users.length === 0) throw new Denied('no_users_provided');
  const known = users.every((id) => findPerson(id)?.isBot === false);
  if (!known) throw new Denied('invalid_users');
  const changed = { ...group, users: [...new Set(users)] };
  core.groups.set(changed);
  return { usergroup: groupWire(changed) };
}

export const userMethods: Methods = {
  'users.list': list,
  'users.info': info,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': (core) => ({ usergroups: core.groups.list().map(groupWire) }),
  'usergroups.users.list': (core, args) => ({ users: neededGroup(core, args).users }),
  'usergroups.users.update': updateGroupUsers,
};
