import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { namesIn } from '../../src/questions/names.ts';
import { walkBack } from '../../src/questions/provenance/provenance.ts';
import type { Found, Search } from '../../src/questions/provenance/provenance-search.ts';
import type { Trace } from '../../src/questions/trace.ts';
import {
  ago,
  asAccount,
  asFederated,
  asRole,
  asRoot,
  asSaml,
  asService,
  assumes,
  asUser,
  asWeb,
  daysAgo,
  HERE,
  NOW,
  signIn,
  THERE,
  takes,
  tell,
  tempKey,
  userKey,
  uses,
} from '../support/chains.ts';

/** Walks through records that all can be found, as far as an attribute, an account and a time find them. */
function walk(
  records: readonly CloudTrailRecord[],
  start: { keyId: string; seen?: readonly CloudTrailRecord[] },
): Trace {
  const { keyId, seen = [] } = start;
  const account = seen[0]?.actor.account ?? HERE;
  const steps = walkBack({ keyId, account, seen, now: NOW });
  let lookups = 0;
  let step = steps.next();
  while (!step.done) {
    lookups += 1;
    step = steps.next(findIn(records, step.value));
  }
  return { ...step.value, lookups };
}

function findIn(records: readonly CloudTrailRecord[], search: Search): Found {
  const { key, value } = search.attribute;
  const found = records.filter(
    (record) =>
      record.account === (search.account ?? record.account) &&
      record.account !== search.except &&
      record.eventTime >= search.from &&
      record.eventTime <= search.to &&
      (key === 'ResourceName'
        ? namesIn(record).some(({ name }) => name === value)
        : (key === 'EventName' ? record.eventName : record.accessKeyId) === value) &&
      search.wanted(record),
  );
  return { records: found, gaps: [] };
}

const A = tempKey(1);
const B = tempKey(2);
const C = tempKey(3);
const LONG = userKey(1);

const alice = asUser('alice', { key: LONG });
const FROM_CONSOLE = { sessionCredentialFromConsole: 'true' };

/** A call of a session of the role `deploy`, made with key A, which began 50 minutes ago. */
function deployed(session = 'ci', more = {}): CloudTrailRecord {
  return uses(asRole('deploy', session, { key: A, began: ago(50), more }), { at: ago(10) });
}

/** Walks back from a call that was signed with key A. */
function from(seen: CloudTrailRecord, ...records: CloudTrailRecord[]): Trace {
  return walk(records, { keyId: A, seen: [seen] });
}

