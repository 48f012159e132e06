/** One line of the list that opens when somebody types `/`. */
export interface Hint {
  /** What is written into the message box. */
  readonly text: string;
  readonly usage: string;
  readonly about: string;
}

const USAGE: readonly (readonly [words: string, rest: string, about: string])[] = [
  ['help', '', 'what can be asked'],
  ['key', 'AKIA… [30d]', 'who used an access key, and who made it'],
  ['who', 'THING [2d]', 'who touched a name, id, ARN, address'],
  ['user', 'NAME [7d]', 'what a user or session did'],
  ['ip', 'ADDRESS [7d]', 'what came from an address'],
  ['role', 'NAME [7d]', 'what a role was used for'],
  ['resource', 'ID [7d]', 'what was done to one thing'],
  ['errors', '[1h]', 'denied and failed calls'],
  ['logins', '[1d]', 'sign-ins'],
  ['root', '[90d]', 'use of the root user'],
  ['event', 'ID', 'one event in full'],
  ['compare', 'ID ID', 'events side by side'],
  ['alerts', '[open | mine]', 'open alerts, or those that you acknowledged'],
  ['stats', '[30d]', 'how the rules did'],
  ['status', '', 'whether the bot sees everything'],
  ['rules', '', 'what is watched for'],
];

/** The commands, or the bots to mention, that fit what has been typed so far. */
export function hintsFor(typed: string, command: string, bots: readonly string[]): Hint[] {
  if (typed.startsWith('@')) return mentions(typed, bots);
  if (command === '' || !typed.startsWith('/') || typed.includes('\n')) return [];
  const hints = USAGE.map(([words, rest, about]) => ({
    text: `${command} ${words}${rest === '' ? '' : ' '}`,
    usage: `${command} ${words} ${rest}`.trim(),
    about,
  }));
  return hints.filter((hint) => hint.text.startsWith(typed) && hint.text !== typed);
}

function mentions(typed: string, bots: readonly string[]): Hint[] {
  const hints = bots.map((name) => ({
    text: `@${name} `,
    usage: `@${name} who used AKIA… since yesterday`,
    about: 'asks in words, in threads too',
  }));
  return hints.filter((hint) => hint.text.startsWith(typed) && hint.text !== typed);
}
