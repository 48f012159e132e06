import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { type Json, parseJson } from '../../kernel/json.ts';
import { type Control, call, rolesAt, unlessMissing, unlessThere } from './control.ts';
import { forwardPolicy, sameDocument } from './documents.ts';
import { TAG, whyNotOurs } from './mark.ts';
import type { Differences, Step } from './step.ts';
import { ROLE_DESCRIPTION, roleNames, type Site, type WantedRole } from './wanted.ts';

export interface FoundRole {
  readonly name: string;
  readonly trust: Json | undefined;
  /** The one inline policy that is ours. */
  readonly policy: Json | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/** What our inline policy is called in each role. */
export const POLICY = 'trailbot';

/** The roles of this place that are there. Throws LookupTrouble. */
export async function readRoles(control: Control, site: Site, name: string): Promise<FoundRole[]> {
  const { deliver, forward } = roleNames(name, site.region);
  const found = await Promise.all([deliver, forward].map((role) => readRole(control, site, role)));
  return found.filter((role) => role !== undefined);
}

async function readRole(control: Control, site: Site, name: string): Promise<FoundRole | undefined> {
  const client = rolesAt(control, site);
  const said = await unlessMissing(
    call(control, site, 'iam:GetRole', (abortSignal) =>
      client.send(new GetRoleCommand({ RoleName: name }), { abortSignal }),
    ),
  );
  if (!said?.Role) return undefined;
  const policy = await unlessMissing(
    call(control, site, 'iam:GetRolePolicy', (abortSignal) =>
      client.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: POLICY }), { abortSignal }),
    ),
  );
  const { AssumeRolePolicyDocument: trust, Tags: tags = [] } = said.Role;
  return {
    name,
    trust: decoded(trust),
    policy: decoded(policy?.PolicyDocument),
    tags: new Map(tags.map(({ Key: key = '', Value: value = '' }) => [key, value])),
  };
}

/** IAM tells documents encoded as in a URL. */
function decoded(document: string | undefined): Json | undefined {
  return document === undefined ? undefined : parseJson(decodeURIComponent(document));
}

export function compareRoles(
  site: Site,
  name: string,
  wanted: WantedRole | undefined,
  found: readonly FoundRole[],
): Differences {
  const foreign = found.flatMap((role) => {
    const why = whyNotOurs(role.tags, name);
    return why === undefined ? [] : [{ site, what: `role ${role.name}`, why }];
  });
  const there = found.find((role) => role.name === wanted?.name);
  const makes = !wanted ? [] : there ? changeOf(site, wanted, there) : [creation(site, name, wanted)];
  const removes = found
    .filter((role) => role.name !== wanted?.name && whyNotOurs(role.tags, name) === undefined)
    .map((role) => removal(site, role.name));
  return { makes, removes, foreign };
}

/**
 * The role for the time in which its rules go from one home bus to another: it may send to both, so that no event
 * between the two steps is refused. `undefined` when they do not. `targets`: ARNs to which its rules send now.
 */
export function bridgeOf(
  wanted: WantedRole | undefined,
  found: readonly FoundRole[],
  targets: readonly string[],
  homeBus: string | undefined,
): WantedRole | undefined {
  const there = found.find((role) => role.name === wanted?.name);
  if (!wanted || !there || homeBus === undefined) return undefined;
  // Nothing is allowed that the role may not do already; a run that was stopped may have left it at both.
  const old = targets
    .filter((arn) => arn !== homeBus)
    .find((arn) =>
      [forwardPolicy(arn), forwardPolicy([arn, homeBus])].some((one) => sameDocument(one, there.policy)),
    );
  return old === undefined ? undefined : { ...wanted, policy: forwardPolicy([old, homeBus]) };
}

function creation(site: Site, name: string, role: WantedRole): Step {
  return {
    site,
    verb: 'create',
    what: `role ${role.name}`,
    why: [],
    async take(control) {
      const request = new CreateRoleCommand({
        RoleName: role.name,
        AssumeRolePolicyDocument: JSON.stringify(role.trust),
        Description: ROLE_DESCRIPTION,
        Tags: [{ Key: TAG, Value: name }],
      });
      await unlessThere(
        call(control, site, 'iam:CreateRole', (abortSignal) =>
          rolesAt(control, site).send(request, { abortSignal }),
        ),
      );
      await putPolicy(control, site, role);
    },
  };
}

function changeOf(site: Site, role: WantedRole, found: FoundRole): Step[] {
  const otherTrust = !sameDocument(role.trust, found.trust);
  const otherPolicy = !sameDocument(role.policy, found.policy);
  if (!otherTrust && !otherPolicy) return [];
  return [
    {
      site,
      verb: 'change',
      what: `role ${role.name}`,
      why: [
        ...(otherTrust ? ['who may assume it is another'] : []),
        ...(otherPolicy ? ['its policy is another or missing'] : []),
      ],
      async take(control) {
        const trust = new UpdateAssumeRolePolicyCommand({
          RoleName: role.name,
          PolicyDocument: JSON.stringify(role.trust),
        });
        if (otherTrust) {
          await call(control, site, 'iam:UpdateAssumeRolePolicy', (abortSignal) =>
            rolesAt(control, site).send(trust, { abortSignal }),
          );
        }
        if (otherPolicy) await putPolicy(control, site, role);
      },
    },
  ];
}

async function putPolicy(control: Control, site: Site, { name, policy }: WantedRole): Promise<void> {
  const request = new PutRolePolicyCommand({
    RoleName: name,
    PolicyName: POLICY,
    PolicyDocument: JSON.stringify(policy),
  });
  await call(control, site, 'iam:PutRolePolicy', (abortSignal) =>
    rolesAt(control, site).send(request, { abortSignal }),
  );
}

function removal(site: Site, name: string): Step {
  return {
    site,
    verb: 'remove',
    what: `role ${name}`,
    why: [],
    async take(control) {
      const client = rolesAt(control, site);
      await unlessMissing(
        call(control, site, 'iam:DeleteRolePolicy', (abortSignal) =>
          client.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: POLICY }), { abortSignal }),
        ),
      );
      await unlessMissing(
        call(control, site, 'iam:DeleteRole', (abortSignal) =>
          client.send(new DeleteRoleCommand({ RoleName: name }), { abortSignal }),
        ),
      );
    },
  };
}
