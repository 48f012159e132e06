import { said } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { objectOf } from '../../kernel/json.ts';
import { DAY, MINUTE, type Millis, sayUtc } from '../../kernel/time.ts';
import { EVENT_HISTORY_DAYS } from '../question.ts';
import type { Origin } from '../trace.ts';
import {
  account,
  cognito,
  ofFederated,
  ofIdentityCenter,
  ofService,
  ownerOf,
  type RoleSession,
} from './provenance-origin.ts';
import { permissionSetOf, sayRole } from './provenance-role.ts';
import { beganAt, identityOf, type Session } from './provenance-session.ts';
import { sayStopped, type Walk } from './provenance-walk.ts';

/** How long a call may take to show in the event history. Source: CloudTrail user guide, "How CloudTrail works". */
const DELAY: Millis = 15 * MINUTE;

/** The end of the walk where the call that made a session was not found: what the session's own calls tell. */
export function endOf(session: Session, walk: Walk): Origin {
  const { record } = session;
  if (!record) return nothingKnown(session, walk);
  const identity = identityOf(record);
  switch (identity.type) {
    case 'IAMUser':
    case 'Root': {
      const owner = ownerOf(identity);
      const missing = walk.stopped
        ? `${sayStopped(walk.stopped)} before the call that made them was found.`
        : `the call that made them was not found. ${why(session, walk.now)}`;
      return { kind: owner.kind, said: `${owner.name}, with temporary credentials; ${missing}` };
    }
    case 'FederatedUser':
      return ofFederated(identity);
    case 'AssumedRole':
    case 'Role':
      return endOfRole(session, record, walk);
    default:
      return makerUnknown(`Session of ${record.actor.label}`, why(session, walk.now), walk);
  }
}

/** @param known whose session it is, as far as its own calls say */
function makerUnknown(known: string, why: string, { stopped }: Walk): Origin {
  if (stopped === undefined) {
    return { kind: 'not found', said: `${known}: the call that made this session was not found. ${why}` };
  }
  return { kind: 'stopped', said: `${sayCut(stopped)} ${known}: who made this session is not known yet.` };
}

function sayCut(stopped: NonNullable<Walk['stopped']>): string {
  return stopped === 'cancelled' ? 'The walk was stopped before its end.' : 'The walk ran out of lookups.';
}

function endOfRole(session: Session, record: CloudTrailRecord, walk: Walk): Origin {
  const { actor } = record;
  const made: RoleSession = {
    account: actor.account ?? record.account,
    role: actor.role,
    name: actor.session,
  };
  const external = ofExternal(record, made);
  if (external) return external;
  const { sourceIdentity } = actor;
  const asserted =
    sourceIdentity === undefined
      ? ''
      : `, source identity ${sourceIdentity} (asserted, not proven${likeCertificate(sourceIdentity)})`;
  const known = `Role ${sayRole(made.role)} of ${account(made.account)}, session ${saySession(made.name)}${asserted}`;
  return makerUnknown(known, why(session, walk.now), walk);
}

/** Makers that the session's own calls give away. */
function ofExternal(record: CloudTrailRecord, made: RoleSession): Origin | undefined {
  const identity = identityOf(record);
  const set = permissionSetOf(said(identity.issuer, 'arn'));
  if (set !== undefined && made.name !== undefined) return ofIdentityCenter(made.name, set, made.account);
  const resource = said(objectOf(identity.raw, 'inScopeOf') ?? {}, 'credentialsIssuedTo');
  if (resource !== undefined) return ofResource(resource, made);
  if ('ec2RoleDelivery' in identity.session) return ofService('ec2.amazonaws.com', made);
  const web = objectOf(identity.session, 'webIdFederationData') ?? {};
  if (said(web, 'federatedProvider') === 'cognito-identity.amazonaws.com') {
    return cognito(said(objectOf(web, 'attributes') ?? {}, 'cognito-identity.amazonaws.com:sub'));
  }
  return undefined;
}

function ofResource(resource: string, made: RoleSession): Origin {
  if (/:lambda:/.test(resource))
    return ofService('lambda.amazonaws.com', { ...made, name: tailOf(resource) });
  if (/:ecs:/.test(resource))
    return ofService('ecs-tasks.amazonaws.com', { ...made, name: tailOf(resource) });
  return {
    kind: 'service',
    said: `${resource}, to which AWS gave role ${made.role ?? 'unknown'} of ${account(made.account)}.`,
  };
}

function tailOf(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
}

/** What only looks like it: whoever assumes a role chooses the session's name and source identity. */
function saySession(name = 'unknown'): string {
  if (/^i-[0-9a-f]{8,17}$/.test(name)) return `${name} (looks like an EC2 instance)`;
  return /^eks-.+-[0-9a-f-]{36}$/.test(name) ? `${name} (looks like EKS Pod Identity)` : name;
}

function likeCertificate(sourceIdentity: string): string {
  return sourceIdentity.startsWith('CN=') ? '; looks like a certificate used with IAM Roles Anywhere' : '';
}

function nothingKnown(session: Session, { stopped, now }: Walk): Origin {
  const where = account(session.account);
  return stopped === undefined
    ? {
        kind: 'not found',
        said: `Nothing was found that made or used this key in ${where}. ${why(session, now)}`,
      }
    : {
        kind: 'stopped',
        said: `${sayCut(stopped)} Nothing is known yet of who made or used this key in ${where}.`,
      };
}

/** Why the maker may be missing, with what to do. */
function why(session: Session, now: Millis): string {
  const horizon = now - EVENT_HISTORY_DAYS * DAY;
  const began = beganAt(session.record) ?? session.lastUse;
  if (began === undefined) {
    return `CloudTrail's event history goes back ${EVENT_HISTORY_DAYS} days; what is older is in the trail's files in S3.`;
  }
  if (began < horizon) {
    return `It began ${sayUtc(began)}, and CloudTrail's event history goes back only ${EVENT_HISTORY_DAYS} days: look for it in the trail's files in S3.`;
  }
  if (now - began < DELAY) {
    return 'Calls take up to 15 minutes to show in CloudTrail: ask again later.';
  }
  return "Some services make sessions without a management event of this account; the trail's files in S3 may have more.";
}
