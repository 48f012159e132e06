import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactJson } from '../../src/cloudtrail/redact.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { record, roleSession } from '../support/records.ts';

/** The two ends of every planted secret; neither may be left. */
const HEAD = 'h3Ad0FsEcReT';
const END = 'e9D0FsEcReT';

const SECRET_NAMES = [
  'sessionToken',
  'secretAccessKey',
  'SecretAccessKey',
  'masterUserPassword',
  'password',
  'newPassword',
  'DB_PASSWORD',
  'SAMLAssertion',
  'sAMLAssertion',
  'webIdentityToken',
  'tokenCode',
  'authorizationToken',
  'clientSecret',
  'client_secret',
  'privateKey',
  'keyMaterial',
  'plaintext',
  'Plaintext',
  'X-Amz-Security-Token',
  'GITHUB_TOKEN',
  'token',
  'secretString',
  'Authorization',
  'authenticationCode1',
  'X-Amz-Signature',
  'JWT_SIGNING_KEY',
  'SECRET_KEY_BASE',
];

/** Not secrets by their name, by their form: found wherever they stand. */
const SECRET_FORMS: readonly ((core: string) => string)[] = [
  (core) => `eyJhbGciOiJIUzI1NiJ9.${core}.c2lnbmF0dXJl`,
  (core) => `eyJlbmMiOiJBMjU2R0NNIn0.${core}.aXY.Y2lwaGVy.dGFn`,
  (core) => `-----BEGIN RSA PRIVATE KEY-----\nMIIE${core}\n-----END RSA PRIVATE KEY-----`,
  (core) => `-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Bl${core}`,
  (core) => `IQoJb3JpZ2luX2VjEOH//////////wEaCXVz${core}`,
  (core) => `FwoGZXIvYXdzEBYaDKLMNOPQRSTUVWXYZabcdef${core}`,
  (core) => `xoxb-12345678-${core}`,
  (core) => `xapp-1-A123-${core}`,
  (core) => `https://hooks.slack.com/services/T1/B1/${core}`,
  (core) => `ghp_0123456789abcdef${core}`,
  (core) => `github_pat_0123456789abcdef_${core}`,
  (core) => `https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=${core}`,
  (core) => `https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${core}&X-Amz-Expires=60`,
  (core) => `https://deploy:${core}@git.example.com/shop.git`,
  (core) => `curl -H "Authorization: Bearer ${core}"`,
  (core) => `mysql://db?user=x&password=${core}&tls=1`,
  (core) => `Server=db;Pwd=${core};`,
  (core) => `%7B%22password%22%3A%22${core}%22%7D`,
  (core) => `sk_live_${core}`,
  (core) => `rk_live_${core}`,
  (core) => `AIzaSyA-0123456789_${core}`,
  (core) => `AYABeC1y8qooiuysEv0uM4wAqQAHQABAAdT${core}`,
  (core) => `<pre_shared_key>${core}</pre_shared_key>`,
  (core) => `<db:password encrypted="no"> ${core}\n</db:password>`,
  (core) => `&lt;pre_shared_key&gt;${core}&lt;/pre_shared_key&gt;`,
  (core) => `aws configure set aws_secret_access_key ${core}`,
  (core) => `aws configure set profile.ci.aws_session_token '${core}'`,
  (core) => `mydb --host h --password ${core} --verbose`,
  (core) => `mydb --password "${core} and ${core}" --verbose`,
  (core) => `Connect-Db -Password ${core}`,
  (core) => `sshpass -p ${core} ssh -p 22 deploy@web`,
  (core) => `cd /srv; sshpass -p'${core}' ssh web`,
  (core) => `/usr/bin/mysqldump -h db -u root -p${core} shop`,
  (core) => `curl -s -u admin:${core} https://api.example.com/`,
  (core) => `curl --user 'admin:${core} x' https://api.example.com/`,
  (core) => `redis-cli -h cache -a ${core} ping`,
];

const word = fc.stringMatching(/^[A-Za-z0-9]{0,12}$/);
const core = word.map((middle) => `${HEAD}${middle}${END}`);
/** Also with quotes, backslashes and line breaks inside. */
const wild = fc
  .string({ unit: fc.constantFrom(...'"\'\\\n &;,{}[]:=%ab\u2028'), maxLength: 12 })
  .map((middle) => `${HEAD}${middle}${END}`);

/** A record-like object with the value at some depth of it, and much else around. */
function somewhere(planted: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  const step = fc.tuple(
    word,
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('member', 'element', 'json', 'half'),
  );
  return fc
    .tuple(planted, fc.array(step, { maxLength: 5 }))
    .map(([start, steps]) =>
      steps.reduce<JsonObject>((inner, [key, beside, how]) => wrap(inner, key, beside as Json, how), start),
    );
}

