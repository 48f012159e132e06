import { type Identity, said, saidAccount, tail } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Origin } from '../trace.ts';
import { madeBy, requestOf } from './provenance-issue.ts';
import { isNamedLikePermissionSet, permissionSetOf, sayRole } from './provenance-role.ts';
import { identityOf, isLongTerm } from './provenance-session.ts';

/** A role's session, as far as sentences need it. */
export interface RoleSession {
  readonly account: string | undefined;
  readonly role: string | undefined;
  readonly name: string | undefined;
}

/**
 * The origin, when the caller of an issuing call is one: a person, a service, somebody outside. `undefined` when
 * the caller is itself a session that somebody made.
 * @param issue the call, as the account of the issued key has it
 * @param told the same call, as the caller's account has it
 */
export function originOf(issue: CloudTrailRecord, told: CloudTrailRecord): Origin | undefined {
  const identity = identityOf(told);
  if (issue.eventSource === 'cognito-identity.amazonaws.com') {
    return cognito(said(requestOf(issue), 'identityId'));
  }
  if (told.actor.kind === 'service')
    return ofService(told.actor.invokedBy ?? told.actor.name, issuedTo(issue));
  switch (identity.type) {
    case 'IAMUser':
    case 'Root':
      return isLongTerm(told.accessKeyId) ? ofOwner(issue, told, identity) : undefined;
    case 'FederatedUser':
      return issue.eventName === 'GetFederationToken' || isLongTerm(told.accessKeyId)
        ? ofFederated(identity)
        : undefined;
    case 'AssumedRole':
    case 'Role':
      return undefined;
    case 'SAMLUser':
      return ofSaml(issue, told);
    case 'WebIdentityUser':
      return ofWebIdentity(identity);
    case 'IdentityCenterUser':
      return { kind: 'identity center', said: `${told.actor.label}, signed in through Identity Center.` };
    case 'Directory':
      return {
        kind: 'federated',
        said: `Directory user ${told.actor.name} of ${account(identity.account)}.`,
      };
    default:
      return {
        kind: 'not found',
        said: `The record of the call names its caller only as ${told.actor.label}, of type ${identity.type ?? 'none'}: nothing leads on from there.`,
      };
  }
}

function issuedTo(issue: CloudTrailRecord): RoleSession {
  return { account: issue.account, ...madeBy(issue) };
}

function ofOwner(issue: CloudTrailRecord, told: CloudTrailRecord, identity: Identity): Origin {
  const owner = ownerOf(identity);
  const name = issue.eventName === 'GetFederationToken' ? madeBy(issue).name : undefined;
  const means = told.accessKeyId === undefined ? '' : ', with a long-term access key';
  return name === undefined
    ? { kind: owner.kind, said: `${owner.name}${means}.` }
    : { kind: 'federated', said: `${owner.name}, who made the federated session ${name}${means}.` };
}

/** `IAM user alice of account 111122223333`. */
export function ownerOf(identity: Identity): { readonly kind: 'user' | 'root'; readonly name: string } {
  if (identity.type === 'Root') return { kind: 'root', name: `Root user of ${account(identity.account)}` };
  const name = identity.userName ?? (identity.arn && tail(identity.arn)) ?? identity.principal ?? 'unknown';
  return { kind: 'user', name: `IAM user ${name} of ${account(identity.account)}` };
}

/** A federated session is its maker's: the issuer stands in every record of it. */
export function ofFederated(identity: Identity): Origin {
  const name = tail(identity.arn ?? identity.principal ?? 'unknown');
  const of = account(saidAccount(identity.issuer, 'accountId') ?? identity.account);
  const maker = said(identity.issuer, 'userName') ?? said(identity.issuer, 'principalId') ?? 'unknown';
  const owner =
    said(identity.issuer, 'type') === 'Root' ? `Root user of ${of}` : `IAM user ${maker} of ${of}`;
  return { kind: 'federated', said: `${owner}, who made the federated session ${name}.` };
}

