import { isObject, type JsonObject, objectOf } from '../kernel/json.ts';
import { type Arn, parseArn, partitionOf } from './arn.ts';

/** What AWS writes where it hides a value, as in the user name of a failed sign-in. */
export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** A `userIdentity` with the record around it: the same few questions for every type of identity. */
export interface Identity {
  readonly type: string | undefined;
  readonly arn: string | undefined;
  readonly parsedArn: Arn | undefined;
  readonly partition: string;
  readonly account: string | undefined;
  readonly principal: string | undefined;
  readonly userName: string | undefined;
  readonly invokedBy: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly provider: string | undefined;
  readonly onBehalfOf: string | undefined;
  readonly issuer: JsonObject;
  readonly session: JsonObject;
  readonly attributes: JsonObject;
  readonly raw: JsonObject;
  readonly record: JsonObject;
}

/** The member as text when it says something: not empty, not hidden; a number (as YAML reads an id) counts. */
export function said(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' && value !== HIDDEN ? value : undefined;
}

/** A twelve-digit account id; one that was read as a number gets its leading zeros back. */
export function saidAccount(object: JsonObject, key: string): string | undefined {
  const account = said(object, key);
  return account !== undefined && typeof object[key] === 'number' ? account.padStart(12, '0') : account;
}

/** Never fails: whatever is missing is `undefined` or an empty object. */
export function readIdentity(value: unknown, record: JsonObject): Identity {
  const raw = isObject(value) ? value : {};
  const session = objectOf(raw, 'sessionContext') ?? {};
  const arn = said(raw, 'arn');
  const parsedArn = parseArn(arn);
  const region = said(record, 'awsRegion') ?? '';
  return {
    type: said(raw, 'type'),
    arn,
    parsedArn,
    partition: parsedArn?.partition ?? partitionOf(region) ?? 'aws',
    account: saidAccount(raw, 'accountId') ?? (parsedArn?.account || undefined),
    principal: said(raw, 'principalId'),
    userName: said(raw, 'userName'),
    invokedBy: said(raw, 'invokedBy'),
    sourceIdentity: said(session, 'sourceIdentity'),
    provider: said(raw, 'identityProvider'),
    onBehalfOf: said(objectOf(raw, 'onBehalfOf') ?? {}, 'userId'),
    issuer: objectOf(session, 'sessionIssuer') ?? {},
    session,
    attributes: objectOf(session, 'attributes') ?? {},
    raw,
    record,
  };
}

/** `arn:aws:iam::111122223333:oidc-provider/host` and `…:saml-provider/Okta` as `host` and `Okta`. */
export function tail(text: string): string {
  const resource = parseArn(text)?.resource ?? text;
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** What stands behind the first colon of a principal id: the session's name. */
export function afterColon(text: string | undefined): string | undefined {
  const colon = text?.indexOf(':') ?? -1;
  return text !== undefined && colon >= 0 ? text.slice(colon + 1) || undefined : undefined;
}
