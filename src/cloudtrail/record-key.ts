import { globalRegionOf, partitionOf } from './arn.ts';

/**
 * Services without regions, all of whose events are recorded in one. Trails of several regions may include them each,
 * and a copy may name another region. Sources: AWS CloudTrail user guide, "Global service events"; IAM user guide,
 * "Logging IAM and AWS STS API calls with AWS CloudTrail".
 */
const GLOBAL: ReadonlySet<string> = new Set([
  'cloudfront.amazonaws.com',
  'iam.amazonaws.com',
  'organizations.amazonaws.com',
  'route53.amazonaws.com',
]);

/** `account|region|eventID`: the same for all copies of an event. */
export function keyOf(account: string, region: string, eventSource: string, eventId: string): string {
  return `${account}|${placeOf(region, eventSource)}|${eventId}`;
}

/** Some sign-ins say "global" where others name the region. */
function placeOf(region: string, eventSource: string): string {
  const oneForAll = region === 'global' || (GLOBAL.has(eventSource) && partitionOf(region) !== undefined);
  return oneForAll ? globalRegionOf(region) : region;
}
