/**
 * How a value stands in a record: `text` is ASCII text in AWS's words, `free` text that a caller has a say in, `flag`
 * true or false, as such or as text.
 */
export type Standing = 'text' | 'free' | 'flag';

/**
 * The fields that CloudTrail documents as one value each. Only these go into patterns: what stands elsewhere may be an
 * object or a list, which EventBridge cannot search as a rule does, and a pattern would lose events. Their parents are
 * objects, never lists. Source: AWS CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity
 * element".
 */
const DOCUMENTED: ReadonlyMap<string, Standing> = new Map([
  ...fields('text', '', [
    'apiVersion',
    'awsRegion',
    'errorCode',
    'eventCategory',
    'eventID',
    'eventName',
    'eventSource',
    'eventTime',
    'eventType',
    'eventVersion',
    'recipientAccountId',
    'requestID',
    'sharedEventID',
    'sourceIPAddress',
    'vpcEndpointAccountId',
    'vpcEndpointId',
  ]),
  ...fields('free', '', ['errorMessage', 'userAgent']),
  ...fields('flag', '', ['managementEvent', 'readOnly', 'sessionCredentialFromConsole']),
  ...fields('text', 'userIdentity.', [
    'accessKeyId',
    'accountId',
    'arn',
    'credentialId',
    'identityProvider',
    'invokedBy',
    'principalId',
    'type',
    'userName',
  ]),
  ...fields('text', 'userIdentity.sessionContext.', ['sourceIdentity', 'attributes.creationDate']),
  ...fields('flag', 'userIdentity.sessionContext.', ['attributes.mfaAuthenticated']),
  ...fields('text', 'userIdentity.sessionContext.sessionIssuer.', [
    'accountId',
    'arn',
    'principalId',
    'type',
    'userName',
  ]),
  ...fields('text', 'tlsDetails.', ['cipherSuite', 'tlsVersion']),
]);

function fields(standing: Standing, prefix: string, names: readonly string[]): [string, Standing][] {
  return names.map((name) => [`${prefix}${name}`, standing]);
}

/** How the value at a dotted path stands; `undefined` when nothing is sure about it. */
export function standingOf(path: string): Standing | undefined {
  return DOCUMENTED.get(path);
}
