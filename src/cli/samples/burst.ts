import type { JsonObject } from '../../kernel/json.ts';
import type { Random } from '../../kernel/random.ts';
import { MINUTE, type Millis } from '../../kernel/time.ts';
import { ACCOUNT, type Call, notAuthorized, session, tell } from './scene.ts';

const CALLS = 200;
const LENGTH = 12 * MINUTE;
const ROLE = 'report-builder';
const SESSION = 'nightly-report';

/** What the session tries: `name` is the call in the log, `action` its name in IAM. */
const TRIED: readonly (readonly [service: string, name: string, action: string, code: string])[] = [
  ['iam', 'ListRoles', 'iam:ListRoles', 'AccessDenied'],
  ['iam', 'ListUsers', 'iam:ListUsers', 'AccessDenied'],
  ['s3', 'ListBuckets', 's3:ListAllMyBuckets', 'AccessDenied'],
  ['ec2', 'DescribeInstances', 'ec2:DescribeInstances', 'Client.UnauthorizedOperation'],
  ['ec2', 'DescribeSnapshots', 'ec2:DescribeSnapshots', 'Client.UnauthorizedOperation'],
  ['lambda', 'ListFunctions20150331', 'lambda:ListFunctions', 'AccessDeniedException'],
  ['dynamodb', 'ListTables', 'dynamodb:ListTables', 'AccessDeniedException'],
  ['secretsmanager', 'ListSecrets', 'secretsmanager:ListSecrets', 'AccessDeniedException'],
  ['kms', 'ListAliases', 'kms:ListAliases', 'AccessDeniedException'],
  ['rds', 'DescribeDBInstances', 'rds:DescribeDBInstances', 'AccessDenied'],
  ['ssm', 'DescribeParameters', 'ssm:DescribeParameters', 'AccessDeniedException'],
];

/** One session of a role asks nine services for what it may not see, 200 times in twelve minutes. */
export function burst(now: Millis, random: Random): JsonObject[] {
  const who = session(ROLE, SESSION, now);
  const calls = Array.from({ length: CALLS }, (_, index): Call => {
    // One after the other, a little unevenly.
    const step = (CALLS - 1 - index + random.fraction()) / CALLS;
    return { who, ago: Math.round(step * LENGTH), ...attempt(random) };
  });
  return tell(calls, now, random);
}

function attempt(random: Random): Omit<Call, 'who' | 'ago'> {
  const [service = '', name = '', action = '', code = ''] =
    TRIED[Math.floor(random.fraction() * TRIED.length)] ?? [];
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${ROLE}/${SESSION}`;
  const prefix = service === 'ec2' ? 'You are not authorized to perform this operation. ' : '';
  return {
    service,
    name,
    from: '203.0.113.150',
    agent: 'Boto3/1.35.63 md/Botocore#1.35.63 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.7',
    denied: { code, message: prefix + notAuthorized(arn, action) },
  };
}
