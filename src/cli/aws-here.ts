import type { AwsStandIn } from '../app/cloud.ts';
import type { Terminal } from './terminal.ts';

/**
 * Another place than AWS that answers for it, as the variables of the SDK say it; `undefined` for AWS itself. Read
 * here because buckets at such a place have no host names of their own.
 */
export function awsHere({ env }: Pick<Terminal, 'env'>): AwsStandIn | undefined {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = env;
  if (!endpoint) return undefined;
  const { AWS_SESSION_TOKEN: token } = env;
  const credentials =
    id && secret
      ? { accessKeyId: id, secretAccessKey: secret, ...(token && { sessionToken: token }) }
      : undefined;
  return { endpoint, credentials };
}
