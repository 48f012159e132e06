import { isObject, type Json, type JsonObject, objectOf, textOf } from '../../../src/kernel/json.ts';

/** A thing that an event is about, as `LookupEvents` lists it. */
export interface Resource {
  readonly ResourceType?: string;
  readonly ResourceName: string;
}

/** Members of requests and responses that name a thing, with the type that AWS Config has for it. */
const MEMBERS: Readonly<Record<string, string>> = {
  accessKeyId: 'AWS::IAM::AccessKey',
  allocationId: 'AWS::EC2::EIP',
  bucketName: 'AWS::S3::Bucket',
  clusterName: 'AWS::ECS::Cluster',
  dBInstanceIdentifier: 'AWS::RDS::DBInstance',
  dBSnapshotIdentifier: 'AWS::RDS::DBSnapshot',
  functionName: 'AWS::Lambda::Function',
  groupId: 'AWS::EC2::SecurityGroup',
  groupName: 'AWS::IAM::Group',
  imageId: 'AWS::EC2::Ami',
  instanceId: 'AWS::EC2::Instance',
  instanceProfileName: 'AWS::IAM::InstanceProfile',
  keyId: 'AWS::KMS::Key',
  keyName: 'AWS::EC2::KeyPair',
  networkInterfaceId: 'AWS::EC2::NetworkInterface',
  policyArn: 'AWS::IAM::Policy',
  policyName: 'AWS::IAM::Policy',
  roleArn: 'AWS::IAM::Role',
  roleName: 'AWS::IAM::Role',
  secretId: 'AWS::SecretsManager::Secret',
  snapshotId: 'AWS::EC2::Snapshot',
  subnetId: 'AWS::EC2::Subnet',
  trailName: 'AWS::CloudTrail::Trail',
  userName: 'AWS::IAM::User',
  volumeId: 'AWS::EC2::Volume',
  vpcId: 'AWS::EC2::VPC',
};

/** `name` and `arn` say what they are only together with the service. */
const NAMED: Readonly<Record<string, string>> = {
  'cloudtrail.amazonaws.com': 'AWS::CloudTrail::Trail',
  'sns.amazonaws.com': 'AWS::SNS::Topic',
  'secretsmanager.amazonaws.com': 'AWS::SecretsManager::Secret',
};

/** What `LookupEvents` lists as the resources of an event. */
export function resourcesOf(record: JsonObject): Resource[] {
  const found: Resource[] = [];
  const add = (type: string | undefined, name: string | undefined): void => {
    if (name === undefined || name === '' || found.some((one) => one.ResourceName === name)) return;
    found.push(type === undefined ? { ResourceName: name } : { ResourceType: type, ResourceName: name });
  };
  const request = objectOf(record, 'requestParameters') ?? {};
  const response = objectOf(record, 'responseElements') ?? {};
  if (textOf(record, 'eventSource') === 'sts.amazonaws.com') addIssued(request, response, add);
  else for (const body of [request, response]) addMembers(body, textOf(record, 'eventSource') ?? '', add);
  for (const entry of Array.isArray(record.resources) ? record.resources : []) {
    if (isObject(entry)) add(textOf(entry, 'type'), textOf(entry, 'ARN'));
  }
  return found;
}

type Add = (type: string | undefined, name: string | undefined) => void;

/** The issued key, the session by ARN, by id and by name, and the role: in this order in captured events. */
function addIssued(request: JsonObject, response: JsonObject, add: Add): void {
  add('AWS::IAM::AccessKey', textOf(objectOf(response, 'credentials') ?? {}, 'accessKeyId'));
  const session = objectOf(response, 'assumedRoleUser') ?? {};
  const id = textOf(session, 'assumedRoleId');
  add('AWS::STS::AssumedRole', textOf(session, 'arn'));
  add('AWS::STS::AssumedRole', id);
  add('AWS::STS::AssumedRole', id?.slice(id.indexOf(':') + 1));
  add('AWS::IAM::Role', textOf(request, 'roleArn'));
}

function addMembers(body: Json, source: string, add: Add): void {
  if (Array.isArray(body)) for (const entry of body) addMembers(entry, source, add);
  if (!isObject(body)) return;
  for (const [member, value] of Object.entries(body)) {
    if (typeof value === 'string') {
      const type = member === 'name' || member === 'arn' ? NAMED[source] : MEMBERS[member];
      if (type !== undefined) add(type, value);
    } else {
      addMembers(value, source, add);
    }
  }
}

/** What `LookupEvents` has as the user's name; nothing for services. */
export function usernameOf(record: JsonObject): string | undefined {
  const identity = objectOf(record, 'userIdentity') ?? {};
  const arn = textOf(identity, 'arn') ?? '';
  switch (textOf(identity, 'type')) {
    case 'Root':
      return 'root';
    case 'AssumedRole':
      return sessionIn(identity);
    case 'FederatedUser':
      return arn.split('federated-user/')[1];
    case 'IAMUser':
    case 'SAMLUser':
    case 'WebIdentityUser':
    case 'Directory':
      return textOf(identity, 'userName');
    default:
      return undefined;
  }
}

function sessionIn(identity: JsonObject): string | undefined {
  const id = textOf(identity, 'principalId') ?? '';
  return id.includes(':') ? id.slice(id.indexOf(':') + 1) : undefined;
}
