import { parseArn } from '../../cloudtrail/arn.ts';
import { said } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { identityOf } from './provenance-session.ts';

const RESERVED =
  /^role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z0-9-]+\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/**
 * `Admin` of `arn:…:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`: AWS alone makes roles
 * below that path, while a name can be given by anybody.
 * Source: IAM Identity Center user guide, "Referencing permission sets in resource policies".
 */
export function permissionSetOf(roleArn: string | undefined): string | undefined {
  return RESERVED.exec(parseArn(roleArn)?.resource ?? '')?.[1];
}

export function isNamedLikePermissionSet(role: string | undefined): boolean {
  return role?.startsWith('AWSReservedSSO_') === true;
}

/** The role by its name; one that is only named like a permission set is said to be no more. */
export function sayRole(role: string | undefined): string {
  const like = isNamedLikePermissionSet(role)
    ? ' (looks like a permission set of Identity Center, unconfirmed)'
    : '';
  return `${role ?? 'unknown'}${like}`;
}

/** Who made a call; a session of a role by the session's own name, and not by what was asserted for it. */
export function sayCaller(record: CloudTrailRecord): string {
  const { kind, role, session, label } = record.actor;
  if (kind !== 'role' || role === undefined || session === undefined) return label;
  const set = permissionSetOf(said(identityOf(record).issuer, 'arn'));
  return set === undefined ? `${session} (role ${role})` : `${session} (permission set ${set})`;
}
