import { type Millis, parseInstant } from '../kernel/time.ts';

/**
 * What the name of a file says that a trail wrote.
 * Source: AWS CloudTrail user guide, "Getting and viewing your CloudTrail log files".
 */
export interface TrailFileName {
  /** Everything before the account's folder, with a slash at the end. */
  readonly root: string;
  /** Twelve digits: where the events happened. */
  readonly account: string;
  /** `CloudTrail`, `CloudTrail-Insight`, `CloudTrail-NetworkActivity`, `CloudTrail-Digest`, … */
  readonly folder: string;
  readonly region: string;
  /** When it was delivered, to the minute. What happened in it may be older. */
  readonly at: Millis;
}

const FORM =
  /^((?:.*\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?)(\d{12})\/(CloudTrail(?:-\w+)?)\/([\w-]+)\/\d{4}\/\d\d\/\d\d\/[^/]*?_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:\d\d)?Z(?:_[^/]*)?\.json(?:\.gz)?$/s;

/** `undefined` when no trail gives files such a name. */
export function readFileName(key: string): TrailFileName | undefined {
  const [, root, account, folder, region, ...stamp] = FORM.exec(key) ?? [];
  if (root === undefined || account === undefined || folder === undefined || region === undefined)
    return undefined;
  const [year, month, day, hour, minute] = stamp;
  const at = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  return at === undefined ? undefined : { root, account, folder, region, at };
}

/** Folders of trails that hold no events: signed lists of files, and sums of events. */
const WITHOUT_EVENTS: ReadonlySet<string> = new Set(['CloudTrail-Digest', 'CloudTrail-Aggregated']);

/** Whether there are events in it. */
export function hasEvents({ folder }: Pick<TrailFileName, 'folder'>): boolean {
  return !WITHOUT_EVENTS.has(folder);
}

/** The folder of that account, kind and region, with a slash at the end. */
export function regionFolder({ root, account, folder, region }: TrailFileName): string {
  return `${root}${account}/${folder}/${region}/`;
}

/** What all keys begin with that were delivered on that day or later, and none before: the folder of the day. */
export function dayFolder(name: TrailFileName, day: string): string {
  return `${regionFolder(name)}${day.replaceAll('-', '/')}`;
}
