import type { JsonObject } from '../../kernel/json.ts';
import type { Random } from '../../kernel/random.ts';
import { type Millis, sayInstant } from '../../kernel/time.ts';

/** All samples play in one account, in one region; IAM and sign-in are logged in us-east-1 as ever. */
export const ACCOUNT = '111122223333';
export const HOME = 'eu-west-1';
const GLOBAL = 'us-east-1';
const GLOBAL_SERVICES = ['iam', 'signin', 'organizations'];

/** One call as a sample tells it; what it leaves out is as usual. */
export interface Call {
  /** How long before the end of the story. */
  readonly ago: Millis;
  /** `iam`, `s3`: the event source without its domain. */
  readonly service: string;
  readonly name: string;
  readonly who: JsonObject;
  readonly from: string;
  readonly agent: string;
  /** Calls that change something say so. */
  readonly writes?: true;
  readonly request?: JsonObject;
  readonly response?: JsonObject;
  readonly denied?: { readonly code: string; readonly message: string };
  /** Further top-level members of the record, or other values for the usual ones. */
  readonly record?: JsonObject;
  readonly detailType?: string;
}

/** The calls as EventBridge would post them, in the order of their times, the last one just before `now`. */
export function tell(calls: readonly Call[], now: Millis, random: Random): JsonObject[] {
  return calls.toSorted((a, b) => b.ago - a.ago).map((call) => envelopeOf(call, now, random));
}

function envelopeOf(call: Call, now: Millis, random: Random): JsonObject {
  const detail = recordOf(call, now, random);
  return {
    version: '0',
    id: random.id(),
    'detail-type': call.detailType ?? 'AWS API Call via CloudTrail',
    source: `aws.${call.service}`,
    account: ACCOUNT,
    time: detail.eventTime ?? '',
    region: detail.awsRegion ?? '',
    resources: [],
    detail,
  };
}

function recordOf(call: Call, now: Millis, random: Random): JsonObject {
  const region = GLOBAL_SERVICES.includes(call.service) ? GLOBAL : HOME;
  const { denied } = call;
  return {
    eventVersion: '1.11',
    userIdentity: call.who,
    eventTime: sayInstant(now - call.ago).replace(/\.\d+Z$/, 'Z'),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.name,
    awsRegion: region,
    sourceIPAddress: call.from,
    userAgent: call.agent,
    ...(denied && { errorCode: denied.code, errorMessage: denied.message }),
    requestParameters: call.request ?? null,
    responseElements: call.response ?? null,
    requestID: random.id(),
    eventID: random.id(),
    readOnly: call.writes !== true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...(/^\d/.test(call.from) && {
      tlsDetails: {
        tlsVersion: 'TLSv1.3',
        cipherSuite: 'TLS_AES_128_GCM_SHA256',
        clientProvidedHostHeader:
          call.service === 'iam' ? 'iam.amazonaws.com' : `${call.service}.${region}.amazonaws.com`,
      },
    }),
    ...call.record,
  };
}

/** A time as it stands inside `responseElements`: `Nov 20, 2026, 9:15:02 AM`. */
export function responseTime(at: Millis): string {
  const format = new Intl.DateTimeFormat('en-US', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
  });
  return format.format(at).replaceAll('\u202F', ' ');
}

/** An IAM user who calls with a long-term key. */
export function iamUser(name: string, accessKeyId: string, principalId: string): JsonObject {
  return {
    type: 'IAMUser',
    principalId,
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    accountId: ACCOUNT,
    accessKeyId,
    userName: name,
  };
}

/** A session of a role, begun an hour before the end of the story. */
export function session(role: string, name: string, now: Millis, path = ''): JsonObject {
  return {
    type: 'AssumedRole',
    principalId: `AROACKCEVSQ6C2EXAMPLE:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
    accountId: ACCOUNT,
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROACKCEVSQ6C2EXAMPLE',
        arn: `arn:aws:iam::${ACCOUNT}:role/${path}${role}`,
        accountId: ACCOUNT,
        userName: role,
      },
      attributes: {
        creationDate: sayInstant(now - 3_600_000).replace(/\.\d+Z$/, 'Z'),
        mfaAuthenticated: 'false',
      },
    },
  };
}

/** What IAM answers who may not: `errorMessage` as AWS words it. */
export function notAuthorized(arn: string, action: string): string {
  return `User: ${arn} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`;
}
