import { nearest } from '../kernel/nearest.ts';
import type { Notes } from './notes.ts';
import type { Place } from './source.ts';

/** Members of a record. Source: AWS CloudTrail user guide, "CloudTrail record contents". */
const RECORD = [
  'addendum',
  'additionalEventData',
  'apiVersion',
  'awsRegion',
  'edgeDeviceDetails',
  'errorCode',
  'errorMessage',
  'eventCategory',
  'eventContext',
  'eventID',
  'eventName',
  'eventSource',
  'eventTime',
  'eventType',
  'eventVersion',
  'insightDetails',
  'managementEvent',
  'readOnly',
  'recipientAccountId',
  'requestID',
  'requestParameters',
  'resources',
  'responseElements',
  'serviceEventDetails',
  'sessionCredentialFromConsole',
  'sharedEventID',
  'sourceIPAddress',
  'tlsDetails',
  'userAgent',
  'userIdentity',
  'vpcEndpointAccountId',
  'vpcEndpointId',
];

/** Members of `userIdentity`. Source: the same guide, "CloudTrail userIdentity element". */
const USER_IDENTITY = [
  'accessKeyId',
  'accountId',
  'arn',
  'credentialId',
  'identityProvider',
  'inScopeOf',
  'invokedBy',
  'onBehalfOf',
  'principalId',
  'sessionContext',
  'type',
  'userName',
];

/** Field names mind case: a name that is nearly one of CloudTrail's is probably a slip. */
export function warnOfMisspelling(path: string, at: Place, notes: Notes): void {
  const [first = '', second] = path.split('.');
  const meant = slip(first, RECORD);
  if (meant !== undefined) {
    notes.warn(at, `CloudTrail has no field "${first}"`, `did you mean "${meant}"?`);
  } else if (first === 'userIdentity' && second !== undefined) {
    const inner = slip(second, USER_IDENTITY);
    if (inner === undefined) return;
    notes.warn(at, `CloudTrail has no field "${first}.${second}"`, `did you mean "${first}.${inner}"?`);
  }
}

function slip(name: string, known: readonly string[]): string | undefined {
  return known.includes(name) ? undefined : nearest(name, known);
}
