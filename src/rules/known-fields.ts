import { nearest } from '../kernel/nearest.ts';
import type { Notes } from './notes.ts';
import type { Place } from './source.ts';

/** What is known of the members of an object; `open` ones have members that nobody can list. */
interface Shape {
  readonly members: Readonly<Record<string, Shape | null>>;
  readonly open?: true;
}

function closed(words: string, inner: Shape['members'] = {}): Shape {
  return { members: { ...Object.fromEntries(words.split(/\s+/).map((word) => [word, null])), ...inner } };
}

const SESSION_ISSUER = closed('accountId arn principalId type userName');

/** Source: AWS CloudTrail user guide, "CloudTrail userIdentity element". */
const USER_IDENTITY = closed(
  'accessKeyId accountId arn credentialId identityProvider invokedBy principalId type userName',
  {
    inScopeOf: closed('credentialsIssuedTo issuerType sourceAccount sourceArn'),
    invokedByDelegate: closed('accountId'),
    onBehalfOf: closed('identityStoreArn userId'),
    sessionContext: closed('assumedRoot ec2IssuedInVpc ec2RoleDelivery signInSessionArn sourceIdentity', {
      attributes: closed('creationDate mfaAuthenticated'),
      sessionIssuer: SESSION_ISSUER,
      webIdFederationData: { ...closed('attributes federatedProvider'), open: true },
    }),
  },
);

/**
 * A record. What services put into a call's parameters and response is theirs, but for what is in every sign-in.
 * Sources: AWS CloudTrail user guide, "CloudTrail record contents" and "AWS Management Console sign-in events".
 */
const RECORD = closed(
  `addendum apiVersion awsRegion edgeDeviceDetails errorCode errorMessage eventCategory eventContext eventID eventName
   eventSource eventTime eventType eventVersion managementEvent readOnly recipientAccountId requestID requestParameters
   serviceEventDetails sessionCredentialFromConsole sharedEventID sourceIPAddress userAgent vpcEndpointAccountId
   vpcEndpointId`,
  {
    additionalEventData: {
      ...closed('LoginTo MFAIdentifier MFAUsed MobileVersion SamlProviderArn'),
      open: true,
    },
    insightDetails: closed('errorCode eventName eventSource insightContext insightType state'),
    resources: closed('ARN ARNPrefix accountId type'),
    responseElements: { ...closed('ConsoleLogin'), open: true },
    tlsDetails: closed('cipherSuite clientProvidedHostHeader tlsVersion'),
    userIdentity: USER_IDENTITY,
  },
);

/** Field names mind case: a name that is nearly one of CloudTrail's is probably a slip. */
export function warnOfMisspelling(path: string, at: Place, notes: Notes): void {
  let shape: Shape | null | undefined = RECORD;
  let before = '';
  for (const name of path.split('.')) {
    if (!shape) return;
    if (!Object.hasOwn(shape.members, name)) {
      const meant = slip(name, shape);
      if (meant === undefined) return;
      notes.warn(at, `CloudTrail has no field "${before}${name}"`, `did you mean "${before}${meant}"?`);
      return;
    }
    shape = shape.members[name];
    before += `${name}.`;
  }
}

/** In an open object only the case of a name can be wrong for sure. */
function slip(name: string, { members, open }: Shape): string | undefined {
  const known = Object.keys(members);
  if (!open) return nearest(name, known);
  return known.find((one) => one.toLowerCase() === name.toLowerCase());
}
