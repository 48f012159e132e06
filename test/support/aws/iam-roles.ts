import { isObject, type JsonObject, parseJson } from '../../../src/kernel/json.ts';
import { elements, Refusal, text } from './refusal.ts';
import type { Call, FakeService } from './services.ts';

/* Roles of IAM. Source: IAM API reference, as of 2026. */

export interface FakeRole {
  readonly name: string;
  readonly arn: string;
  /** Who may assume it. */
  trust: JsonObject;
  readonly description: string | undefined;
  /** Inline, by name. */
  readonly policies: Map<string, JsonObject>;
  readonly tags: Map<string, string>;
}

/** The roles of all accounts. */
export class RoleState {
  readonly #accounts = new Map<string, Map<string, FakeRole>>();

  of(account: string): Map<string, FakeRole> {
    const roles = this.#accounts.get(account) ?? new Map<string, FakeRole>();
    this.#accounts.set(account, roles);
    return roles;
  }

  all(): FakeRole[] {
    return [...this.#accounts.values()].flatMap((roles) => [...roles.values()]);
  }
}

type Perform = (roles: Map<string, FakeRole>, params: JsonObject, account: string) => Record<string, string>;

/** Role operations as part of the service `iam`. */
export function iamRoles(state: RoleState): FakeService {
  const operations = Object.entries(PERFORM).map(([name, perform]) => [
    name,
    ({ caller, params }: Call) => perform(state.of(caller.account), params, caller.account),
  ]);
  return { name: 'iam', wire: 'query', operations: Object.fromEntries(operations) };
}

const PERFORM: Readonly<Record<string, Perform>> = {
  CreateRole(roles, params, account) {
    const name = String(params.RoleName);
    if (!/^[\w+=,.@-]{1,64}$/.test(name))
      throw new Refusal('ValidationError', `RoleName ${name} is not valid`);
    if (roles.has(name))
      throw new Refusal('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    const role: FakeRole = {
      name,
      arn: `arn:aws:iam::${account}:role/${name}`,
      trust: documentOf(params.AssumeRolePolicyDocument),
      description: typeof params.Description === 'string' ? params.Description : undefined,
      policies: new Map(),
      tags: tagsOf(params),
    };
    roles.set(name, role);
    return { Role: roleXml(role) };
  },
  GetRole: (roles, params) => ({ Role: roleXml(roleIn(roles, params)) }),
  UpdateAssumeRolePolicy(roles, params) {
    roleIn(roles, params).trust = documentOf(params.PolicyDocument);
    return {};
  },
  PutRolePolicy(roles, params) {
    roleIn(roles, params).policies.set(String(params.PolicyName), documentOf(params.PolicyDocument));
    return {};
  },
  GetRolePolicy(roles, params) {
    const role = roleIn(roles, params);
    const policy = policyIn(role, params);
    return {
      RoleName: text(role.name),
      PolicyName: text(String(params.PolicyName)),
      PolicyDocument: encoded(policy),
    };
  },
  ListRolePolicies: (roles, params) => ({
    PolicyNames: members([...roleIn(roles, params).policies.keys()].map(text)),
    IsTruncated: 'false',
  }),
  DeleteRolePolicy(roles, params) {
    const role = roleIn(roles, params);
    policyIn(role, params);
    role.policies.delete(String(params.PolicyName));
    return {};
  },
  DeleteRole(roles, params) {
    const role = roleIn(roles, params);
    if (role.policies.size > 0) {
      throw new Refusal('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
    }
    roles.delete(role.name);
    return {};
  },
  TagRole(roles, params) {
    const role = roleIn(roles, params);
    for (const [key, value] of tagsOf(params)) role.tags.set(key, value);
    return {};
  },
  ListRoleTags: (roles, params) => ({ Tags: tagsXml(roleIn(roles, params)), IsTruncated: 'false' }),
};

function roleIn(roles: Map<string, FakeRole>, { RoleName: name }: JsonObject): FakeRole {
  const role = roles.get(String(name));
  if (!role) throw new Refusal('NoSuchEntity', `The role with name ${String(name)} cannot be found.`, 404);
  return role;
}

function policyIn({ name, policies }: FakeRole, { PolicyName: policy }: JsonObject): JsonObject {
  const found = policies.get(String(policy));
  if (found) return found;
  throw new Refusal(
    'NoSuchEntity',
    `The role policy with name ${String(policy)} cannot be found on ${name}.`,
    404,
  );
}

function documentOf(value: unknown): JsonObject {
  const document = parseJson(String(value));
  if (isObject(document) && document.Version === '2012-10-17') return document;
  throw new Refusal('MalformedPolicyDocument', 'Syntax errors in policy.');
}

function roleXml(role: FakeRole): string {
  return elements({
    Path: '/',
    RoleName: text(role.name),
    RoleId: 'AROAQFAKEROLE00000000',
    Arn: text(role.arn),
    CreateDate: '2026-11-20T09:15:00Z',
    Description: role.description === undefined ? undefined : text(role.description),
    AssumeRolePolicyDocument: encoded(role.trust),
    Tags: tagsXml(role),
  });
}

/** As RFC 3986 has it, and the SDK leaves it. */
function encoded(document: JsonObject): string {
  return text(encodeURIComponent(JSON.stringify(document)));
}

function tagsXml({ tags }: FakeRole): string {
  return members([...tags].map(([key, value]) => elements({ Key: text(key), Value: text(value) })));
}

function members(values: readonly string[]): string {
  return values.map((value) => `<member>${value}</member>`).join('');
}

/** `Tags.member.1.Key`, `Tags.member.1.Value`, … */
function tagsOf(params: JsonObject): Map<string, string> {
  const tags = new Map<string, string>();
  for (let i = 1; typeof params[`Tags.member.${i}.Key`] === 'string'; i += 1) {
    tags.set(String(params[`Tags.member.${i}.Key`]), String(params[`Tags.member.${i}.Value`] ?? ''));
  }
  return tags;
}