describe('the way back from a key ends with', () => {
  it('the owner of a long-term key, at once', () => {
    const trace = walk([], { keyId: LONG, seen: [uses(alice, { at: ago(10) })] });
    expect(tell(trace)).toEqual([
      'Origin  IAM user alice of account 111122223333, with a long-term access key: there is nothing to walk back.',
    ]);
    expect(trace).toMatchObject({ lookups: 0, origin: { kind: 'user' } });
  });

  it('the owner of a long-term key that nothing was known of', () => {
    const trace = walk([uses(asRoot({ key: LONG }), { at: daysAgo(40) })], { keyId: LONG });
    expect(trace.origin).toEqual({
      kind: 'root',
      said: 'Root user of account 111122223333, with a long-term access key: there is nothing to walk back.',
    });
  });

  it('a person who signed in to the console', () => {
    const seen = uses(asUser('alice', { key: A, began: ago(100), mfa: true }), {
      at: ago(10),
      more: FROM_CONSOLE,
    });
    const failed = signIn('ConsoleLogin', asUser('alice'), {
      at: ago(100),
      response: { ConsoleLogin: 'Failure' },
      more: { errorMessage: 'Failed authentication', sourceIPAddress: '198.51.100.66' },
    });
    const other = signIn('ConsoleLogin', asUser('bob'), { at: ago(100) });
    const earlier = signIn('ConsoleLogin', asUser('alice'), { at: ago(400) });
    const login = signIn('ConsoleLogin', asUser('alice'), { at: ago(100), further: { MFAUsed: 'Yes' } });
    const trace = from(seen, earlier, other, failed, login);
    expect(tell(trace)).toEqual([
      '08:35:02  user alice signed in to the console, with MFA from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 us-east-1 · made ASIA#1',
      'Origin  IAM user alice of account 111122223333, signed in to the console with MFA from 192.0.2.10.',
    ]);
    expect(trace.origin.kind).toBe('console');
  });

  it('the sign-in that AWS itself names, where two are as near', () => {
    const session = 'arn:aws:signin:us-east-1:111122223333:session/1';
    const named = { signInSessionArn: session };
    const seen = uses(asUser('alice', { key: A, began: ago(100), more: named }), {
      at: ago(10),
      more: FROM_CONSOLE,
    });
    const login = (arn: string, sourceIPAddress: string) =>
      signIn('ConsoleLogin', asUser('alice', { began: ago(100), more: { signInSessionArn: arn } }), {
        at: ago(100),
        more: { sourceIPAddress },
      });
    const trace = from(seen, login(`${session}2`, '198.51.100.66'), login(session, '192.0.2.77'));
    expect(trace.origin.said).toBe(
      'IAM user alice of account 111122223333, signed in to the console without MFA from 192.0.2.77.',
    );
  });

  it('a person at the console whose sign-in is not to be found', () => {
    const seen = uses(asUser('alice', { key: A, began: ago(100) }), { at: ago(10), more: FROM_CONSOLE });
    expect(tell(from(seen))).toEqual([
      'Origin  IAM user alice of account 111122223333, in the console without MFA; the sign-in was not found.',
    ]);
  });

  it('a person whose old record lacks the mark of the console, by a sign-in at that very minute alone', () => {
    const seen = uses(asUser('alice', { key: A, began: ago(100) }), { at: ago(10) });
    const login = (at: number) => signIn('ConsoleLogin', asUser('alice'), { at, further: { MFAUsed: 'No' } });
    const trace = from(seen, login(ago(100)));
    expect(trace.origin.kind).toBe('console');
    expect(trace.hops[0]?.notes).toEqual(['guessed by time']);
    expect(from(seen, login(ago(105))).origin.kind).toBe('user');
  });

  it('root at the console', () => {
    const seen = uses(asRoot({ key: A, began: ago(20), mfa: true }), { at: ago(10), more: FROM_CONSOLE });
    const login = signIn('ConsoleLogin', asRoot({}), { at: ago(20), further: { MFAUsed: 'Yes' } });
    expect(from(seen, login).origin).toEqual({
      kind: 'console',
      said: 'Root user of account 111122223333, signed in to the console with MFA from 192.0.2.10.',
    });
  });

  it('the user who assumed the role, with what they asserted marked as such', () => {
    const issue = assumes(alice, 'deploy', 'ci', A, { at: ago(50), request: { sourceIdentity: 'mallory' } });
    expect(tell(from(deployed(), issue))).toEqual([
      '09:25:02  user alice assumed role deploy as session ci, source identity mallory (asserted) from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with AKIA#1',
      'Origin  IAM user alice of account 111122223333, with a long-term access key.',
      'A source identity is what the caller asserted: it is shown and not believed.',
    ]);
  });

  it('the user behind a chain of three roles', () => {
    const trace = from(
      deployed(),
      assumes(asRole('build', 'two', { key: B, began: ago(60) }), 'deploy', 'ci', A, { at: ago(50) }),
      assumes(asRole('base', 'one', { key: C, began: ago(70) }), 'build', 'two', B, { at: ago(60) }),
      assumes(alice, 'base', 'one', C, {
        at: ago(70),
        request: { serialNumber: 'arn:aws:iam::111122223333:mfa/alice' },
      }),
    );
    expect(tell(trace)).toEqual([
      '09:25:02  two (role build) assumed role deploy as session ci, without MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with ASIA#2',
      '09:15:02  one (role base) assumed role build as session two, without MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#2 · signed with ASIA#3',
      '09:05:02  user alice assumed role base as session one, with MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#3 · signed with AKIA#1',
      'Origin  IAM user alice of account 111122223333, with a long-term access key.',
    ]);
  });

  it('the user behind a role whose own call has no key', () => {
    const trace = from(
      deployed(),
      assumes(asRole('build', 'two', { began: ago(60) }), 'deploy', 'ci', A, { at: ago(50) }),
      assumes(alice, 'build', 'two', B, { at: ago(60) }),
    );
    expect(tell(trace).slice(1)).toEqual([
      '09:15:02  user alice assumed role build as session two from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#2 · signed with AKIA#1 · matched by session and time',
      'Origin  IAM user alice of account 111122223333, with a long-term access key.',
    ]);
  });

  it('the caller in another account, by the event that both accounts have', () => {
    const sharedEventID = 'b2c3d4e5-0000-4000-8000-000000000001';
    const caller = asUser('carol', { key: userKey(7, THERE), account: THERE });
    const copy = (by: typeof caller, account: string, shared: string) =>
      assumes(by, 'deploy', 'ci', A, { at: ago(50), account, owner: HERE, more: { sharedEventID: shared } });
    const trace = from(
      deployed(),
      copy(asAccount(THERE, 'AIDAI2345678EXAMPLE'), HERE, sharedEventID),
      copy(asUser('eve', { key: userKey(8, THERE), account: THERE }), THERE, 'another'),
      copy(caller, THERE, sharedEventID),
    );
    expect(tell(trace)).toEqual([
      '09:25:02  user carol assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with AKIA#7 · matched in account 444455556666 by sharedEventID',
      'Origin  IAM user carol of account 444455556666, with a long-term access key.',
    ]);
  });

  it('a SAML provider', () => {
    const issue = assumes(asSaml('alice@example.com'), 'deploy', 'alice@example.com', A, {
      at: ago(50),
      call: 'AssumeRoleWithSAML',
      request: { principalArn: `arn:aws:iam::${HERE}:saml-provider/Okta` },
    });
    expect(tell(from(deployed('alice@example.com'), issue))).toEqual([
      '09:25:02  alice@example.com (SAML) came in through SAML and assumed role deploy as session alice@example.com from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1',
      'Origin  alice@example.com, signed in through SAML provider Okta of account 111122223333.',
    ]);
  });

  const byWeb = (provider: string, subject: string): Trace =>
    from(
      deployed(),
      assumes(asWeb(provider, subject), 'deploy', 'ci', A, {
        at: ago(50),
        call: 'AssumeRoleWithWebIdentity',
      }),
    );

  it('a job of GitHub Actions', () => {
    const trace = byWeb('token.actions.githubusercontent.com', 'repo:acme/shop:ref:refs/heads/main');
    expect(tell(trace)).toEqual([
      '09:25:02  acme/shop (GitHub Actions, ref:refs/heads/main) came in with a web identity and assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1',
      'Origin  GitHub Actions of acme/shop, ref refs/heads/main.',
    ]);
  });

  it.each([
    [
      'token.actions.githubusercontent.com',
      'repo:acme/shop:environment:production',
      'GitHub Actions of acme/shop, environment production.',
    ],
    [
      'token.actions.githubusercontent.com',
      'repo:acme/shop:pull_request',
      'GitHub Actions of acme/shop, pull_request.',
    ],
    [
      'evil.example',
      'repo:acme/shop:ref:refs/heads/main',
      'repo:acme/shop:ref:refs/heads/main, signed in through OIDC provider evil.example.',
    ],
    [
      'oidc.eks.eu-west-1.amazonaws.com/id/ABC123',
      'system:serviceaccount:payments:api',
      'Kubernetes service account payments/api of the EKS cluster behind oidc.eks.eu-west-1.amazonaws.com/id/ABC123.',
    ],
    [
      'k8s.example',
      'system:serviceaccount:payments:api',
      'Kubernetes service account payments/api of the Kubernetes cluster behind k8s.example.',
    ],
    [
      'cognito-identity.amazonaws.com',
      'eu-west-1:0f1e2d3c',
      'Cognito identity eu-west-1:0f1e2d3c: only the identity pool and its sign-in provider know who that is.',
    ],
  ])('the subject of %s: %s', (provider, subject, said) => {
    expect(byWeb(provider, subject).origin).toEqual({ kind: 'web identity', said });
  });

  const byService = (service: string, session: string): Trace =>
    from(
      deployed(session),
      assumes(asService(service), 'deploy', session, A, {
        at: ago(50),
        more: { sourceIPAddress: service, userAgent: service },
      }),
    );

  it('an EC2 instance', () => {
    expect(tell(byService('ec2.amazonaws.com', 'i-0abc1234def567890'))).toEqual([
      '09:25:02  service ec2.amazonaws.com assumed role deploy as session i-0abc1234def567890 from ec2.amazonaws.com · 111122223333 eu-west-1 · made ASIA#1',
      'Origin  EC2 instance i-0abc1234def567890 of account 111122223333, with its instance role deploy.',
    ]);
  });

  it.each([
    [
      'lambda.amazonaws.com',
      'resize-images',
      'function',
      'Lambda function resize-images of account 111122223333, with its execution role deploy.',
    ],
    [
      'ecs-tasks.amazonaws.com',
      '0f1e2d3c4b5a',
      'service',
      'ECS task 0f1e2d3c4b5a of account 111122223333, with its task role deploy.',
    ],
    [
      'glue.amazonaws.com',
      'GlueJobRunnerSession',
      'service',
      'AWS service glue.amazonaws.com, as session GlueJobRunnerSession of role deploy in account 111122223333.',
    ],
    [
      'pods.eks.amazonaws.com',
      'eks-main-api-7d9',
      'service',
      "A pod under EKS Pod Identity (session eks-main-api-7d9) of account 111122223333, with role deploy: the cluster's own audit log knows which.",
    ],
  ])('what runs on %s', (service, session, kind, said) => {
    expect(byService(service, session).origin).toEqual({ kind, said });
  });

  it('the user of GetSessionToken, with MFA', () => {
    const seen = uses(asUser('alice', { key: A, began: ago(50), mfa: true }), { at: ago(10) });
    const issue = takes('GetSessionToken', alice, A, {
      at: ago(50),
      request: { serialNumber: 'arn:aws:iam::111122223333:mfa/alice' },
    });
    expect(tell(from(seen, issue))).toEqual([
      '09:25:02  user alice took a session token, with MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with AKIA#1',
      'Origin  IAM user alice of account 111122223333, with a long-term access key.',
    ]);
  });

  it('the maker of a federation token', () => {
    const seen = uses(asFederated('report', 'alice', { key: A, began: ago(50) }), { at: ago(10) });
    const issue = takes('GetFederationToken', alice, A, {
      at: ago(50),
      request: { name: 'report' },
      response: {
        federatedUser: {
          federatedUserId: `${HERE}:report`,
          arn: `arn:aws:sts::${HERE}:federated-user/report`,
        },
      },
    });
    expect(tell(from(seen, issue))).toEqual([
      '09:25:02  user alice made a federated session as session report from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with AKIA#1',
      'Origin  IAM user alice of account 111122223333, who made the federated session report, with a long-term access key.',
    ]);
    expect(from(seen).origin).toEqual({
      kind: 'federated',
      said: 'IAM user alice of account 111122223333, who made the federated session report.',
    });
  });

  it('the caller of AssumeRoot in the management account', () => {
    const member = tempKey(9, THERE);
    const seen = uses(
      asRoot({ key: member, account: THERE, began: ago(12), more: { assumedRoot: 'true' } }),
      {
        at: ago(10),
        account: THERE,
      },
    );
    const issue = takes('AssumeRoot', alice, member, {
      at: ago(12),
      request: {
        targetPrincipal: THERE,
        taskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy' },
      },
    });
    expect(tell(walk([issue], { keyId: member, seen: [seen] }))).toEqual([
      '10:03:02  user alice took a root session (AssumeRoot) from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#9 · signed with AKIA#1 · root of account 444455556666 · limited to S3UnlockBucketPolicy',
      'Origin  IAM user alice of account 111122223333, with a long-term access key.',
    ]);
  });

  it('whoever holds the key that the console got its own from', () => {
    const seen = deployed('ci', {});
    const parent = asRole('deploy', 'ci', { key: B, began: ago(60) });
    const trace = from(
      seen,
      takes('GetSigninToken', parent, A, { at: ago(50), more: { eventSource: 'signin.amazonaws.com' } }),
      assumes(alice, 'deploy', 'ci', B, { at: ago(60) }),
    );
    expect(tell(trace)).toEqual([
      '09:25:02  ci (role deploy) opened the console with a session, without MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with ASIA#2',
      '09:15:02  user alice assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#2 · signed with AKIA#1',
      'Origin  IAM user alice of account 111122223333, with a long-term access key.',
    ]);
  });

  const SET = 'AWSReservedSSO_Admin_0123456789abcdef';
  const sso = uses(asRole(SET, 'alice@example.com', { key: A, began: ago(50) }), { at: ago(10) });

  it('a person of Identity Center', () => {
    const issue = assumes(asSaml('alice@example.com'), SET, 'alice@example.com', A, {
      at: ago(50),
      call: 'AssumeRoleWithSAML',
      request: { principalArn: `arn:aws:iam::${HERE}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE` },
    });
    expect(tell(from(sso, issue)).at(-1)).toBe(
      'Origin  Identity Center user alice@example.com, with permission set Admin in account 111122223333.',
    );
  });

  it('a person of Identity Center, also where no call says who made the session', () => {
    expect(from(sso).origin).toEqual({
      kind: 'identity center',
      said: 'Identity Center user alice@example.com, with permission set Admin in account 111122223333.',
    });
  });

  it('the person who switched roles in the console', () => {
    const person = asUser('alice', { key: B, began: ago(100), mfa: true });
    const trace = from(
      deployed('alice'),
      assumes(person, 'deploy', 'alice', A, {
        at: ago(50),
        region: 'us-east-1',
        more: { userAgent: 'AWS Signin, aws-internal/3', ...FROM_CONSOLE },
      }),
      signIn('ConsoleLogin', asUser('alice'), { at: ago(100), further: { MFAUsed: 'Yes' } }),
    );
    expect(tell(trace)).toEqual([
      '09:25:02  user alice assumed role deploy as session alice, with MFA from 192.0.2.10 with AWS Signin, aws-internal/3 · 111122223333 us-east-1 · made ASIA#1 · signed with ASIA#2 · role switched in the console',
      '08:35:02  user alice signed in to the console, with MFA from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 us-east-1 · made ASIA#2',
      'Origin  IAM user alice of account 111122223333, signed in to the console with MFA from 192.0.2.10.',
    ]);
  });

  it('the person who switched roles in the console, by the record of the switch alone', () => {
    const seen = uses(asRole('deploy', 'alice', { key: A, began: ago(50) }), {
      at: ago(10),
      more: FROM_CONSOLE,
    });
    const trace = from(
      seen,
      signIn('SwitchRole', asRole('deploy', 'alice', {}), {
        at: ago(50),
        further: { SwitchFrom: `arn:aws:iam::${THERE}:user/alice` },
      }),
      signIn('ConsoleLogin', asUser('alice', { account: THERE }), {
        at: ago(100),
        account: THERE,
        further: { MFAUsed: 'No' },
      }),
    );
    expect(tell(trace)).toEqual([
      '09:25:02  IAM user alice of account 444455556666 switched in the console to role deploy as session alice from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 us-east-1 · made ASIA#1 · matched by session and time',
      '08:35:02  user alice signed in to the console, without MFA from 192.0.2.10 with browser (Chrome on macOS) · 444455556666 us-east-1 · guessed by time',
      'Origin  IAM user alice of account 444455556666, signed in to the console without MFA from 192.0.2.10.',
    ]);
  });
});

