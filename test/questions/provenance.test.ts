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
      '08:35:02  user alice signed in to the console, with MFA from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 us-east-1 · made ASIA#1 · matched by name and time',
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
    expect(tell(trace)).toEqual([
      '08:35:02  user alice signed in to the console, without MFA from 192.0.2.77 with browser (Chrome on macOS) · 111122223333 us-east-1 · made ASIA#1',
      'Origin  IAM user alice of account 111122223333, signed in to the console without MFA from 192.0.2.77.',
    ]);
  });

  it('the sign-in that AWS itself names, also where it was hours before', () => {
    const more = { signInSessionArn: 'arn:aws:signin:ap-south-1:111122223333:session/1' };
    const seen = uses(asUser('alice', { key: A, began: ago(100), more }), {
      at: ago(10),
      more: FROM_CONSOLE,
    });
    const login = signIn('ConsoleLogin', asUser('alice', { began: ago(500), more }), {
      at: ago(500),
      region: 'ap-south-1',
    });
    expect(tell(from(seen, login))).toEqual([
      '01:55:02  user alice signed in to the console, without MFA from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 ap-south-1 · made ASIA#1',
      'Origin  IAM user alice of account 111122223333, signed in to the console without MFA from 192.0.2.10.',
    ]);
  });

  it('a person at the console whose sign-in is not to be found', () => {
    const seen = uses(asUser('alice', { key: A, began: ago(100) }), { at: ago(10), more: FROM_CONSOLE });
    expect(tell(from(seen))).toEqual([
      'Origin  IAM user alice of account 111122223333, in the console without MFA; the sign-in was not found.',
    ]);
  });

  describe('a person at the console, and takes for their sign-in', () => {
    const seen = uses(asUser('alice', { key: A, began: ago(100), mfa: false }), {
      at: ago(10),
      more: FROM_CONSOLE,
    });
    const login = (at: number, MFAUsed: string, sourceIPAddress = '192.0.2.10', region = 'us-east-1') =>
      signIn('ConsoleLogin', asUser('alice'), {
        at,
        region,
        further: { MFAUsed },
        more: { sourceIPAddress },
      });
    const NONE =
      'Origin  IAM user alice of account 111122223333, in the console without MFA; the sign-in was not found.';

    it.each([
      ['hours before the session began', ago(640), 'No'],
      ['three minutes before', ago(103), 'No'],
      ['three minutes after', ago(97), 'No'],
      ['at that time with MFA, which the session does not have', ago(100), 'Yes'],
    ])('none %s', (_, at, mfa) => {
      expect(tell(from(seen, login(at, mfa)))).toEqual([NONE]);
    });

    it('none that AWS has forgotten', () => {
      const old = uses(asUser('alice', { key: A, began: daysAgo(100) }), {
        at: daysAgo(100),
        more: FROM_CONSOLE,
      });
      expect(tell(from(old))).toEqual([
        "Origin  IAM user alice of account 111122223333, in the console without MFA; the sign-in was not found, and CloudTrail's event history goes back only 90 days.",
      ]);
    });

    it('none of another sign-in session', () => {
      const named = (n: number) => ({
        signInSessionArn: `arn:aws:signin:us-east-1:111122223333:session/${n}`,
      });
      const marked = uses(asUser('alice', { key: A, began: ago(100), more: named(1) }), {
        at: ago(10),
        more: FROM_CONSOLE,
      });
      const other = signIn('ConsoleLogin', asUser('alice', { began: ago(100), more: named(2) }), {
        at: ago(100),
        further: { MFAUsed: 'No' },
      });
      expect(tell(from(marked, other))).toEqual([NONE]);
    });

    it('the one at that time, at any regional address', () => {
      const real = login(ago(101), 'No', '198.51.100.66', 'ap-south-1');
      expect(tell(from(seen, login(ago(640), 'Yes'), real))).toEqual([
        '08:34:02  user alice signed in to the console, without MFA from 198.51.100.66 with browser (Chrome on macOS) · 111122223333 ap-south-1 · made ASIA#1 · matched by name and time',
        'Origin  IAM user alice of account 111122223333, signed in to the console without MFA from 198.51.100.66.',
      ]);
    });

    it('the nearer of two, and says that there are two', () => {
      const two = [login(ago(101), 'No', '198.51.100.66'), login(ago(100), 'No')];
      expect(tell(from(seen, ...two)).slice(1)).toEqual([
        'Origin  IAM user alice of account 111122223333, signed in to the console without MFA from 192.0.2.10.',
        'More than one sign-in fits; the one nearest to the beginning of the session is shown.',
      ]);
    });
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

  it('a Lambda function', () => {
    expect(tell(byService('lambda.amazonaws.com', 'resize-images'))).toEqual([
      '09:25:02  service lambda.amazonaws.com assumed role deploy as session resize-images from lambda.amazonaws.com · 111122223333 eu-west-1 · made ASIA#1',
      'Origin  Lambda function resize-images of account 111122223333, with its execution role deploy.',
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
  const RESERVED = 'aws-reserved/sso.amazonaws.com/eu-west-1/';
  const PROVIDER = `arn:aws:iam::${HERE}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`;
  const inSet = (person: string, path: string): CloudTrailRecord =>
    uses(asRole(SET, person, { key: A, began: ago(50), path }), { at: ago(10) });
  const bySaml = (name: string, session: string, path: string, principalArn: string): CloudTrailRecord =>
    assumes(asSaml(name), SET, session, A, {
      at: ago(50),
      call: 'AssumeRoleWithSAML',
      request: { principalArn, roleArn: `arn:aws:iam::${HERE}:role/${path}${SET}` },
    });

  it('a person of Identity Center', () => {
    const issue = bySaml('alice@example.com', 'alice@example.com', RESERVED, PROVIDER);
    expect(tell(from(inSet('alice@example.com', RESERVED), issue))).toEqual([
      `09:25:02  alice@example.com (SAML) came in through SAML and assumed role ${SET} as session alice@example.com from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1`,
      'Origin  Identity Center user alice@example.com, with permission set Admin in account 111122223333.',
    ]);
  });

  it.each([RESERVED, 'aws-reserved/sso.amazonaws.com/'])(
    'a person of Identity Center, also where no call says who made the session of a role below %s',
    (path) => {
      expect(from(inSet('alice@example.com', path)).origin).toEqual({
        kind: 'identity center',
        said: 'Identity Center user alice@example.com, with permission set Admin in account 111122223333.',
      });
    },
  );

  it.each(['', 'sso.amazonaws.com/', 'x/aws-reserved/sso.amazonaws.com/'])(
    'a role that only has the name of a permission set, below "%s"',
    (path) => {
      expect(tell(from(inSet('ceo@example.com', path)))).toEqual([
        `Origin  Role ${SET} (looks like a permission set of Identity Center, unconfirmed) of account 111122223333, session ceo@example.com: the call that made this session was not found. Some services make sessions without a management event of this account; the trail's files in S3 may have more.`,
      ]);
    },
  );

  it.each([
    ['for a role that only has the name of a permission set', '', PROVIDER, /AWSSSO_/],
    ['of another name than Identity Center has', RESERVED, `arn:aws:iam::${HERE}:saml-provider/Evil`, /Evil/],
  ])('a SAML provider %s', (_, path, provider, named) => {
    const issue = bySaml('mallory', 'ceo@example.com', path, provider);
    const { origin } = from(inSet('ceo@example.com', ''), issue);
    expect(origin.kind).toBe('saml');
    expect(origin.said).toMatch(named);
    expect(origin.said).toMatch(
      /^mallory, signed in through SAML provider \w+ of account 111122223333, as role AWSReservedSSO_Admin_0123456789abcdef \(looks like a permission set of Identity Center, unconfirmed\)\.$/,
    );
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
      '08:35:02  user alice signed in to the console, with MFA from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 us-east-1 · made ASIA#2 · matched by name and time',
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
        at: ago(51),
        account: THERE,
        further: { MFAUsed: 'No' },
      }),
    );
    expect(tell(trace)).toEqual([
      '09:25:02  IAM user alice of account 444455556666 switched in the console to role deploy as session alice from 192.0.2.10 with browser (Chrome on macOS) · 111122223333 us-east-1 · made ASIA#1 · matched by session and time',
      'Origin  IAM user alice of account 444455556666, in the console; which sign-in that was no record says.',
    ]);
  });

  it('the person who switched roles in the console, with the sign-in that AWS names in the record of the switch', () => {
    const more = { signInSessionArn: `arn:aws:signin:us-east-1:${THERE}:session/1` };
    const seen = uses(asRole('deploy', 'alice', { key: A, began: ago(50) }), {
      at: ago(10),
      more: FROM_CONSOLE,
    });
    const trace = from(
      seen,
      signIn('SwitchRole', asRole('deploy', 'alice', { began: ago(50), more }), {
        at: ago(50),
        further: { SwitchFrom: `arn:aws:iam::${THERE}:user/alice` },
      }),
      signIn('ConsoleLogin', asUser('alice', { account: THERE, began: ago(100), mfa: true, more }), {
        at: ago(100),
        account: THERE,
        further: { MFAUsed: 'Yes' },
      }),
    );
    expect(tell(trace).slice(1)).toEqual([
      '08:35:02  user alice signed in to the console, with MFA from 192.0.2.10 with browser (Chrome on macOS) · 444455556666 us-east-1',
      'Origin  IAM user alice of account 444455556666, signed in to the console with MFA from 192.0.2.10.',
    ]);
  });
});

describe('a role that was switched in the console from a session of', () => {
  it.each([
    [
      'AWSReservedSSO_Admin_0123456789abcdef/alice@example.com',
      'In the console: session alice@example.com of role AWSReservedSSO_Admin_0123456789abcdef (looks like a permission set of Identity Center, unconfirmed) in account 444455556666; who that was the record does not say.',
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
    expect(tell(trace)).toEqual([
      "Origin  Role deploy of account 111122223333, session ci, source identity alice (asserted, not proven): the call that made this session was not found. It began 2026-08-12 10:15:02 UTC, and CloudTrail's event history goes back only 90 days: look for it in the trail's files in S3.",
    ]);
    expect(trace.origin.kind).toBe('not found');
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
      'Role deploy of account 111122223333, session 5f0e7c1a, source identity CN=build-agent (asserted, not proven; looks like a certificate used with IAM Roles Anywhere)',
    ],
    [
      {},
      'i-0abc1234def567890',
      'Role deploy of account 111122223333, session i-0abc1234def567890 (looks like an EC2 instance)',
    ],
    [
      {},
      'eks-main-api-5f0e7c1a-0000-4000-8000-000000000001',
      'Role deploy of account 111122223333, session eks-main-api-5f0e7c1a-0000-4000-8000-000000000001 (looks like EKS Pod Identity)',
    ],
  ])('a session that only looks like something: %j %s', (more, session, known) => {
    expect(from(deployed(session, more)).origin).toEqual({
      kind: 'not found',
      said: `${known}: the call that made this session was not found. Some services make sessions without a management event of this account; the trail's files in S3 may have more.`,
    });
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

  it('issued the key after it was used, by more than clocks differ', () => {
    const seen = uses(asRole('deploy', 'ci', { key: A, began: ago(10) }), { at: ago(10) });
    const issuedAt = (seconds: number) =>
      from(seen, assumes(alice, 'deploy', 'ci', A, { at: ago(10) + seconds * 1000 })).hops.length;
    expect([1, 5, 6, 60].map(issuedAt)).toEqual([1, 1, 0, 0]);
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

describe('of the calls that carry the id of a key', () => {
  const here = deployed();
  const issue = assumes(alice, 'deploy', 'ci', A, { at: ago(50) });
  const WAY = [
    '09:25:02  user alice assumed role deploy as session ci from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with AKIA#1',
    'Origin  IAM user alice of account 111122223333, with a long-term access key.',
  ];

  it.each([
    [
      'another account',
      asRole('other', 'x', { key: A, account: THERE, began: daysAgo(5) }),
      'A key of this id was also used by account 444455556666: AWS may give the id of a temporary key out twice, and that use is not walked back.',
    ],
    [
      'another role of the account',
      asRole('other', 'x', { key: A, began: daysAgo(5) }),
      'A key of this id was also used by another session of this account: AWS may give the id of a temporary key out twice, and that use is not walked back.',
    ],
    [
      'a session of the same name that began at another time',
      asRole('deploy', 'ci', { key: A, began: daysAgo(5) }),
      'A key of this id was also used by another session of this account: AWS may give the id of a temporary key out twice, and that use is not walked back.',
    ],
  ])('those of %s are left aside, and that is said', (_, by, caveat) => {
    const other = uses(by, { at: daysAgo(5) });
    expect(tell(walk([issue], { keyId: A, seen: [here, other] }))).toEqual([...WAY, caveat]);
  });

  it('those of the same session all count', () => {
    const first = uses(asRole('deploy', 'ci', { key: A, began: ago(50) }), { at: ago(49) });
    const late = assumes(alice, 'deploy', 'ci', A, { at: ago(40) });
    expect(tell(walk([late, issue], { keyId: A, seen: [here, first] }))).toEqual(WAY);
  });

  it('the issuing call that lies nearest to the beginning of the session is taken', () => {
    const again = assumes(asUser('bob', { key: userKey(2) }), 'deploy', 'ci', A, { at: ago(20) });
    expect(tell(walk([again, issue], { keyId: A, seen: [here] }))).toEqual([
      ...WAY,
      'More than one call issued a key of this id; the likeliest by its time is shown.',
    ]);
  });

  it('one that another account uses is not taken for a use, when none was known before', () => {
    const theirs = uses(asRole('other', 'x', { key: A, account: THERE, began: ago(30) }), { at: ago(5) });
    expect(tell(walk([theirs], { keyId: A }))).toEqual([
      "Origin  Nothing was found that made or used this key in account 111122223333. CloudTrail's event history goes back 90 days; what is older is in the trail's files in S3.",
    ]);
  });
});

describe('the walk ends', () => {
  it('where records lead in a circle', () => {
    const self = (signer: string, made: string) =>
      assumes(asRole('deploy', 'ci', { key: signer, began: ago(50) }), 'deploy', 'ci', made, { at: ago(50) });
    const trace = from(deployed(), self(B, A), self(A, B));
    expect(tell(trace)).toEqual([
      '09:25:02  ci (role deploy) assumed role deploy as session ci, without MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#1 · signed with ASIA#2',
      '09:25:02  ci (role deploy) assumed role deploy as session ci, without MFA from 192.0.2.10 with aws-cli 2.17 · 111122223333 eu-west-1 · made ASIA#2 · signed with ASIA#1',
      'Origin  The walk came back to a session that it had passed already: these records form a circle and lead to nobody.',
    ]);
    expect(trace.lookups).toBe(2);
    expect(trace.origin.kind).toBe('stopped');
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
