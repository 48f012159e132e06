import { globalRegionOf, partitionOf } from './arn.ts';
import type { CloudTrailRecord } from './record.ts';

/** Source: console addresses in the AWS documentation of each partition; others have none that is known. */
const DOMAINS: ReadonlyMap<string, string> = new Map([
  ['aws', 'console.aws.amazon.com'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
  ['aws-cn', 'console.amazonaws.cn'],
]);

/** The console of one region. */
export interface Console {
  readonly partition: string;
  readonly region: string;
  /** Where the partition's global services (IAM) are looked at. */
  readonly home: string;
  /** `console.aws.amazon.com`. */
  readonly domain: string;
}

/** `undefined` for other partitions, and for what is no region. */
export function consoleOf(region: string): Console | undefined {
  const partition = partitionOf(region);
  const domain = DOMAINS.get(partition ?? '');
  if (partition === undefined || domain === undefined) return undefined;
  return { partition, region, domain, home: globalRegionOf(region) };
}

/** CloudTrail's event history shows management events only. */
const NOT_IN_HISTORY: readonly unknown[] = ['Data', 'NetworkActivity', 'Insight', 'Trailbot'];

/**
 * The event in the AWS console of its account, good for 90 days from some minutes after the event.
 * `undefined` where no such page is known: other partitions, no real region, no event id, data events.
 */
export function eventUrl(record: CloudTrailRecord): string | undefined {
  const found = consoleOf(record.region);
  if (found === undefined || record.eventId.startsWith('sha256:')) return undefined;
  if (NOT_IN_HISTORY.includes(record.body.eventCategory) || record.body.managementEvent === false) {
    return undefined;
  }
  const region = encode(record.region);
  return `https://${region}.${found.domain}/cloudtrailv2/home?region=${region}#/events/${encode(record.eventId)}`;
}

/** One value of an address, whatever it says. */
export function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** IAM Identity Center's access portal, and the permission set that links open the console with. */
export interface Portal {
  /** `https://acme.awsapps.com/start`, with whatever follows the host in the partition, without a slash at its end. */
  readonly startUrl: string;
  readonly role?: string | undefined;
}

/**
 * A page of the console, opened in its account through the access portal where that can: a portal knows the accounts
 * of its own partition alone. Source: IAM Identity Center user guide, "Create shortcut links".
 */
export function throughPortal(
  url: string,
  account: string,
  region: string,
  portal: Portal | undefined,
): string {
  if (!portal || !/^\d{12}$/.test(account)) return url;
  if (partitionOfPortal(portal.startUrl) !== partitionOf(region)) return url;
  const role = portal.role === undefined ? '' : `&role_name=${encode(portal.role)}`;
  return `${portal.startUrl}/#/console?account_id=${account}${role}&destination=${encode(url)}`;
}

function partitionOfPortal(startUrl: string): string {
  const host = URL.canParse(startUrl) ? new URL(startUrl).hostname : '';
  if (host.endsWith('.cn')) return 'aws-cn';
  return /(^|\.)us-gov-/.test(host) ? 'aws-us-gov' : 'aws';
}