describe('a role that was switched in the console from a session of', () => {
  it.each([
    [
      'AWSReservedSSO_Admin_0123456789abcdef/alice@example.com',
      'Identity Center user alice@example.com, with permission set Admin in account 444455556666.',
    ],
    [
      'support/bob',
      'In the console: session bob of role support in account 444455556666; who that was the record does not say.',
    ],
  ])('%s', (session, said) => {
    const seen = uses(asRole('deploy', 'alice', { key: A, began: ago(50) }), {
      at: ago(10),
      more: FROM_CONSOLE,
    });
    const change = signIn('SwitchRole', asRole('deploy', 'alice', {}), {
      at: ago(50),
      further: { SwitchFrom: `arn:aws:sts::${THERE}:assumed-role/${session}` },
    });
    const trace = from(seen, change);
    expect(trace.origin.said).toBe(said);
    expect(trace.hops[0]?.notes).toEqual(['matched by session and time']);
  });
});

describe('where the maker is not to be found, the walk says what is known and what to do', () => {
  it('beyond 90 days', () => {
    const identity = asRole('deploy', 'ci', {
      key: A,
      began: daysAgo(100),
      more: { sourceIdentity: 'alice' },
    });
    const trace = from(uses(identity, { at: daysAgo(100) + 60_000 }));
    expect(trace.origin).toEqual({
      kind: 'not found',
      said: "Role deploy of account 111122223333, session ci, source identity alice (asserted, not proven): the call that made this session was not found. It began 2026-08-12 10:15:02 UTC, and CloudTrail's event history goes back only 90 days: look for it in the trail's files in S3.",
    });
  });

  it('a moment ago', () => {
    const identity = asRole('deploy', 'ci', { key: A, began: ago(5) });
    expect(from(uses(identity, { at: ago(4) })).origin.said).toBe(
      'Role deploy of account 111122223333, session ci: the call that made this session was not found. Calls take up to 15 minutes to show in CloudTrail: ask again later.',
    );
  });

  it('nothing at all', () => {
    expect(tell(walk([], { keyId: A }))).toEqual([
      "Origin  Nothing was found that made or used this key in account 111122223333. CloudTrail's event history goes back 90 days; what is older is in the trail's files in S3.",
    ]);
  });

  it('a user whose temporary key nobody is seen to have made', () => {
    const seen = uses(asUser('alice', { key: A, began: ago(50) }), { at: ago(10) });
    expect(from(seen).origin).toEqual({
      kind: 'user',
      said: "IAM user alice of account 111122223333, with temporary credentials; the call that made them was not found. Some services make sessions without a management event of this account; the trail's files in S3 may have more.",
    });
  });

  it.each([
    [
      { sourceIdentity: 'CN=build-agent' },
      '5f0e7c1a',
      'Role deploy of account 111122223333, session 5f0e7c1a: its source identity CN=build-agent looks like a certificate used with IAM Roles Anywhere. The call that made this session was not found.',
    ],
    [
      {},
      'i-0abc1234def567890',
      'Role deploy of account 111122223333, session i-0abc1234def567890: its name looks like that of an EC2 instance. The call that made this session was not found.',
    ],
    [
      {},
      'eks-main-api-5f0e7c1a-0000-4000-8000-000000000001',
      'Role deploy of account 111122223333, session eks-main-api-5f0e7c1a-0000-4000-8000-000000000001: its name looks like EKS Pod Identity. The call that made this session was not found.',
    ],
  ])('a session that only looks like something: %j %s', (more, session, said) => {
    expect(from(deployed(session, more)).origin).toEqual({ kind: 'not found', said });
  });

  it('an instance and a Cognito identity, which AWS itself marks in every call', () => {
    expect(from(deployed('i-0abc1234def567890', { ec2RoleDelivery: '2.0' })).origin.said).toBe(
      'EC2 instance i-0abc1234def567890 of account 111122223333, with its instance role deploy.',
    );
    const webIdFederationData = {
      federatedProvider: 'cognito-identity.amazonaws.com',
      attributes: { 'cognito-identity.amazonaws.com:sub': 'eu-west-1:0f1e2d3c' },
    };
    expect(from(deployed('CognitoIdentityCredentials', { webIdFederationData })).origin.said).toBe(
      'Cognito identity eu-west-1:0f1e2d3c: only the identity pool and its sign-in provider know who that is.',
    );
  });
});

