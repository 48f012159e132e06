/** What stands in the place of a secret: shows that the field was there, never what it held. */
export const REDACTED = '[redacted]';

/**
 * Names whose value is a live secret, as words; a key counts when it ends with one (`masterUserPassword`,
 * `DB_PASSWORD`, `x-amz-security-token`). Not among them, because rules and people need them: access key ids,
 * `nextToken`, `secretId`, `passwordResetRequired`, `userData`.
 */
const ENDINGS = [
  'password',
  'passwd',
  'passphrase',
  'password data',
  'secret access key',
  'secret key',
  'secret key base',
  'secret string',
  'secret binary',
  'secret hash',
  '(?:client|app|shared|consumer|webhook|api|signing|jwt) secret',
  '(?:session|security|access|refresh|id|bearer|auth|authorization|identity) token',
  '(?:signin|oauth|bot|api|import|bootstrap|registration|join|git hub) token',
  'token code',
  'token value',
  'saml assertion',
  '(?:private|pre shared|signing|encryption|master|hmac) key',
  'key material',
  'plaintext',
  'api key',
  'api key value',
  '(?:authentication|authorization|activation|confirmation|device|mfa) code',
  'code verifier',
  'string seed',
  'qr code png',
  'amz signature',
];

/** Names that count only as a whole word: `token` and `GITHUB_TOKEN`, but not `nextToken`. */
const WORDS = ['token', 'secret', 'pwd', 'otp', 'authorization', 'cookie'];

/** All of them, as the source of a regular expression that ignores case. */
export const NAMES: string = [
  ...ENDINGS.map((name) => name.replaceAll(' ', '[ _.-]?')),
  // Not after a colon or slash either: `arn:aws:secretsmanager:…:secret:prod/db` names a secret, it holds none.
  ...WORDS.map((word) => `(?<![a-z:/])${word}`),
].join('|');

const SECRET_NAME = new RegExp(`(?:${NAMES})\\d*$`, 'i');

/** Is the value of this key a secret? Judged by the name alone. */
export function isSecretName(key: string): boolean {
  return SECRET_NAME.test(key);
}

/** AWS tells under such a name which key of KMS it takes; a program keeps the key itself there. */
const KEY_NAME = /(?:encryption|master)[ _.-]?key\d*$/i;

/** Is this one of the names under which a key may be named as well as given? */
export function isKeyName(key: string): boolean {
  return KEY_NAME.test(key);
}

const ARN = /^arn:aws[a-z-]{0,20}:[\w-]{1,40}:[^\s"'\\]*$/;
const KEY_ID = /^(?:alias\/[\w/-]+|mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Does the value only name something, although a secret's name stands before it? */
export function isReference(value: string, name: string): boolean {
  return ARN.test(value) || (KEY_ID.test(value) && isKeyName(name));
}
