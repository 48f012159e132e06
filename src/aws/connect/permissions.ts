import {
  DescribeEventBusCommand,
  PutPermissionCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-eventbridge';
import { isObject, type JsonObject, parseJson } from '../../kernel/json.ts';
import { type Control, call, eventsAt, unlessMissing } from './control.ts';
import { sameDocument } from './documents.ts';
import type { Differences, Step } from './step.ts';
import { busArn, type Site, type WantedPermission } from './wanted.ts';

/** The statements of the default bus's policy that are ours by their name. Throws LookupTrouble. */
export async function readPermissions(control: Control, site: Site, name: string): Promise<JsonObject[]> {
  const { Policy: policy } = await call(control, site, 'events:DescribeEventBus', (abortSignal) =>
    eventsAt(control, site).send(new DescribeEventBusCommand({}), { abortSignal }),
  );
  const document = parseJson(policy ?? 'null');
  const statements = isObject(document) ? document.Statement : undefined;
  const all = Array.isArray(statements) ? statements.filter(isObject) : [statements].filter(isObject);
  return all.filter(({ Sid: sid }) => accountIn(sid, name) ?? organizationIn(sid, name));
}

function accountIn(sid: unknown, name: string): string | undefined {
  const rest = typeof sid === 'string' && sid.startsWith(`${name}-`) ? sid.slice(name.length + 1) : '';
  return /^\d{12}$/.test(rest) ? rest : undefined;
}

function organizationIn(sid: unknown, name: string): string | undefined {
  const rest = typeof sid === 'string' && sid.startsWith(`${name}-`) ? sid.slice(name.length + 1) : '';
  return /^o-[a-z0-9]+$/.test(rest) ? rest : undefined;
}

/** The accounts that may send events here one by one: what is theirs may have to be taken away. */
export function accountsLetIn(found: readonly JsonObject[], name: string): string[] {
  return found.map((one) => accountLetInBy(one, name)).filter((account) => account !== undefined);
}

/** The organizations all of whose accounts may send events here. */
export function organizationsLetIn(found: readonly JsonObject[], name: string): string[] {
  return found.map(({ Sid: sid }) => organizationIn(sid, name)).filter((one) => one !== undefined);
}

export function accountLetInBy({ Sid: sid }: JsonObject, name: string): string | undefined {
  return accountIn(sid, name);
}

/** The statement as EventBridge writes it. Source: EventBridge API, `PutPermission`. */
export function statementOf(site: Site, { statement, account, organization }: WantedPermission): JsonObject {
  return {
    Sid: statement,
    Effect: 'Allow',
    Principal: account === undefined ? '*' : { AWS: `arn:${site.partition}:iam::${account}:root` },
    Action: 'events:PutEvents',
    Resource: busArn(site),
    ...(organization !== undefined && {
      Condition: { StringEquals: { 'aws:PrincipalOrgID': organization } },
    }),
  };
}

/** A statement has no tag: whose it is its name alone says. */
export function comparePermissions(
  site: Site,
  wanted: readonly WantedPermission[],
  found: readonly JsonObject[],
): Differences {
  const makes = wanted.flatMap((permission) => {
    const there = found.find(({ Sid: sid }) => sid === permission.statement);
    const same = there !== undefined && sameDocument(there, statementOf(site, permission));
    return same ? [] : [making(site, permission, there !== undefined)];
  });
  const removes = found
    .map(({ Sid: sid }) => String(sid))
    .filter((sid) => !wanted.some(({ statement }) => statement === sid))
    .map((sid) => removal(site, sid));
  return { makes, removes, foreign: [] };
}

function making(site: Site, permission: WantedPermission, isThere: boolean): Step {
  const { statement, account, organization } = permission;
  const who = account ?? `organization ${organization}`;
  const request = new PutPermissionCommand({
    Action: 'events:PutEvents',
    Principal: account ?? '*',
    StatementId: statement,
    ...(organization !== undefined && {
      Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: organization },
    }),
  });
  return {
    site,
    verb: isThere ? 'change' : 'create',
    what: `permission for ${who} to send events`,
    why: isThere ? [`its statement ${statement} says something else`] : [],
    async take(control) {
      if (isThere) await remove(control, site, statement);
      await call(control, site, 'events:PutPermission', (abortSignal) =>
        eventsAt(control, site).send(request, { abortSignal }),
      );
    },
  };
}

function removal(site: Site, statement: string): Step {
  return {
    site,
    verb: 'remove',
    what: `permission ${statement} to send events`,
    why: [],
    take: (control) => remove(control, site, statement),
  };
}

async function remove(control: Control, site: Site, statement: string): Promise<void> {
  await unlessMissing(
    call(control, site, 'events:RemovePermission', (abortSignal) =>
      eventsAt(control, site).send(new RemovePermissionCommand({ StatementId: statement }), { abortSignal }),
    ),
  );
}
