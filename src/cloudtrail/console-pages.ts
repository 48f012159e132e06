import { type Console, encode } from './console.ts';

/** What has a page of its own in the console. */
export type ThingKind =
  | 'user'
  | 'role'
  | 'policy'
  | 'instance'
  | 'security group'
  | 'volume'
  | 'image'
  | 'snapshot'
  | 'VPC'
  | 'subnet'
  | 'bucket'
  | 'KMS key'
  | 'function'
  | 'database'
  | 'table'
  | 'secret'
  | 'stack'
  | 'trail';

/** Something that an event is about, and where it lies. */
export interface Thing {
  readonly kind: ThingKind;
  /** As its page wants it: a name, an id, or an ARN (policy, stack, trail). */
  readonly id: string;
  readonly account: string;
  readonly region: string;
}

type Page = (id: string, console: Console) => string;

const inRegion =
  (path: string, place: string): Page =>
  (id, { region, domain }) =>
    `https://${region}.${domain}/${path}?region=${region}#${place}${encode(id)}`;

/** IAM has one page in the whole partition. */
const inIam =
  (place: string): Page =>
  (id, { home, domain }) =>
    `https://${home}.${domain}/iam/home?region=${home}#/${place}/details/${encode(id)}`;

function bucket(id: string, { partition, region, domain }: Console): string {
  const host = partition === 'aws' ? `s3.${domain}` : `${region}.${domain}`;
  return `https://${host}/s3/buckets/${encode(id)}?region=${region}`;
}

/** Addresses of pages as the console itself forms them. */
const PAGES: Readonly<Record<ThingKind, Page>> = {
  user: inIam('users'),
  role: inIam('roles'),
  policy: inIam('policies'),
  instance: inRegion('ec2/home', 'InstanceDetails:instanceId='),
  'security group': inRegion('ec2/home', 'SecurityGroup:groupId='),
  volume: inRegion('ec2/home', 'VolumeDetails:volumeId='),
  image: inRegion('ec2/home', 'ImageDetails:imageId='),
  snapshot: inRegion('ec2/home', 'SnapshotDetails:snapshotId='),
  VPC: inRegion('vpcconsole/home', 'VpcDetails:VpcId='),
  subnet: inRegion('vpcconsole/home', 'SubnetDetails:subnetId='),
  bucket,
  'KMS key': inRegion('kms/home', '/kms/keys/'),
  function: inRegion('lambda/home', '/functions/'),
  database: inRegion('rds/home', 'database:id='),
  table: inRegion('dynamodbv2/home', 'table?name='),
  secret: inRegion('secretsmanager/home', '/secret?name='),
  stack: inRegion('cloudformation/home', '/stacks/stackinfo?stackId='),
  trail: inRegion('cloudtrailv2/home', '/trails/'),
};

/** The thing's page in a console. */
export function pageOf({ kind, id }: Thing, console: Console): string {
  return PAGES[kind](id, console);
}
