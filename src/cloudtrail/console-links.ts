import { consoleOf, eventUrl, type Portal, throughPortal } from './console.ts';
import { pageOf, type ThingKind } from './console-pages.ts';
import { thingOf } from './console-thing.ts';
import type { CloudTrailRecord } from './record.ts';

/** The pages of the AWS console about an event; each absent where none is known. */
export interface ConsoleLinks {
  readonly event?: string;
  /** The user, instance, bucket, … that it is about. */
  readonly thing?: { readonly kind: ThingKind; readonly url: string };
}

/** With the portal of IAM Identity Center they open in the right account; without, in the one signed in to. */
export function consoleLinks(record: CloudTrailRecord, portal: Portal | undefined): ConsoleLinks {
  const event = eventUrl(record);
  const thing = thingOf(record);
  const region = thing?.region ?? record.region;
  const found = consoleOf(region);
  const page = thing && found && pageOf(thing, found);
  return {
    ...(event === undefined ? {} : { event: throughPortal(event, record.account, record.region, portal) }),
    ...(thing && page !== undefined
      ? { thing: { kind: thing.kind, url: throughPortal(page, thing.account, region, portal) } }
      : {}),
  };
}