function ofSaml(issue: CloudTrailRecord, told: CloudTrailRecord): Origin {
  const made = issuedTo(issue);
  const provider = said(requestOf(issue), 'principalArn') ?? identityOf(told).provider;
  const set = permissionSetOf(said(requestOf(issue), 'roleArn'));
  if (set !== undefined && /:saml-provider\/AWSSSO_[^/]+$/.test(provider ?? '')) {
    return ofIdentityCenter(made.name ?? told.actor.name, set, made.account);
  }
  const role = isNamedLikePermissionSet(made.role) ? `, as role ${sayRole(made.role)}` : '';
  return {
    kind: 'saml',
    said: `${told.actor.name}, signed in through SAML provider ${tail(provider ?? 'unknown')} of ${account(issue.account)}${role}.`,
  };
}

export function ofIdentityCenter(person: string, set: string, of: string | undefined): Origin {
  return {
    kind: 'identity center',
    said: `Identity Center user ${person}, with permission set ${set} in ${account(of)}.`,
  };
}

/** Anybody's provider may name its subjects like GitHub's: the name counts only together with the provider. */
function ofWebIdentity(identity: Identity): Origin {
  const provider = identity.provider?.replace(/^arn:[^/]*oidc-provider\//, '') ?? 'unknown';
  const subject = identity.userName ?? identity.principal ?? 'unknown';
  if (provider === 'cognito-identity.amazonaws.com') return cognito(subject);
  const [, repository, scope] = /^repo:([^:]+):([\s\S]+)$/.exec(subject) ?? [];
  if (provider === 'token.actions.githubusercontent.com' && scope !== undefined) {
    return {
      kind: 'web identity',
      said: `GitHub Actions of ${repository}, ${scope.replace(':', ' ')}.`,
    };
  }
  const [, space, name] = /^system:serviceaccount:([^:]+):([\s\S]+)$/.exec(subject) ?? [];
  if (name !== undefined) {
    const cluster = /^oidc\.eks\./.test(provider) ? 'EKS cluster' : 'Kubernetes cluster';
    return {
      kind: 'web identity',
      said: `Kubernetes service account ${space}/${name} of the ${cluster} behind ${provider}.`,
    };
  }
  return { kind: 'web identity', said: `${subject}, signed in through OIDC provider ${provider}.` };
}

/** Cognito says which of its identities it was, and nobody in AWS says which person that is. */
export function cognito(identityId: string | undefined): Origin {
  return {
    kind: 'web identity',
    said: `Cognito identity ${identityId ?? 'unknown'}: only the identity pool and its sign-in provider know who that is.`,
  };
}

/** A service that made the session for itself or for what runs on it; the session's name says for what. */
export function ofService(service: string, made: RoleSession): Origin {
  const of = account(made.account);
  const role = made.role ?? 'unknown';
  const name = made.name ?? 'unknown';
  if (service.startsWith('ec2.amazonaws.com') && /^i-[0-9a-f]+$/.test(name)) {
    return { kind: 'instance', said: `EC2 instance ${name} of ${of}, with its instance role ${role}.` };
  }
  if (service === 'lambda.amazonaws.com') {
    return { kind: 'function', said: `Lambda function ${name} of ${of}, with its execution role ${role}.` };
  }
  if (service === 'ecs-tasks.amazonaws.com') {
    return { kind: 'service', said: `ECS task ${name} of ${of}, with its task role ${role}.` };
  }
  if (service === 'pods.eks.amazonaws.com') {
    return {
      kind: 'service',
      said: `A pod under EKS Pod Identity (session ${name}) of ${of}, with role ${role}: the cluster's own audit log knows which.`,
    };
  }
  return { kind: 'service', said: `AWS service ${service}, as session ${name} of role ${role} in ${of}.` };
}

export function account(id: string | undefined): string {
  return id === undefined ? 'an unknown account' : `account ${id}`;
}
