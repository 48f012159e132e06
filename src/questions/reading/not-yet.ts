/** What people ask of such bots and this version has no answer to. */
const NOT_YET: ReadonlySet<string> = new Set(['oncall', 'on-call', 'mute', 'mutes', 'unmute', 'timeline']);

/** Whether a command that begins with this word, in lower case, is one that this version does not have. */
export function isNotYet(word: string): boolean {
  return NOT_YET.has(word);
}
