import { AccountClient } from '@aws-sdk/client-account';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { partitionOf } from '../cloudtrail/arn.ts';
import { type Millis, SECOND } from '../kernel/time.ts';
import type { Place } from '../work/cloud-history.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Asked before each request; remembers and renews by itself. */
export type CredentialSource = () => Promise<Credentials>;

/** The SDK's clients, each made when first needed and then kept: one for each place, so that none waits for another's sockets. */
export interface Clients {
  cloudTrail(place: Place, credentials: CredentialSource): CloudTrailClient;
  iam(account: string, partition: string, credentials: CredentialSource): IAMClient;
  eventBridge(place: Place, credentials: CredentialSource): EventBridgeClient;
  sqs(place: Place, credentials: CredentialSource): SQSClient;
  /** Follows a bucket to the region that it is in. */
  s3(place: Place, credentials: CredentialSource): S3Client;
  organizations(account: string, partition: string, credentials: CredentialSource): OrganizationsClient;
  account(account: string, partition: string, credentials: CredentialSource): AccountClient;
  /** For the bot's own credentials. */
  sts(credentials: CredentialSource): Promise<STSClient>;
  close(): void;
}

const REQUEST_TIMEOUT: Millis = 10 * SECOND;
/** SQS waits up to 20 s for a message. */
const LONG_POLL: Millis = 30 * SECOND;
const FILE_TIMEOUT: Millis = 60 * SECOND;
const CONNECTION_TIMEOUT: Millis = 3 * SECOND;

const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Where services that know no regions are signed for. Source: AWS General Reference, "IAM endpoints and quotas". */
const GLOBAL_REGIONS: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** `endpoint` takes the place of every service's own address; `hint` is a region of the partition in use. */
export function createClients(endpoint: string | undefined, hint: string | undefined): Clients {
  const kept = new Map<string, { destroy(): void }>();

  function settings(region: string, credentials: CredentialSource, requestTimeout = REQUEST_TIMEOUT) {
    return {
      region,
      // Without the mark the SDK would keep a copy of its own in each client, and judge its age by another clock.
      credentials: Object.assign(() => credentials(), { memoized: true }),
      ...(endpoint === undefined ? {} : { endpoint }),
      // Tries again are made here, in turn with everybody else at the place.
      maxAttempts: 1,
      requestHandler: {
        requestTimeout,
        connectionTimeout: CONNECTION_TIMEOUT,
        throwOnRequestTimeout: true,
      },
      customUserAgent: 'trailbot',
    };
  }

  function keep<Client extends { destroy(): void }>(key: string, make: () => Client): Client {
    const client = (kept.get(key) as Client | undefined) ?? make();
    kept.set(key, client);
    return client;
  }

  return {
    cloudTrail: ({ account, region }, credentials) =>
      keep(`cloudtrail|${account}|${region}`, () => new CloudTrailClient(settings(region, credentials))),
    iam: (account, partition, credentials) =>
      keep(`iam|${account}`, () => new IAMClient(settings(globalRegion(partition), credentials))),
    eventBridge: ({ account, region }, credentials) =>
      keep(`events|${account}|${region}`, () => new EventBridgeClient(settings(region, credentials))),
    sqs: ({ account, region }, credentials) =>
      keep(
        `sqs|${account}|${region}`,
        // It would warn on the console of each request to a queue behind a VPC endpoint.
        () => new SQSClient({ ...settings(region, credentials, LONG_POLL), logger: SILENT }),
      ),
    s3: ({ account, region }, credentials) =>
      keep(
        `s3|${account}|${region}`,
        () =>
          new S3Client({
            ...settings(region, credentials, FILE_TIMEOUT),
            followRegionRedirects: true,
            forcePathStyle: endpoint !== undefined,
          }),
      ),
    organizations: (account, partition, credentials) =>
      keep(
        `organizations|${account}`,
        () => new OrganizationsClient(settings(globalRegion(partition), credentials)),
      ),
    account: (account, partition, credentials) =>
      keep(`account|${account}`, () => new AccountClient(settings(globalRegion(partition), credentials))),
    async sts(credentials) {
      const region = await homeRegion(hint);
      return keep('sts', () => new STSClient(settings(region, credentials)));
    },
    close() {
      for (const client of kept.values()) client.destroy();
      kept.clear();
    },
  };
}

function globalRegion(partition: string): string {
  return GLOBAL_REGIONS[partition] ?? 'us-east-1';
}

/** The region that the SDK finds in environment and profile; else one where every account of the partition is at home. */
async function homeRegion(hint: string | undefined): Promise<string> {
  const probe = new STSClient({});
  try {
    return await probe.config.region();
  } catch {
    return globalRegion(partitionOf(hint ?? '') ?? 'aws');
  } finally {
    probe.destroy();
  }
}

/** Hears the header `Date` of each answer, refusals too. Source: RFC 9110, section 6.6.1. */
export function hearDates({ middlewareStack }: STSClient, hear: (date: string | undefined) => void): void {
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (typeof response === 'object' && response !== null && 'headers' in response) {
        hear((response.headers as Readonly<Record<string, string>>).date);
      }
      return result;
    },
    // Nearest to the wire: what is further out sees no answer when AWS refuses.
    { step: 'deserialize', priority: 'low', name: 'trailbotHearDates' },
  );
}
