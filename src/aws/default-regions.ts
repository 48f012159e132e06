/**
 * Regions that every account has unless it was told otherwise.
 * Source: AWS Account Management reference, "Regions that are enabled by default".
 */
const DEFAULT_REGIONS: Readonly<Record<string, readonly string[]>> = {
  aws: [
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
    'ca-central-1',
    'sa-east-1',
    'eu-central-1',
    'eu-north-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

const EVERYWHERE = new Set(Object.values(DEFAULT_REGIONS).flat());

/** The default regions of a partition; none for a partition that is not known. */
export function defaultRegions(partition: string): readonly string[] {
  return DEFAULT_REGIONS[partition] ?? [];
}

/** Whether the region is on in every account, so that it cannot be the reason of a refusal. */
export function isDefaultRegion(region: string): boolean {
  return EVERYWHERE.has(region);
}
