import { partitionOf } from './arn.ts';
import type { CloudTrailRecord } from './record.ts';

const CONSOLES: ReadonlyMap<string, string> = new Map([
  ['aws', 'console.aws.amazon.com'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
  ['aws-cn', 'console.amazonaws.cn'],
]);

/** CloudTrail's event history shows management events only. */
const NOT_IN_HISTORY: readonly unknown[] = ['Data', 'NetworkActivity', 'Insight'];

/**
 * The event in the AWS console of its account, good for 90 days from some minutes after the event.
 * `undefined` where no such page is known: other partitions, no real region, no event id, data events.
 */
export function eventUrl(record: CloudTrailRecord): string | undefined {
  const host = CONSOLES.get(partitionOf(record.region) ?? '');
  if (host === undefined || record.eventId.startsWith('sha256:')) return undefined;
  if (NOT_IN_HISTORY.includes(record.body.eventCategory) || record.body.managementEvent === false) {
    return undefined;
  }
  const region = encodeURIComponent(record.region);
  const event = encodeURIComponent(record.eventId.toWellFormed());
  return `https://${region}.${host}/cloudtrailv2/home?region=${region}#/events/${event}`;
}
