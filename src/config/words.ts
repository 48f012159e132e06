/** Keys and indexes from the top of the file to a value. */
export type Path = readonly PropertyKey[];

/** What a person reads about a mistake. */
interface Words {
  readonly what: string;
  readonly remedy: string;
}

const YAML_MISTAKES: Readonly<Record<string, Words>> = {
  TAB_AS_INDENT: { what: 'a tab stands in the indentation', remedy: 'indent with spaces' },
  BAD_INDENT: {
    what: 'the indentation does not fit the lines before it, or a bracket is not closed',
    remedy: 'line it up with its neighbours',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    what: 'a second "key: value" stands on the line',
    remedy: 'put the value in quotes, or start a new line',
  },
  MISSING_CHAR: {
    what: 'a quote or a bracket is not closed, or a colon is missing',
    remedy: 'close it, or add ": " after the key',
  },
  BAD_SCALAR_START: {
    what: 'a value begins with a character that YAML reserves',
    remedy: 'put it in quotes',
  },
  BAD_DQ_ESCAPE: {
    what: 'a backslash in double quotes begins an escape that YAML does not know',
    remedy: 'use single quotes, or write the backslash twice',
  },
  MULTIPLE_DOCS: { what: 'a second YAML document begins here (---)', remedy: 'keep one document' },
  TAG_RESOLVE_FAILED: { what: 'a YAML tag (!) has no meaning here', remedy: 'remove it' },
  RESOURCE_EXHAUSTION: { what: 'brackets are nested too deep', remedy: 'write it flatter' },
};

/**
 * A syntax mistake in words of our own: the YAML library quotes the file, and there may be a secret in it.
 * `at` is the text that begins at the mistake.
 */
export function yamlMistake(code: string, at: string): Words {
  if (code === 'DUPLICATE_KEY') {
    const key = /^["']?([\w.-]{1,40})/u.exec(at)?.[1];
    return { what: `the key ${key ? `${sayKey(key)} ` : ''}stands twice`, remedy: 'keep one of them' };
  }
  return (
    YAML_MISTAKES[code] ?? {
      what: 'this is not YAML',
      remedy: 'look at the indentation, the quotes and the colons around here',
    }
  );
}

/** `listen.port`, `routes.routes[1].match[0]`; the top is `the file`. */
export function sayPath(path: Path): string {
  let said = '';
  for (const part of path) {
    if (typeof part === 'number') said += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/u.test(String(part)) && !looksSecret(String(part))) {
      said += `${said && '.'}${String(part)}`;
    } else said += `${said && '.'}${sayKey(String(part))}`;
  }
  return said || 'the file';
}

/** A key in quotes, cut, and never a secret that got there by mistake. */
export function sayKey(key: string): string {
  if (looksSecret(key)) return '(hidden: it looks like a secret)';
  return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
}

/** Slack's tokens, and long runs of letters and digits such as keys are made of. */
function looksSecret(text: string): boolean {
  return isSlackToken(text) || /(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9+/=]{20,}/u.test(text);
}

export function isSlackToken(text: string): boolean {
  return /^(xox[a-z]|xapp)-/u.test(text);
}

/** The environment variable that a key of the file seems to mean. */
export function secretVariable(key: string): string | undefined {
  const plain = key.toLowerCase().replace(/[^a-z]/gu, '');
  if (/signing/u.test(plain)) return 'SLACK_SIGNING_SECRET';
  if (/webhook.*(key|secret)|apikey/u.test(plain)) return 'TRAILBOT_WEBHOOK_KEYS';
  if (/(routing|integration)key/u.test(plain)) return 'TRAILBOT_PAGERDUTY_NAME';
  if (/database|postgres/u.test(plain)) return 'DATABASE_URL';
  if (/apptoken/u.test(plain)) return 'SLACK_APP_TOKEN';
  if (/accesskey/u.test(plain)) return 'AWS_SECRET_ACCESS_KEY';
  return /token|secret|password|passwd/u.test(plain) ? 'SLACK_BOT_TOKEN' : undefined;
}

/** What to do about a secret in the file. */
export function instead(variable: string): string {
  return `remove it, set the environment variable ${variable}, and replace the secret if others could read the file`;
}
