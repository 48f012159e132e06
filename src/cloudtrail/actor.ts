import { type JsonObject, objectOf } from '../kernel/json.ts';
import { type Identity, readIdentity, said, saidAccount } from './identity.ts';
import { type ActorKind, nameIdentity } from './naming.ts';

/**
 * Who did it, readable, with what lies behind it.
 * Source: AWS CloudTrail user guide, "CloudTrail userIdentity element".
 */
export interface Actor {
  readonly kind: ActorKind;
  /** Short name as people say it: `alice`, `root`, `ci-deploy`, `lambda.amazonaws.com`. */
  readonly name: string;
  /** What an alert shows: `alice@example.com (role Admin)`, `user bob`, `root @ 111122223333`. */
  readonly label: string;
  /** The same for all sessions of one role, for one user, for one service: what alerts are grouped by. */
  readonly id: string;
  readonly arn: string | undefined;
  readonly account: string | undefined;
  readonly role: string | undefined;
  readonly session: string | undefined;
  /** The identity the caller asserted when the first role was assumed; it outlives role chaining. */
  readonly sourceIdentity: string | undefined;
  /** The AWS service that made the call on the actor's behalf. */
  readonly invokedBy: string | undefined;
  readonly mfa: boolean | undefined;
  /** Further phrases for people: on whose behalf, through which provider, for which resource. */
  readonly background?: readonly string[];
}

/**
 * The actor of a record, from its `userIdentity` (of any type, or none) and the record around it, which some
 * types need: sign-ins say there whether MFA was used, Identity Center says there what the user is called.
 */
export function readActor(userIdentity: unknown, record: JsonObject): Actor {
  const identity = readIdentity(userIdentity, record);
  const naming = nameIdentity(identity);
  return {
    kind: naming.kind,
    name: naming.name,
    label: naming.label,
    id: naming.id,
    arn: identity.arn,
    account: identity.account,
    role: naming.role,
    session: naming.session,
    sourceIdentity: identity.sourceIdentity,
    invokedBy: identity.invokedBy,
    mfa: readMfa(identity, naming.role),
    background: [...(naming.background ?? []), ...proxies(identity)],
  };
}

/** Short phrases for what lies behind the actor; empty when nothing does. */
export function behind(actor: Actor): string[] {
  const phrases: string[] = [];
  if (actor.sourceIdentity !== undefined) phrases.push(`source identity ${actor.sourceIdentity}`);
  if (actor.invokedBy !== undefined && actor.invokedBy !== actor.name) phrases.push(`via ${actor.invokedBy}`);
  const { role, session } = actor;
  const said = actor.label === `${session} (role ${role})`;
  if (role !== undefined && session !== undefined && !said)
    phrases.push(`session ${session} of role ${role}`);
  return [...phrases, ...(actor.background ?? [])];
}

/** Those for whom, or through whom, the identity acted. */
function proxies(identity: Identity): string[] {
  const delegate = saidAccount(objectOf(identity.raw, 'invokedByDelegate') ?? {}, 'accountId');
  const onBehalf = identity.type === 'IdentityCenterUser' ? undefined : identity.onBehalfOf;
  return [
    ...(onBehalf ? [`on behalf of Identity Center user ${onBehalf}`] : []),
    ...(delegate ? [`access delegated to account ${delegate}`] : []),
  ];
}

/**
 * Whether MFA was used, as far as AWS knows. People of an identity provider do it there, and services and
 * instances have none: their "no" means nothing and becomes `undefined`.
 */
function readMfa(identity: Identity, role: string | undefined): boolean | undefined {
  const further = objectOf(identity.record, 'additionalEventData') ?? {};
  const { mfaAuthenticated } = identity.attributes;
  const answers = [
    typeof mfaAuthenticated === 'boolean'
      ? String(mfaAuthenticated)
      : said(identity.attributes, 'mfaAuthenticated'),
    said(further, 'MFAUsed'),
  ].map((answer) => answer?.toLowerCase());
  if (answers.includes('true') || answers.includes('yes')) return true;
  const elsewhere =
    role?.startsWith('AWSReservedSSO_') ||
    identity.invokedBy !== undefined ||
    'ec2RoleDelivery' in identity.session ||
    Object.keys(objectOf(identity.session, 'webIdFederationData') ?? {}).length > 0;
  if (elsewhere) return undefined;
  if (answers[0] === 'false') return false;
  const signsInHere = identity.type === 'IAMUser' || identity.type === 'Root';
  return signsInHere && answers[1] === 'no' ? false : undefined;
}