describe('no call is taken for the maker that', () => {
  const lost = (...records: CloudTrailRecord[]) => expect(from(deployed(), ...records).hops).toEqual([]);

  it('issued the key after it was used', () => {
    lost(assumes(alice, 'deploy', 'ci', A, { at: ago(9) }));
  });

  it('failed', () => {
    lost(assumes(alice, 'deploy', 'ci', A, { at: ago(50), more: { errorCode: 'AccessDenied' } }));
  });

  it('issued it longer ago than a session of a role lasts', () => {
    const seen = uses(asRole('deploy', 'ci', { key: A }), { at: ago(10) });
    expect(from(seen, assumes(alice, 'deploy', 'ci', A, { at: ago(10 + 12 * 60 + 1) })).hops).toEqual([]);
    expect(from(seen, assumes(alice, 'deploy', 'ci', A, { at: ago(10 + 12 * 60) })).hops).toHaveLength(1);
  });

  it('only names the key', () => {
    const named = { requestParameters: { accessKeyId: A }, responseElements: null };
    lost(takes('GetAccessKeyInfo', alice, B, { at: ago(50), more: named }));
  });

  it('issued the same id for another session', () => {
    lost(assumes(alice, 'other', 'ci', A, { at: ago(50) }));
  });

  it('made a session of the same name with another key', () => {
    lost(assumes(alice, 'deploy', 'ci', B, { at: ago(50) }));
  });

  it('was signed with the very key', () => {
    lost(assumes(asRole('deploy', 'ci', { key: A, began: ago(50) }), 'deploy', 'ci', A, { at: ago(50) }));
  });
});

