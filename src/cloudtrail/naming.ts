import { objectOf } from '../kernel/json.ts';
import { afterColon, HIDDEN, type Identity, said, saidAccount, tail } from './identity.ts';

/** What kind of identity `userIdentity.type` names; `service` also for AWS acting by itself. */
export type ActorKind =
  | 'root'
  | 'user'
  | 'role'
  | 'federated'
  | 'directory'
  | 'account'
  | 'service'
  | 'identity-center'
  | 'saml'
  | 'web-identity'
  | 'unknown';

/** The part of an Actor that differs from type to type. */
export interface Naming {
  readonly kind: ActorKind;
  readonly name: string;
  readonly label: string;
  readonly id: string;
  readonly role?: string | undefined;
  readonly session?: string | undefined;
  readonly background?: readonly string[];
}

/**
 * Who an identity is, by its type.
 * Source: AWS CloudTrail user guide, "CloudTrail userIdentity element".
 */
export function nameIdentity(identity: Identity): Naming {
  const named = NAMINGS.get(identity.type ?? '');
  if (named) return named(identity);
  return identity.type === undefined ? untyped(identity) : unknown(identity);
}

const NAMINGS: ReadonlyMap<string, (identity: Identity) => Naming> = new Map([
  ['Root', root],
  ['IAMUser', user],
  ['AssumedRole', roleSession],
  ['Role', roleSession],
  ['FederatedUser', federated],
  ['Directory', directory],
  ['AWSAccount', account],
  ['AWSService', service],
  ['IdentityCenterUser', identityCenter],
  ['SAMLUser', saml],
  ['WebIdentityUser', webIdentity],
]);

/** Names of users and roles are unique in their account, whatever their path: paths are left out. */
function iamId(identity: Identity, owner: string | undefined, resource: string): string {
  return `arn:${identity.partition}:iam::${owner ?? ''}:${resource}`;
}

function root(identity: Identity): Naming {
  const owner = identity.account ?? identity.principal ?? 'unknown account';
  const assumed = said(identity.session, 'assumedRoot') === 'true' ? ' (via AssumeRoot)' : '';
  return {
    kind: 'root',
    name: 'root',
    label: `root @ ${owner}${assumed}`,
    id: iamId(identity, owner, 'root'),
  };
}

function user(identity: Identity): Naming {
  const name = identity.userName ?? (identity.arn && tail(identity.arn)) ?? identity.principal;
  if (name !== undefined) {
    return {
      kind: 'user',
      name,
      label: `user ${name}`,
      id: iamId(identity, identity.account, `user/${name}`),
    };
  }
  const hidden = identity.raw.userName === HIDDEN ? ' (name hidden by AWS)' : '';
  const id = `unknown-user/${identity.account ?? ''}`;
  return { kind: 'user', name: 'unknown user', label: `unknown user${hidden}`, id };
}

/** Role and session, from whichever of issuer, ARN and principal id has them. */
function roleAndSession(identity: Identity): { role: string | undefined; session: string | undefined } {
  const resource = identity.parsedArn?.resource ?? '';
  const [, arnRole, arnSession] = /^assumed-role\/([^/]+)(?:\/([\s\S]+))?$/.exec(resource) ?? [];
  const issuerArn = said(identity.issuer, 'arn');
  const role =
    said(identity.issuer, 'userName') ??
    arnRole ??
    (resource.startsWith('role/') ? tail(resource) : undefined) ??
    (issuerArn && tail(issuerArn));
  // Instances under default host management: `111122223333:aws:ec2-instance:i-…`.
  const principalSession = afterColon(identity.principal);
  const session = principalSession?.startsWith(`${role}:`)
    ? principalSession.slice((role ?? '').length + 1)
    : principalSession;
  return { role, session: arnSession ?? session };
}

function roleSession(identity: Identity): Naming {
  const { role, session } = roleAndSession(identity);
  const permissionSet = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role ?? '')?.[1];
  const owner = saidAccount(identity.issuer, 'accountId') ?? identity.account;
  const person = identity.sourceIdentity ?? session;
  const isPerson = permissionSet !== undefined || session?.includes('@');
  const name = identity.sourceIdentity ?? (isPerson ? session : undefined) ?? role ?? session;
  const as = permissionSet === undefined ? `role ${role}` : `permission set ${permissionSet}`;
  const last = identity.principal ?? identity.arn ?? 'unknown role';
  return {
    kind: 'role',
    name: name ?? last,
    label: role === undefined ? (person ?? last) : person === undefined ? as : `${person} (${as})`,
    id: role === undefined ? (last.split(':')[0] ?? last) : iamId(identity, owner, `role/${role}`),
    role,
    session,
    background: roleBackground(identity),
  };
}

function roleBackground(identity: Identity): string[] {
  const issuedTo = said(objectOf(identity.raw, 'inScopeOf') ?? {}, 'credentialsIssuedTo');
  const provider = said(objectOf(identity.session, 'webIdFederationData') ?? {}, 'federatedProvider');
  return [
    ...(issuedTo ? [`credentials issued to ${issuedTo}`] : []),
    ...(provider ? [`signed in through ${tail(provider)}`] : []),
  ];
}

function federated(identity: Identity): Naming {
  const name =
    (identity.arn && tail(identity.arn)) ?? afterColon(identity.principal) ?? identity.userName ?? 'unknown';
  const byRoot = said(identity.issuer, 'type') === 'Root';
  const by = byRoot ? 'root' : said(identity.issuer, 'userName');
  const owner = saidAccount(identity.issuer, 'accountId') ?? identity.account;
  const ownId = identity.arn ?? `federated-user/${owner ?? ''}/${name}`;
  return {
    kind: 'federated',
    name,
    label: `${name} (federated${by ? ` by ${by}` : ''})`,
    id: by ? iamId(identity, owner, byRoot ? 'root' : `user/${by}`) : ownId,
  };
}

