/** One line of the list that opens when somebody types `/`. */
export interface Hint {
  /** What is written into the message box. */
  readonly text: string;
  readonly usage: string;
  readonly about: string;
}

const USAGE: readonly (readonly [words: string, rest: string, about: string])[] = [
  ['help', '', 'what can be asked'],
  ['alerts', '[open | mine]', 'open alerts, or those that you acknowledged'],
  ['status', '', 'whether the bot sees everything'],
  ['event', 'ID', 'one event in full'],
  ['rules', '', 'what is watched for'],
];

/** The commands that fit what has been typed so far. */
export function hintsFor(typed: string, command: string): Hint[] {
  if (command === '' || !typed.startsWith('/') || typed.includes('\n')) return [];
  const hints = USAGE.map(([words, rest, about]) => ({
    text: `${command} ${words}${rest === '' ? '' : ' '}`,
    usage: `${command} ${words} ${rest}`.trim(),
    about,
  }));
  return hints.filter((hint) => hint.text.startsWith(typed) && hint.text !== typed);
}
