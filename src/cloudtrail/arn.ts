/** An Amazon Resource Name in its parts; `resource` keeps every further colon and slash. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** `undefined` when the text is no ARN. */
export function parseArn(text: string | undefined): Arn | undefined {
  const [, partition, service, region, account, resource] =
    /^arn:([^:]*):([^:]*):([^:]*):([^:]*):([\s\S]*)$/.exec(text ?? '') ?? [];
  if (partition === undefined || service === undefined || region === undefined) return undefined;
  return account === undefined || !resource ? undefined : { partition, service, region, account, resource };
}

/** The partition that a region belongs to, as its name tells: `aws`, `aws-cn`, `aws-us-gov`; else `undefined`. */
export function partitionOf(region: string): string | undefined {
  if (/^us-gov-(?:east|west)-\d$/.test(region)) return 'aws-us-gov';
  if (/^cn-(?:north|south|east|west)+-\d$/.test(region)) return 'aws-cn';
  return /^[a-z]{2}-(?:north|south|east|west|central)+-\d$/.test(region) ? 'aws' : undefined;
}

const GLOBAL_REGIONS: ReadonlyMap<string, string> = new Map([
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
]);

/**
 * Where the events of IAM and of other global services are recorded, in the partition that a region belongs to.
 * Source: AWS CloudTrail user guide, "About global service events"; the partitions' own guides.
 */
export function globalRegionOf(region: string | undefined): string {
  return GLOBAL_REGIONS.get(partitionOf(region ?? '') ?? '') ?? 'us-east-1';
}
