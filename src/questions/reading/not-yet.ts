/** What people ask of such bots and no question answers: this version has none, or it is done with alerts. */
const NOT_YET: ReadonlySet<string> = new Set(['mute', 'mutes', 'unmute', 'timeline']);

/** Whether a command that begins with this word, in lower case, is one that this version does not have. */
export function isNotYet(word: string): boolean {
  return NOT_YET.has(word);
}
