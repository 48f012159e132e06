import { isWhole, piecesOf } from './glob.ts';

/** Whether a condition holds, given the names of the selections and which of them hold. Throws when it is wrong. */
export function conditionHolds(
  text: string,
  names: readonly string[],
  holds: (name: string) => boolean,
): boolean {
  const words = text.match(/[\w*-]+|[()]/g) ?? [];
  const take = (word: string) => words[0] === word && words.shift() !== undefined;

  function either(): boolean {
    let result = both();
    while (take('or')) result = both() || result;
    return result;
  }

  function both(): boolean {
    let result = one();
    while (take('and')) result = one() && result;
    return result;
  }

  function one(): boolean {
    if (take('not')) return !one();
    if (take('(')) {
      const inner = either();
      if (!take(')')) throw new Error(`a bracket stays open in "${text}"`);
      return inner;
    }
    const word = words.shift();
    if (word === undefined) throw new Error(`"${text}" ends too early`);
    if (!take('of')) {
      if (!names.includes(word)) throw new Error(`"${word}" names nothing`);
      return holds(word);
    }
    const meant = meantBy(words.shift() ?? '', names);
    if (meant.length === 0) throw new Error(`a pattern of "${text}" fits nothing`);
    return word === 'all' ? meant.every(holds) : meant.some(holds);
  }

  const result = either();
  if (words.length > 0) throw new Error(`"${words.join(' ')}" is left over`);
  return result;
}

function meantBy(pattern: string, names: readonly string[]): string[] {
  const shown = names.filter((name) => !name.startsWith('_'));
  if (pattern === 'them') return shown;
  const searched = pattern.startsWith('_') ? names : shown;
  return searched.filter((name) => isWhole(piecesOf(pattern), name, true));
}