function wrap(inner: JsonObject, key: string, beside: Json, how: string): JsonObject {
  const text = JSON.stringify(inner);
  if (how === 'element') return { beside, [`k${key}`]: [beside, inner, 1] };
  if (how === 'json') return { [`k${key}`]: text, beside };
  // Cut in the middle of its last member, as AWS cuts long texts, with words before it.
  if (how === 'half') return { [`k${key}`]: `body: ${text.slice(0, -1)}`, beside };
  return { beside, [`k${key}`]: inner };
}

function nothingLeft(body: JsonObject): void {
  const text = JSON.stringify(redact(body));
  expect(text).not.toContain(HEAD);
  expect(text).not.toContain(END);
}

describe('a live secret never survives, wherever it stands', () => {
  it('under a name that tells it', () => {
    const planted = fc
      .tuple(fc.constantFrom(...SECRET_NAMES), wild)
      .map(([name, secret]) => ({ [name]: secret }));
    fc.assert(fc.property(somewhere(planted), nothingLeft), { numRuns: 1000 });
  });

  it('anywhere under such a name', () => {
    const planted = fc
      .tuple(fc.constantFrom(...SECRET_NAMES), core)
      .map(([name, secret]) => ({ [name]: { deeper: [{ value: secret }, 7] } }));
    fc.assert(fc.property(planted, nothingLeft));
    fc.assert(
      fc.property(
        planted.map((inner) => ({ policy: JSON.stringify(inner) })),
        nothingLeft,
      ),
    );
  });

  it('in a text, by its form', () => {
    const planted = fc
      .tuple(
        fc.constantFrom(...SECRET_FORMS),
        core,
        fc.constantFrom('', 'see ', 'x='),
        fc.constantFrom('', ' there'),
      )
      .map(([form, secret, before, after]) => ({ text: before + form(secret) + after }));
    fc.assert(fc.property(somewhere(planted), nothingLeft), { numRuns: 1000 });
  });

  it('as the name of a member', () => {
    nothingLeft({ a: { [`xoxb-12345678-${HEAD}`]: 1 } });
    nothingLeft({ password: { [`ghp_0123456789abcdef${END}`]: true } });
  });

  it('beside its name', () => {
    nothingLeft({ environment: [{ name: 'DB_PASSWORD', value: HEAD }] });
    nothingLeft({ parameters: [{ parameterKey: 'MasterPassword', parameterValue: HEAD }] });
    nothingLeft({ environment: [{ name: 'JWT_SIGNING_KEY', value: HEAD }] });
    nothingLeft({ environment: [{ name: 'ENCRYPTION_KEY', value: HEAD }] });
    nothingLeft({ Environment: { Variables: { ENCRYPTION_KEY: HEAD, RAILS_MASTER_KEY: END } } });
  });

  it.each([
    [['sshpass', '-p', HEAD, 'ssh', 'web']],
    [['mysql', '-u', 'root', `-p${HEAD}`]],
    [['sh', '-c', `mysql -p${HEAD}`]],
    [['curl', '-u', `admin:${HEAD}`]],
    [['app', '--db-password', HEAD, END.length]],
  ])('as an argument: %j', (command) => {
    nothingLeft({ overrides: { command } });
    nothingLeft({ overrides: JSON.stringify({ command }) });
  });

  it('that continues a sign-in', () => {
    nothingLeft({ requestParameters: { session: `${HEAD}-0123456789` } });
  });

  it('as a number', () => {
    expect(redact({ tokenCode: 123456 })).toEqual({ tokenCode: '[redacted]' });
  });

  it('under a member called __proto__, without polluting anything', () => {
    const body = JSON.parse(`{"__proto__":{"password":"${HEAD}","polluted":true},"a":1}`) as JsonObject;
    const result = redact(body);
    nothingLeft(body);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"password":"[redacted]","polluted":true},"a":1}');
    expect(({} as JsonObject).polluted).toBeUndefined();
  });

  it('in a member that stands twice in a JSON text', () => {
    nothingLeft({ body: `{"password":"${HEAD}","password":null}` });
  });

  it('below any depth', () => {
    const deep = `${'{"a":'.repeat(5_000)}{"password":"${HEAD}"}${'}'.repeat(5_000)}`;
    nothingLeft(JSON.parse(deep) as JsonObject);
    nothingLeft({ text: deep });
  });
});

