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
  permissionSetOf,
  type RoleSession,
} from './provenance-origin.ts';
import { beganAt, identityOf, type Session } from './provenance-session.ts';

/** How long a call may take to show in the event history. Source: CloudTrail user guide, "How CloudTrail works". */
const DELAY: Millis = 15 * MINUTE;

/** The end of the walk where the call that made a session was not found: what the session's own calls tell. */
export function endOf(session: Session, now: Millis): Origin {
  const { record } = session;
  if (!record) return { kind: 'not found', said: nothingKnown(session, now) };
  const identity = identityOf(record);
  switch (identity.type) {
    case 'IAMUser':
    case 'Root': {
      const owner = ownerOf(identity);
      return {
        kind: owner.kind,
        said: `${owner.name}, with temporary credentials; the call that made them was not found. ${why(session, now)}`,
      };
    }
    case 'FederatedUser':
      return ofFederated(identity);
    case 'AssumedRole':
    case 'Role':
      return endOfRole(session, record, now);
    default:
      return {
        kind: 'not found',
        said: `The call that made this session was not found; its own calls name ${record.actor.label}. ${why(session, now)}`,
      };
  }
}

function endOfRole(session: Session, record: CloudTrailRecord, now: Millis): Origin {
  const { actor } = record;
  const made: RoleSession = {
    account: actor.account ?? record.account,
    role: actor.role,
    name: actor.session,
  };
  const external = ofExternal(record, made);
  if (external) return external;
  const asserted =
    actor.sourceIdentity === undefined
      ? ''
      : `, source identity ${actor.sourceIdentity} (asserted, not proven)`;
  return {
    kind: 'not found',
    said: `Role ${made.role ?? 'unknown'} of ${account(made.account)}, session ${made.name ?? 'unknown'}${asserted}: the call that made this session was not found. ${why(session, now)}`,
  };
}

/** Makers that the session's own calls give away. */
function ofExternal(record: CloudTrailRecord, made: RoleSession): Origin | undefined {
  const identity = identityOf(record);
  const set = permissionSetOf(made.role);
  if (set !== undefined && made.name !== undefined) return ofIdentityCenter(made.name, set, made.account);
  const resource = said(objectOf(identity.raw, 'inScopeOf') ?? {}, 'credentialsIssuedTo');
  if (resource !== undefined) return ofResource(resource, made);
  if ('ec2RoleDelivery' in identity.session) return ofService('ec2.amazonaws.com', made);
  const web = objectOf(identity.session, 'webIdFederationData') ?? {};
  if (said(web, 'federatedProvider') === 'cognito-identity.amazonaws.com') {
    return cognito(said(objectOf(web, 'attributes') ?? {}, 'cognito-identity.amazonaws.com:sub'));
  }
  return ofForm(record, made);
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
function ofForm(record: CloudTrailRecord, made: RoleSession): Origin | undefined {
  const name = made.name ?? '';
  const looks = (like: string): Origin => ({
    kind: 'not found',
    said: `Role ${made.role ?? 'unknown'} of ${account(made.account)}, session ${name}: ${like}. The call that made this session was not found.`,
  });
  const { sourceIdentity } = record.actor;
  if (sourceIdentity?.startsWith('CN=')) {
    return looks(
      `its source identity ${sourceIdentity} looks like a certificate used with IAM Roles Anywhere`,
    );
  }
  if (/^i-[0-9a-f]{8,17}$/.test(name)) return looks('its name looks like that of an EC2 instance');
  return /^eks-.+-[0-9a-f-]{36}$/.test(name) ? looks('its name looks like EKS Pod Identity') : undefined;
}

function nothingKnown(session: Session, now: Millis): string {
  return `Nothing was found that made or used this key in ${account(session.account)}. ${why(session, now)}`;
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