describe('the walk ends', () => {
  it('where records lead in a circle', () => {
    const self = (signer: string, made: string) =>
      assumes(asRole('deploy', 'ci', { key: signer, began: ago(50) }), 'deploy', 'ci', made, { at: ago(50) });
    const trace = from(deployed(), self(B, A), self(A, B));
    expect(trace.hops.map(({ keyId }) => keyId)).toEqual([A, B]);
    expect(trace.lookups).toBe(2);
    expect(trace.origin).toEqual({
      kind: 'stopped',
      said: 'The walk came back to a session that it had passed already: these records form a circle and lead to nobody.',
    });
  });

  it('after ten hops', () => {
    const keys = Array.from({ length: 15 }, (_, n) => tempKey(n + 1));
    const chain = keys.slice(1).map((key, n) =>
      assumes(asRole('deploy', 'ci', { key, began: ago(50) }), 'deploy', 'ci', keys[n] ?? '', {
        at: ago(50),
      }),
    );
    const trace = from(deployed(), ...chain);
    expect(trace.hops).toHaveLength(10);
    expect(trace.origin).toEqual({
      kind: 'stopped',
      said: 'The walk stopped after 10 hops: no chain of roles is that long by intent.',
    });
  });

  it('whatever graph of calls it is led into, and passes none twice', () => {
    const edge = fc.record({
      signer: fc.integer({ min: 0, max: 6 }),
      made: fc.integer({ min: 0, max: 6 }),
      minute: fc.integer({ min: 40, max: 60 }),
      kind: fc.constantFrom('role', 'user', 'console', 'account', 'nameless'),
      call: fc.constantFrom('AssumeRole', 'GetSigninToken', 'SwitchRole', 'ConsoleLogin'),
    });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 40 }), (edges) => {
        const records = edges.map(({ signer, made, minute, kind, call }) => {
          const key = tempKey(signer);
          const session = { key, began: ago(50) };
          const by = {
            role: asRole('deploy', 'ci', session),
            user: asUser('alice', session),
            console: asUser('alice', session),
            account: asAccount(signer % 2 === 0 ? HERE : THERE, 'AIDAEXAMPLE'),
            nameless: asRole('deploy', 'ci', { began: ago(50) }),
          }[kind];
          return assumes(by, 'deploy', 'ci', tempKey(made), {
            at: ago(minute),
            call,
            more: {
              sharedEventID: `shared-${made}`,
              additionalEventData: { SwitchFrom: `arn:aws:iam::${HERE}:user/alice` },
              ...(kind === 'console' ? FROM_CONSOLE : {}),
            },
          });
        });
        const trace = walk(records, { keyId: tempKey(0) });
        expect(trace.hops.length).toBeLessThanOrEqual(10);
        expect(new Set(trace.hops.map(({ eventId }) => eventId)).size).toBe(trace.hops.length);
        expect(trace.lookups).toBeLessThan(60);
      }),
    );
  });
});
