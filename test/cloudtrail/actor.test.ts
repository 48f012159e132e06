import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actor, behind, readActor } from '../../src/cloudtrail/actor.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { roleSession, user } from '../support/records.ts';

const ACCOUNT = '111122223333';

function actor(identity: unknown, record: JsonObject = {}): Actor {
  return readActor(identity, { awsRegion: 'eu-west-1', ...record });
}

describe('every type of userIdentity becomes a readable actor', () => {
  const cases: [string, JsonObject, JsonObject, Partial<Actor>][] = [
    [
      'Root',
      {
        type: 'Root',
        principalId: ACCOUNT,
        arn: `arn:aws:iam::${ACCOUNT}:root`,
        accountId: ACCOUNT,
        accessKeyId: '',
      },
      {},
      { kind: 'root', name: 'root', label: `root @ ${ACCOUNT}`, id: `arn:aws:iam::${ACCOUNT}:root` },
    ],
    [
      'Root of a member account through AssumeRoot',
      { type: 'Root', accountId: ACCOUNT, sessionContext: { assumedRoot: 'true' } },
      {},
      { kind: 'root', label: `root @ ${ACCOUNT} (via AssumeRoot)` },
    ],
    ['IAMUser', user('alice'), {}, { kind: 'user', name: 'alice', label: 'user alice' }],
    [
      'IAMUser with a path and without a name',
      { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/ops/team-a/bob`, accountId: ACCOUNT },
      {},
      { label: 'user bob', id: `arn:aws:iam::${ACCOUNT}:user/bob` },
    ],
    [
      'IAMUser of a failed sign-in, whose name AWS hides',
      { type: 'IAMUser', accountId: ACCOUNT, userName: 'HIDDEN_DUE_TO_SECURITY_REASONS', accessKeyId: '' },
      {},
      { name: 'unknown user', label: 'unknown user (name hidden by AWS)' },
    ],
    [
      'AssumedRole',
      roleSession('web', 'i-0abc'),
      {},
      {
        kind: 'role',
        name: 'web',
        label: 'i-0abc (role web)',
        id: `arn:aws:iam::${ACCOUNT}:role/web`,
        role: 'web',
        session: 'i-0abc',
      },
    ],
    [
      'AssumedRole without a sessionContext',
      {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/s=1,@.x`,
        principalId: 'AROAX:s=1,@.x',
      },
      {},
      { label: 's=1,@.x (role web)', id: `arn:aws:iam::${ACCOUNT}:role/web`, account: ACCOUNT },
    ],
    [
      'AssumedRole by a permission set of Identity Center',
      roleSession('AWSReservedSSO_Admin_Access_0123456789abcdef', 'dana@example.com'),
      {},
      { name: 'dana@example.com', label: 'dana@example.com (permission set Admin_Access)' },
    ],
    [
      'AssumedRole whose ARN is that of the reserved role',
      {
        type: 'AssumedRole',
        principalId: 'AROAX:dana@example.com',
        accountId: ACCOUNT,
        arn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef`,
      },
      {},
      {
        label: 'dana@example.com (permission set Admin)',
        id: `arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_Admin_0123456789abcdef`,
      },
    ],
    [
      'AssumedRole under default host management',
      {
        type: 'AssumedRole',
        principalId: `${ACCOUNT}:aws:ec2-instance:i-0abc`,
        accountId: ACCOUNT,
        sessionContext: { sessionIssuer: { userName: 'aws:ec2-instance' } },
      },
      {},
      { label: 'i-0abc (role aws:ec2-instance)', role: 'aws:ec2-instance', session: 'i-0abc' },
    ],
    [
      'Role',
      { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/path/batch`, accountId: ACCOUNT },
      {},
      { kind: 'role', label: 'role batch', id: `arn:aws:iam::${ACCOUNT}:role/batch` },
    ],
    [
      'FederatedUser',
      {
        type: 'FederatedUser',
        principalId: `${ACCOUNT}:guest`,
        arn: `arn:aws:sts::${ACCOUNT}:federated-user/guest`,
        accountId: ACCOUNT,
        sessionContext: { sessionIssuer: { type: 'IAMUser', userName: 'broker', accountId: ACCOUNT } },
      },
      {},
      { kind: 'federated', label: 'guest (federated by broker)', id: `arn:aws:iam::${ACCOUNT}:user/broker` },
    ],
    ['Directory', { type: 'Directory', userName: 'corp\\eve' }, {}, { kind: 'directory', name: 'corp\\eve' }],
    [
      'AWSAccount, a role session',
      { type: 'AWSAccount', accountId: '444455556666', principalId: 'AROAX:deploy' },
      {},
      { kind: 'account', label: 'deploy @ account 444455556666', id: 'account/444455556666/AROAX' },
    ],
    [
      'AWSAccount with an ARN',
      { type: 'AWSAccount', accountId: '444455556666', arn: 'arn:aws:iam::444455556666:user/zoe' },
      {},
      { kind: 'account', label: 'user zoe', id: 'arn:aws:iam::444455556666:user/zoe' },
    ],
    [
      'AWSAccount, anonymous',
      { type: 'AWSAccount', accountId: 'ANONYMOUS_PRINCIPAL', principalId: '' },
      {},
      { label: 'anonymous caller' },
    ],
    [
      'AWSService',
      { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' },
      {},
      { kind: 'service', name: 'lambda.amazonaws.com', label: 'service lambda.amazonaws.com' },
    ],
    [
      'IdentityCenterUser signing in',
      { type: 'IdentityCenterUser', accountId: ACCOUNT, onBehalfOf: { userId: '544894e8' } },
      { additionalEventData: { UserName: 'dana@example.com' } },
      {
        kind: 'identity-center',
        label: 'dana@example.com (Identity Center)',
        id: 'identity-center/544894e8',
      },
    ],
    [
      'IdentityCenterUser afterwards',
      { type: 'IdentityCenterUser', accountId: ACCOUNT, onBehalfOf: { userId: '544894e8' } },
      {},
      { label: 'Identity Center user 544894e8', id: 'identity-center/544894e8' },
    ],
    [
      'SAMLUser',
      { type: 'SAMLUser', principalId: 'qualifier:eve@example.com', userName: 'eve@example.com' },
      { requestParameters: { principalArn: `arn:aws:iam::${ACCOUNT}:saml-provider/Okta` } },
      { kind: 'saml', label: 'eve@example.com (SAML)', id: 'saml/Okta/eve@example.com' },
    ],
    [
      'WebIdentityUser, a GitHub job',
      {
        type: 'WebIdentityUser',
        userName: 'repo:example/shop:ref:refs/heads/main',
        identityProvider: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
      },
      {},
      {
        kind: 'web-identity',
        name: 'example/shop',
        label: 'example/shop (GitHub Actions, ref:refs/heads/main)',
        id: 'oidc/token.actions.githubusercontent.com/example/shop',
      },
    ],
    [
      'WebIdentityUser, a service account of EKS',
      {
        type: 'WebIdentityUser',
        userName: 'system:serviceaccount:prod:worker',
        identityProvider: `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC`,
      },
      {},
      {
        label: 'prod/worker (Kubernetes service account)',
        id: 'oidc/oidc.eks.eu-west-1.amazonaws.com/id/ABC/prod/worker',
      },
    ],
    [
      'WebIdentityUser of another provider',
      { type: 'WebIdentityUser', userName: '1234', identityProvider: 'accounts.google.com' },
      {},
      { label: '1234 (OIDC accounts.google.com)' },
    ],
    [
      'Unknown',
      { type: 'Unknown', principalId: 'Anonymous' },
      {},
      { kind: 'unknown', label: 'anonymous caller' },
    ],
    [
      'Unknown with only onBehalfOf',
      { type: 'Unknown', onBehalfOf: { userId: '544894e8' } },
      {},
      { kind: 'unknown', label: '544894e8' },
    ],
    [
      'a type that AWS has yet to invent',
      { type: 'QuantumUser', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/s1` },
      {},
      { kind: 'unknown', label: 's1 (role web)', id: `arn:aws:iam::${ACCOUNT}:role/web` },
    ],
    [
      'no type, AWS itself',
      { accountId: ACCOUNT, invokedBy: 'AWS Internal' },
      { eventType: 'AwsServiceEvent' },
      { kind: 'service', name: 'AWS Internal' },
    ],
    ['no type, an account', { accountId: ACCOUNT }, {}, { kind: 'account', label: `account ${ACCOUNT}` }],
  ];

  it.each(cases)('%s', (_, identity, record, expected) => {
    expect(actor(identity, record)).toMatchObject(expected);
  });

  it.each([[null], [undefined], [{}], ['text'], [[1]]])(
    '%j as userIdentity is an unknown actor',
    (identity) => {
      expect(actor(identity)).toMatchObject({ kind: 'unknown', label: 'unknown' });
    },
  );

  it('a service event without userIdentity is the service', () => {
    const record = { eventType: 'AwsServiceEvent', eventSource: 'kms.amazonaws.com' };
    expect(actor(null, record).label).toBe('service kms.amazonaws.com');
  });

  it('an account id that YAML read as a number gets its zeros back', () => {
    expect(actor({ type: 'Root', accountId: 11122223333 }).label).toBe('root @ 011122223333');
  });

  it('other partitions keep theirs', () => {
    const china = actor({ type: 'IAMUser', userName: 'li', accountId: ACCOUNT }, { awsRegion: 'cn-north-1' });
    expect(china.id).toBe(`arn:aws-cn:iam::${ACCOUNT}:user/li`);
  });
});

describe('the id', () => {
  it('is the same for all sessions of one role, with path, without, and without a sessionContext', () => {
    const first = roleSession('deploy', 'job-1');
    const second = roleSession('deploy', 'job-2');
    const pathed = roleSession('deploy', 'job-3');
    const issuer = {
      type: 'Role',
      arn: `arn:aws:iam::${ACCOUNT}:role/ci/deploy`,
      accountId: ACCOUNT,
      userName: 'deploy',
    };
    pathed.sessionContext = { sessionIssuer: issuer, sourceIdentity: 'alice' };
    const { sessionContext: _, ...bare } = roleSession('deploy', 'job-4');
    expect(new Set([first, second, pathed, bare].map((identity) => actor(identity).id)).size).toBe(1);
  });

  it('differs between accounts', () => {
    expect(actor(roleSession('deploy', 's')).id).not.toBe(
      actor(roleSession('deploy', 's', '444455556666')).id,
    );
  });

  it('of a user is the same in a failed sign-in, which has no ARN', () => {
    const failed = { type: 'IAMUser', accountId: ACCOUNT, userName: 'alice' };
    expect(actor(failed).id).toBe(actor(user('alice')).id);
  });
});

describe('behind the actor', () => {
  it('stand source identity, service, session, and those on whose behalf it acts', () => {
    const identity = roleSession('web', 'i-0abc');
    identity.sessionContext = { ...(identity.sessionContext as JsonObject), sourceIdentity: 'alice' };
    identity.invokedBy = 'cloudformation.amazonaws.com';
    identity.onBehalfOf = { userId: '544894e8' };
    identity.invokedByDelegate = { accountId: '444455556666' };
    identity.inScopeOf = { credentialsIssuedTo: 'arn:aws:lambda:eu-west-1:111122223333:function:f' };
    const read = actor(identity);
    expect(read.label).toBe('alice (role web)');
    expect(behind(read)).toEqual([
      'source identity alice',
      'via cloudformation.amazonaws.com',
      'session i-0abc of role web',
      'credentials issued to arn:aws:lambda:eu-west-1:111122223333:function:f',
      'on behalf of Identity Center user 544894e8',
      'access delegated to account 444455556666',
    ]);
  });

  it('stands nothing for a user with a key, or a service by itself', () => {
    expect(behind(actor(user('alice')))).toEqual([]);
    expect(behind(actor({ type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }))).toEqual([]);
  });

  it('stands no session that the label already names', () => {
    const read = actor(roleSession('web', 'i-0abc'));
    expect(read.label).toBe('i-0abc (role web)');
    expect(behind(read)).toEqual([]);
  });
});

describe('MFA', () => {
  const console = (MFAUsed: string): JsonObject => ({ additionalEventData: { MFAUsed } });
  const sessionSaying = (mfaAuthenticated: Json): JsonObject => ({
    ...user('alice'),
    sessionContext: { attributes: { mfaAuthenticated } },
  });

  it.each([
    ['a sign-in with MFA', user('alice'), console('Yes'), true],
    ['an old sign-in with MFA', user('alice'), console('YES'), true],
    ['a sign-in without', user('alice'), console('No'), false],
    ['a key, which says nothing', user('alice'), {}, undefined],
    ['a session without', roleSession('web', 's'), {}, false],
    [
      'Identity Center, where MFA is done elsewhere',
      roleSession('AWSReservedSSO_A_0123456789abcdef', 's'),
      console('No'),
      undefined,
    ],
    ['a service', { ...roleSession('web', 's'), invokedBy: 'autoscaling.amazonaws.com' }, {}, undefined],
    ['a session that says it as a boolean', sessionSaying(true), {}, true],
    ['what no word can be made of', sessionSaying({ toString: '' }), {}, undefined],
  ])('%s', (_, identity, record, expected) => {
    expect(actor(identity, record).mfa).toBe(expected);
  });
});

it('any userIdentity whatever gives an actor with a name, a label and an id', () => {
  const types = [
    'Root',
    'IAMUser',
    'AssumedRole',
    'FederatedUser',
    'AWSAccount',
    'SAMLUser',
    'WebIdentityUser',
    'Unknown',
  ];
  const members = [
    'principalId',
    'arn',
    'accountId',
    'userName',
    'invokedBy',
    'sessionContext',
    'identityProvider',
  ];
  const identities = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        type: fc.constantFrom(...types),
        ...Object.fromEntries(members.map((member) => [member, fc.jsonValue({ maxDepth: 2 })])),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(identities, (identity) => {
      const read = actor(identity);
      for (const text of [read.name, read.label, read.id]) expect(text).toMatch(/[\s\S]/);
      behind(read);
    }),
  );
});