function directory(identity: Identity): Naming {
  const name = identity.userName ?? identity.principal ?? 'unknown directory user';
  return {
    kind: 'directory',
    name,
    label: `${name} (directory)`,
    id: `directory/${identity.account ?? ''}/${name}`,
  };
}

/** A caller of another account, of whom its own account knows more. */
function account(identity: Identity): Naming {
  if (identity.arn !== undefined) return { ...(byArn(identity) ?? unknown(identity)), kind: 'account' };
  const owner = identity.account;
  if (owner === 'ANONYMOUS_PRINCIPAL') return anonymous('account');
  const at = owner === undefined ? '' : ` @ account ${owner}`;
  const who = identity.invokedBy ?? afterColon(identity.principal) ?? identity.principal;
  const principal = identity.principal?.split(':')[0];
  return {
    kind: owner === undefined && identity.invokedBy !== undefined ? 'service' : 'account',
    name: who ?? owner ?? 'unknown account',
    label: who === undefined ? `account ${owner ?? 'unknown'}` : `${who}${at}`,
    id: `account/${owner ?? ''}/${principal ?? identity.invokedBy ?? ''}`,
    session: afterColon(identity.principal),
  };
}

/** Callers that are no service by a name of its own: AWS at large, and this bot in its own events. */
const SERVICE_LABELS: ReadonlyMap<string, string> = new Map([
  ['AWS Internal', 'AWS itself'],
  ['Trailbot', 'Trailbot'],
]);

function service(identity: Identity): Naming {
  const name = identity.invokedBy ?? said(identity.record, 'eventSource') ?? 'AWS';
  return { kind: 'service', name, label: SERVICE_LABELS.get(name) ?? `service ${name}`, id: name };
}

function identityCenter(identity: Identity): Naming {
  const further = objectOf(identity.record, 'additionalEventData') ?? {};
  const name = said(further, 'UserName') ?? identity.userName;
  const userId = identity.onBehalfOf ?? identity.principal;
  return {
    kind: 'identity-center',
    name: name ?? userId ?? 'unknown Identity Center user',
    label: name ? `${name} (Identity Center)` : `Identity Center user ${userId ?? 'unknown'}`,
    id: `identity-center/${userId ?? name ?? identity.account ?? ''}`,
  };
}

function saml(identity: Identity): Naming {
  const name = identity.userName ?? afterColon(identity.principal) ?? identity.principal ?? 'unknown';
  const request = objectOf(identity.record, 'requestParameters') ?? {};
  const provider = said(request, 'principalArn') ?? identity.provider;
  return {
    kind: 'saml',
    name,
    label: `${name} (SAML)`,
    id: `saml/${provider ? tail(provider) : (identity.principal?.split(':')[0] ?? '')}/${name}`,
    background: provider ? [`SAML provider ${tail(provider)}`] : [],
  };
}

function webIdentity(identity: Identity): Naming {
  const subject = identity.userName ?? identity.principal ?? 'unknown';
  // The part after `oidc-provider/` may itself have slashes, as the addresses of EKS clusters do.
  const provider = identity.provider?.replace(/^arn:[^/]*oidc-provider\//, '');
  const [, repository, reference] = /^repo:([^:]+):([\s\S]*)$/.exec(subject) ?? [];
  const [, space, accountName] = /^system:serviceaccount:([^:]+):([\s\S]+)$/.exec(subject) ?? [];
  const name = repository ?? (space === undefined ? subject : `${space}/${accountName}`);
  const how =
    repository !== undefined
      ? `GitHub Actions, ${reference}`
      : space !== undefined
        ? 'Kubernetes service account'
        : `OIDC ${provider ?? 'provider unknown'}`;
  return {
    kind: 'web-identity',
    name,
    label: `${name} (${how})`,
    id: `oidc/${provider ?? ''}/${name}`,
    background: provider ? [`OIDC provider ${provider}`] : [],
  };
}

function anonymous(kind: ActorKind): Naming {
  return { kind, name: 'anonymous', label: 'anonymous caller', id: 'anonymous' };
}

/** What the form of the ARN tells where the type does not. */
function byArn(identity: Identity): Naming | undefined {
  const resource = identity.parsedArn?.resource ?? '';
  if (resource === 'root') return root(identity);
  if (resource.startsWith('user/')) return user(identity);
  if (/^(?:assumed-role|role)\//.test(resource)) return roleSession(identity);
  return resource.startsWith('federated-user/') ? federated(identity) : undefined;
}

/** `Unknown`, and types that AWS has yet to invent. */
function unknown(identity: Identity): Naming {
  if (identity.principal === 'Anonymous') return anonymous('unknown');
  const known = byArn(identity);
  if (known) return { ...known, kind: 'unknown' };
  const name =
    identity.arn ?? identity.userName ?? identity.onBehalfOf ?? identity.principal ?? identity.invokedBy;
  const owner = identity.account === undefined ? 'unknown' : `account ${identity.account}`;
  return {
    kind: 'unknown',
    name: name ?? owner,
    label: name ?? owner,
    id: name ?? `account/${identity.account ?? ''}/`,
  };
}

/** Service events have no type: AWS did it, for an account. */
function untyped(identity: Identity): Naming {
  const known = byArn(identity);
  if (known) return known;
  if (identity.invokedBy !== undefined || identity.record.eventType === 'AwsServiceEvent') {
    return service(identity);
  }
  return identity.account === undefined ? unknown(identity) : account(identity);
}