describe('what is not a secret stays', () => {
  it.each<[string, Json]>([
    ['passwordResetRequired', true],
    ['passwordResetRequired', 'false'],
    ['password', null],
    ['password', ''],
    ['sessionToken', 'HIDDEN_DUE_TO_SECURITY_REASONS'],
    ['masterUserPassword', '****'],
    ['GetSigninToken', 'Success'],
    ['allowUsersToChangePassword', true],
    ['minimumPasswordLength', 14],
    ['maxPasswordAge', 90],
    ['accessKeyId', 'AKIAIOSFODNN7EXAMPLE'],
    ['nextToken', 'AAEAAWTrG1XzfC'],
    ['clientToken', 'f5c0e9b4'],
    ['secretId', 'prod/db'],
    ['userData', 'IyEvYmluL2Jhc2g='],
    ['resource', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf'],
    ['action', '"Action": ["sts:GetSessionToken", "iam:ChangePassword"], "Resource": "*"'],
    [
      'errorMessage',
      'User is not authorized to perform: secretsmanager:GetSecretValue on resource: prod/token',
    ],
    ['errorMessage', "Value at 'password' failed to satisfy constraint"],
    ['Host', 'https://s3.eu-west-1.amazonaws.com:443/bucket'],
    ['encryptionKey', 'arn:aws:kms:eu-west-1:111122223333:key/3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11'],
    ['encryptionKey', '3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11'],
    ['encryptionKey', { id: 'alias/pipeline', type: 'KMS' }],
    ['masterUserSecretKey', 'arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:db-AbCdEf'],
    ['kmsKeyId', '3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11'],
    ['environment', [{ name: 'ENCRYPTION_KEY', value: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1' }]],
    ['policy', 'encryptionKey=arn:aws:kms:eu-west-1:111122223333:key/1, "masterKey": "alias/shop" set'],
    ['session', 'web-1'],
    ['session', { sessionId: 'x', roleArn: 'arn:aws:iam::111122223333:role/glue-role-of-the-shop' }],
    ['command', ['docker', 'run', '-p', '8080:80', '--name', 'web', '-e', 'MODE=prod']],
    ['command', 'mysql -u root -P 3306 --protocol tcp && mkdir -pv /srv && curl -u admin https://x.example'],
    ['command', 'aws configure set region eu-west-1 --profile ci; ssh -p 2222 web'],
    ['configuration', '<vpn><ike><lifetime>28800</lifetime></ike></vpn>'],
  ])('%s: %j', (key, value) => {
    const body = { requestParameters: { [key]: value } };
    expect(redact(body)).toBe(body);
  });

  it('an ordinary record is handed back as it is, not copied', () => {
    const body = record({
      userIdentity: roleSession('web', 'i-0abc'),
      requestParameters: {
        policyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
      },
    });
    expect(redact(body)).toBe(body);
  });

  it('the rest of the record stands beside the marker, and the original is left alone', () => {
    const body = {
      a: [1, { b: 'x' }],
      responseElements: { credentials: { accessKeyId: 'ASIA', sessionToken: HEAD } },
    };
    const before = structuredClone(body);
    expect(redact(body)).toEqual({
      a: [1, { b: 'x' }],
      responseElements: { credentials: { accessKeyId: 'ASIA', sessionToken: '[redacted]' } },
    });
    expect(body).toEqual(before);
  });

  it('JSON inside a text stays JSON', () => {
    const result = redact({ body: '{"user":"a","password":"p","n":[1]}' });
    expect(JSON.parse(String(result.body))).toEqual({ user: 'a', password: '[redacted]', n: [1] });
  });
});

it('redacting again changes nothing', () => {
  const planted = fc
    .tuple(fc.constantFrom(...SECRET_FORMS), fc.constantFrom(...SECRET_NAMES), core)
    .map(([form, name, secret]) => ({
      text: form(secret),
      [name]: secret,
      more: `${name}=${secret} and ${name}: "${secret}"`,
    }));
  fc.assert(
    fc.property(somewhere(planted), (body) => {
      const once = redact(body);
      expect(redact(once)).toEqual(once);
    }),
  );
});

it('any JSON value goes through', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => JSON.stringify(redactJson(value as Json)) !== undefined));
});

it.each([
  ['password'.repeat(40_000)],
  ['eyJ'.repeat(100_000)],
  ['-----BEGIN RSA PRIVATE KEY-----'.repeat(10_000)],
  ['://a:b'.repeat(60_000)],
  ['token="'.repeat(50_000)],
  [`password${' '.repeat(300_000)}`],
  ['\\"'.repeat(150_000)],
  ['password\\\\"'.repeat(30_000)],
  ['['.repeat(300_000)],
  ['<a>'.repeat(100_000)],
  ['<password '.repeat(30_000)],
  ['&lt;password&gt;'.repeat(20_000)],
  ['mysql -x '.repeat(30_000)],
  [`mysql -p${')'.repeat(300_000)}`],
  ['--password '.repeat(30_000)],
  [`--password "${'a '.repeat(150_000)}`],
  ['set a_password '.repeat(20_000)],
])(
  'a long text that nearly looks like secrets does not stall the reader: %.12s…',
  { timeout: 2_000 },
  (text) => {
    redact({ text, inside: JSON.stringify({ text }) });
  },
);
