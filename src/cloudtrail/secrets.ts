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
  'secret string',
  'secret binary',
  'secret hash',
  ...['client', 'app', 'shared', 'consumer', 'webhook', 'api', 'signing'].map((word) => `${word} secret`),
  ...['session', 'security', 'access', 'refresh', 'id', 'bearer', 'auth', 'authorization', 'identity'].map(
    (word) => `${word} token`,
  ),
  ...['signin', 'oauth', 'bot', 'api', 'import', 'bootstrap', 'registration', 'join', 'git hub'].map(
    (word) => `${word} token`,
  ),
  'token code',
  'token value',
  'saml assertion',
  'private key',
  'pre shared key',
  'key material',
  'plaintext',
  'api key',
  'api key value',
  'authentication code',
  'authorization code',
  'activation code',
  'confirmation code',
  'device code',
  'mfa code',
  'code verifier',
  'string seed',
  'qr code png',
];

/** Names that count only as a whole word: `token` and `GITHUB_TOKEN`, but not `nextToken`. */
const WORDS = ['token', 'secret', 'pwd', 'otp', 'authorization', 'cookie'];

const NAMES = [
  ...ENDINGS.map((name) => name.replaceAll(' ', '[ _.-]?')),
  // Not after a colon or slash either: `arn:aws:secretsmanager:…:secret:prod/db` names a secret, it holds none.
  ...WORDS.map((word) => `(?<![a-z:/])${word}`),
].join('|');

const SECRET_KEY = new RegExp(`(?:${NAMES})\\d*$`, 'i');

/** Is the value of this key a secret? Judged by the name alone. */
export function isSecretName(key: string): boolean {
  return SECRET_KEY.test(key);
}

/** Secrets that are known by their own form, wherever they stand. None of these looks at a text twice. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    REDACTED,
  ],
  // Session tokens of AWS: base64 of a few fixed openings; percent-encoded inside an address.
  [/(?:FwoG|FQoG|IQoJ|AQoD|AQoE)[\w+/=%-]{30,}/g, REDACTED],
  [/(?:xox[a-z]|xapp)[.-][\w.-]{8,}/g, REDACTED],
  [/hooks\.slack\.com[/%][\w/%-]+/g, `hooks.slack.com/${REDACTED}`],
  [/(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,})/g, REDACTED],
  [/((?:X-Amz-Security-Token|Signature)(?:=|%3D))(?!\[redacted\])[^\s&"'<>\\]+/gi, `$1${REDACTED}`],
  [/\b([Bb]earer|[Bb]asic) {1,3}[\w.~+/=-]{12,}/g, `$1 ${REDACTED}`],
  // A password inside an address: `https://user:password@host`.
  [/(:\/\/[^\s/:@"']{0,200}:)(?!\[redacted\]@)[^\s/@"']{1,400}@/g, `$1${REDACTED}@`],
];

/** JSON web tokens: three parts, five when encrypted. Whole words are matched, so that no start is tried twice. */
function redactWebTokens(text: string): string {
  return text.replace(/[\w.-]{20,}/g, (word) => {
    const start = word.indexOf('eyJ');
    return start >= 0 && word.slice(start).split('.').length > 2 ? word.slice(0, start) + REDACTED : word;
  });
}

/** A secret's name and what may stand between it and its value, in JSON, a form, a command or an address. */
const NAMED = `(?:${NAMES})\\d*(?:\\\\*["']|%22)?\\s*(?:[:=]|%3[AD])`;

/** `"password": "…"` at any depth of escaping; the value ends at a quote escaped as its first one was. */
const QUOTED = new RegExp(`(${NAMED}[\\s[]*)(\\\\*["'])([\\s\\S]*?)((?<!\\\\)\\2|$)`, 'gi');

/** `password=…` without quotes. */
const BARE = new RegExp(
  `(${NAMED}\\s*(?:(?:bearer|basic|token) {1,3})?)` +
    `(?!\\[redacted\\]|(?:null|true|false)\\b)[^\\s&;,"'\\\\{}[\\]]+`,
  'gi',
);

/** The openings of all `FORMS`. */
const FORMED =
  /eyJ|-----BEGIN|FwoG|FQoG|IQoJ|AQoD|AQoE|xox[a-z][.-]|xapp[.-]|hooks\.slack|gh[opsur]_|github_pat|glpat-|[Bb]earer |[Bb]asic |:\/\/[^\s/:@]{0,200}:|\\u00/;
const SEPARATED = /[:=]|%3/;
const NAME_AND_SEPARATOR = new RegExp(`Signature(?:=|%)|${NAMED}`, 'i');

/**
 * False when there is certainly no secret in the text. Nearly every text of a record ends here, after two or
 * three cheap looks, so that reading 6,000 events a second stays cheap.
 */
export function maySpellSecret(text: string): boolean {
  return FORMED.test(text) || (SEPARATED.test(text) && NAME_AND_SEPARATOR.test(text));
}

/** The text with every secret in it replaced, be it known by its form or by the name before it. */
export function redactText(text: string): string {
  let result = redactWebTokens(text);
  for (const [form, replacement] of FORMS) result = result.replace(form, replacement);
  return result.replace(QUOTED, `$1$2${REDACTED}$4`).replace(BARE, `$1${REDACTED}`);
}
