/** What is called in the benchmarks: the names that fill a trail, and those that are seldom seen. */
export interface Call {
  readonly source: string;
  readonly name: string;
}

/** 191 event names of 34 services: nearly all that common workloads leave in a trail. */
const COMMON: Readonly<Record<string, string>> = {
  s3: 'GetObject PutObject ListObjects HeadObject GetBucketAcl GetBucketLocation ListBuckets DeleteObject GetBucketPolicy GetBucketEncryption PutBucketPolicy CreateBucket',
  sts: 'AssumeRole GetCallerIdentity AssumeRoleWithWebIdentity AssumeRoleWithSAML GetSessionToken',
  kms: 'Decrypt GenerateDataKey Encrypt DescribeKey CreateGrant ListAliases ListKeys GetKeyPolicy GenerateDataKeyWithoutPlaintext',
  ec2: 'DescribeInstances DescribeSecurityGroups DescribeVolumes DescribeSubnets DescribeVpcs DescribeRegions DescribeNetworkInterfaces DescribeTags DescribeInstanceStatus RunInstances TerminateInstances CreateTags DescribeImages DescribeSnapshots DescribeAddresses AuthorizeSecurityGroupIngress CreateNetworkInterface DeleteNetworkInterface StopInstances',
  iam: 'ListRoles GetRole ListUsers GetUser ListAttachedRolePolicies GetPolicyVersion ListAccessKeys CreateAccessKey PassRole ListPolicies CreateRole AttachRolePolicy PutRolePolicy CreateUser',
  logs: 'CreateLogStream PutLogEvents DescribeLogStreams DescribeLogGroups CreateLogGroup FilterLogEvents',
  monitoring: 'PutMetricData GetMetricData DescribeAlarms ListMetrics',
  lambda:
    'Invoke ListFunctions20150331 GetFunction20150331v2 UpdateFunctionCode20150331v2 GetPolicy20150331v2 ListTags20170331',
  dynamodb: 'DescribeTable GetItem PutItem Query ListTables UpdateItem DescribeContinuousBackups',
  secretsmanager: 'GetSecretValue DescribeSecret ListSecrets PutSecretValue',
  ssm: 'GetParameter GetParameters UpdateInstanceInformation DescribeInstanceInformation GetParametersByPath ListAssociations SendCommand',
  ecr: 'GetAuthorizationToken BatchGetImage GetDownloadUrlForLayer DescribeRepositories BatchCheckLayerAvailability',
  ecs: 'DescribeTasks DescribeServices ListTasks RunTask DescribeClusters UpdateService RegisterTaskDefinition',
  eks: 'DescribeCluster ListClusters DescribeNodegroup ListNodegroups AccessKubernetesApi',
  rds: 'DescribeDBInstances DescribeDBClusters DescribeDBSnapshots ListTagsForResource CreateDBSnapshot',
  elasticloadbalancing:
    'DescribeLoadBalancers DescribeTargetHealth DescribeTargetGroups DescribeListeners RegisterTargets DeregisterTargets',
  autoscaling:
    'DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeScalingActivities UpdateAutoScalingGroup SetDesiredCapacity',
  cloudformation:
    'DescribeStacks DescribeStackEvents ListStacks DescribeStackResources GetTemplate CreateStack',
  cloudtrail: 'LookupEvents DescribeTrails GetTrailStatus GetEventSelectors ListTags',
  config:
    'PutEvaluations DescribeConfigRules GetComplianceDetailsByConfigRule DescribeConfigurationRecorders BatchGetResourceConfig',
  sqs: 'ReceiveMessage SendMessage GetQueueAttributes ListQueues DeleteMessage',
  sns: 'Publish GetTopicAttributes ListTopics ListSubscriptionsByTopic',
  signin: 'ConsoleLogin SwitchRole CheckMfa',
  sso: 'ListApplications GetRoleCredentials ListAccounts Federate',
  organizations: 'DescribeOrganization ListAccounts DescribeAccount',
  guardduty: 'ListDetectors GetDetector ListFindings GetFindings',
  securityhub: 'BatchImportFindings GetFindings DescribeHub',
  route53: 'ListHostedZones ListResourceRecordSets ChangeResourceRecordSets GetHostedZone',
  cloudfront: 'ListDistributions GetDistribution CreateInvalidation',
  apigateway: 'GetRestApis GetResources GetStages',
  athena: 'StartQueryExecution GetQueryExecution GetQueryResults',
  glue: 'GetTable GetDatabase GetPartitions GetTables',
  tagging: 'GetResources GetTagKeys GetTagValues',
  codebuild: 'BatchGetBuilds StartBuild ListProjects',
};

const RARE_VERBS = 'Create Delete Update Put Attach Detach Disable Enable Modify Reset Stop Tag'.split(' ');
const RARE_NOUNS = 'Endpoint Policy Alias Snapshot Connection Group Domain Profile Registry Schedule'.split(
  ' ',
);

/** In the order of the services above, mixed so that no service has all the busy ones. */
export const COMMON_CALLS: readonly Call[] = interleaved(
  Object.entries(COMMON).map(([service, names]) =>
    names.split(' ').map((name) => ({ source: `${service}.amazonaws.com`, name })),
  ),
);

/** Twelve a service. */
export const RARE_CALLS: readonly Call[] = Object.keys(COMMON).flatMap((service, index) =>
  RARE_VERBS.map((verb, at) => ({
    source: `${service}.amazonaws.com`,
    name: `${verb}${RARE_NOUNS[(index + at) % RARE_NOUNS.length]}`,
  })),
);

export function callsOf(source: string): Call[] {
  return [...COMMON_CALLS, ...RARE_CALLS].filter((call) => call.source === source);
}

function interleaved(rows: readonly (readonly Call[])[]): Call[] {
  const longest = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: longest }, (_, column) =>
    rows.flatMap((row) => row.slice(column, column + 1)),
  ).flat();
}
