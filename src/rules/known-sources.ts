import { nearMiss } from './near-miss.ts';

/** Event sources of services. Source: endpoints of the AWS service models, and the CloudTrail user guide. */
const SERVICES = `
access-analyzer account acm acm-pca aco-automation agreement-marketplace aidevops aiops airflow
airflow-serverless amplify amplifybackend amplifyuibuilder aoss apigateway app-integrations appconfig
appconfigdata appfabric appflow application-autoscaling application-cost-profiler application-signals
applicationinsights appmesh apprunner appstream2 appsync aps arc-region-switch arc-zonal-shift artifact
athena auditmanager autoscaling autoscaling-plans aws-marketplace b2bi backup backup-gateway backup-search
batch bcm-dashboards bcm-data-exports bcm-pricing-calculator bcm-recommended-actions bedrock bedrock-agent
bedrock-agent-runtime bedrock-agentcore bedrock-agentcore-control bedrock-data-automation
bedrock-data-automation-runtime bedrock-runtime billing billingconductor billingconsole braket budgets
cases cassandra cassandra-streams ce chatbot chime cleanrooms cleanrooms-ml cloud9 cloudcontrolapi
clouddirectory cloudformation cloudfront cloudfront-keyvaluestore cloudhsm cloudhsmv2 cloudsearch
cloudsearchdomain cloudshell cloudtrail cloudtrail-data codeartifact codebuild codecatalyst codecommit
codeconnections codedeploy codeguru-profiler codeguru-reviewer codeguru-security codepipeline
codestar-connections codestar-notifications codewhisperer cognito-identity cognito-idp cognito-sync
comprehend comprehendmedical compute-optimizer config connect connect-campaigns contact-lens
controlcatalog controltower cost-optimization-hub cur data-signer databrew dataexchange datapipeline
datasync datazone dax deadline deployment-marketplace detective devicefarm devops-guru directconnect
discovery discovery-marketplace dlm dms docdb-elastic drs ds ds-data dsql dynamodb ebs ec2
ec2-instance-connect ec2messages ecr ecr-public ecs eks eks-auth elasticache elasticbeanstalk
elasticfilesystem elasticloadbalancing elasticmapreduce elemental-inference emr-containers emr-serverless
entityresolution es events evs execute-api finspace finspace-api firehose fis fms forecast forecastquery
frauddetector freetier fsx gamelift gameliftstreams geo geo-maps geo-places geo-routes glacier
globalaccelerator glue grafana greengrass groundstation guardduty health health-agent healthlake iam
identity-chime identitystore imagebuilder importexport inspector inspector-scan inspector2 interconnect
internetmonitor invoicing iot iotevents iotfleetwise iotsitewise iotthingsgraph iottwinmaker ivs ivschat
ivsrealtime kafka kafkaconnect kendra kendra-ranking kinesis kinesisanalytics kinesisvideo kms
lakeformation lambda launchwizard lex license-manager license-manager-linux-subscriptions
license-manager-user-subscriptions lightsail logs lookoutequipment m2 machinelearning macie2 mail-manager
managedblockchain managedblockchain-query marketplacecommerceanalytics media-pipelines-chime mediaconnect
mediaconvert medialive mediapackage mediapackage-vod mediapackagev2 mediastore mediatailor medical-imaging
meetings-chime memory-db messaging-chime mgh mgn migrationhub-config migrationhub-orchestrator
migrationhub-strategy models-v2-lex monitoring mpa mq mturk-requester neptune-db neptune-graph
network-firewall networkflowmonitor networkmanager networkmonitor notifications notifications-contacts
nova-act oam observabilityadmin odb oidc omics organizations osis outposts panorama partnercentral-account
partnercentral-benefits partnercentral-channel partnercentral-selling payments pca-connector-ad
pca-connector-scep pcs personalize personalize-events personalize-runtime pi pinpoint pipes polly pricing
profile proton q qbusiness quicksight ram rbin rds rds-data redshift redshift-data redshift-serverless
refactor-spaces rekognition reporting-marketplace repostspace resiliencehub resource-explorer-2
resource-groups rolesanywhere route53 route53-recovery-cluster route53-recovery-control-config
route53-recovery-readiness route53domains route53globalresolver route53profiles route53resolver rtbfabric
rum runtime-v2-lex s3 s3-control s3-object-lambda s3-outposts s3express s3files s3tables s3vectors
sagemaker sagemaker-geospatial savingsplans scheduler schemas scn sdb secretsmanager security-ir
securityagent securityhub securitylake serverlessrepo servicecatalog servicecatalog-appregistry
servicediscovery servicequotas ses shield signer signin simspaceweaver sms-voice snow-device-management
snowball sns social-messaging sqs ssm ssm-contacts ssm-guiconnect ssm-incidents ssm-quicksetup ssm-sap
ssmmessages sso sso-directory sso-oauth states storagegateway sts support supportapp sustainability swf
synthetics tagging tax textract thinclient timestream-influxdb tnb transcribe transfer translate
trustedadvisor uxc verifiedpermissions voice-chime voiceid vpc-lattice waf waf-regional wafv2
wellarchitected wisdom workdocs workmail workmailmessageflow workspaces workspaces-instances
workspaces-web xray`;

/** What people call a service whose event source is called otherwise. */
const CALLED: Readonly<Record<string, string>> = {
  cloudwatch: 'monitoring',
  cloudwatchlogs: 'logs',
  efs: 'elasticfilesystem',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  eventbridge: 'events',
  opensearch: 'es',
  stepfunctions: 'states',
};

const SUFFIX = '.amazonaws.com';
/** What people write in its place: parts of it, and names of other things at AWS. */
const NO_SUFFIX = /^(?:|\.aws|\.amazon|\.amazonaws|\.amazon\.com|\.aws\.com|\.aws\.amazon\.com)$/;
const KNOWN: ReadonlySet<string> = new Set(SERVICES.trim().split(/\s+/));
const LONG = 6;

/** The event source that was probably meant by a text that is none; `undefined` when there is nothing to say. */
export function meantSource(folded: string): string | undefined {
  // EventBridge's own name of the service: aws.iam.
  const [, service = '', suffix = ''] = /^(?:aws\.)?([^.]*)(.*)$/s.exec(folded) ?? [];
  if (suffix !== SUFFIX && !NO_SUFFIX.test(suffix) && nearMiss(suffix, SUFFIX) === undefined)
    return undefined;
  const meant = meantService(service);
  return meant === undefined || meant + SUFFIX === folded ? undefined : meant + SUFFIX;
}

function meantService(service: string): string | undefined {
  if (KNOWN.has(service)) return service;
  if (Object.hasOwn(CALLED, service)) return CALLED[service];
  if (service.length < LONG) return withoutDoubled(service);
  for (const known of KNOWN) {
    if (known.length >= LONG && nearMiss(service, known) === 'slip') return known;
  }
  return undefined;
}

/** Short names are so near to each other that nothing but a doubled sign is surely a slip. */
function withoutDoubled(service: string): string | undefined {
  const at = Array.from(service).findIndex((sign, index) => sign === service[index + 1]);
  const single = service.slice(0, at) + service.slice(at + 1);
  return at >= 0 && KNOWN.has(single) ? single : undefined;
}
