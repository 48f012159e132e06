/** One word of what a person typed. */
export interface Word {
  readonly text: string;
  /** In lower case: what words of the grammar are compared with. */
  readonly lower: string;
  /** It stood in quotes: a value, whatever it looks like. */
  readonly quoted: boolean;
}

/** A Slack id of a person, without a name that could be used instead. */
const NAMELESS = /^@[UW][A-Z0-9]{2,20}$/;

/**
 * The words of a text as it comes out of Slack: links, mail addresses and dates become what the reader sees,
 * `<@U…|alice>` becomes `@alice`, and quotes, code marks and the punctuation around a word go.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const [whole, quoted] of plainText(text).matchAll(/"([^"]*)"|[^\s"]+/g)) {
    const said =
      quoted === undefined ? trimmed(whole).replace(/^-+$/, '') : quoted.replace(/\s+/g, ' ').trim();
    if (said !== '') words.push({ text: said, lower: said.toLowerCase(), quoted: quoted !== undefined });
  }
  return words;
}

/** What was typed with an `@` in front: Slack's people, whom CloudTrail does not know. */
export function isMention({ text, quoted }: Word): boolean {
  return !quoted && /^@[\p{L}\p{N}]/u.test(text);
}

/** `alice` of `@alice`; `undefined` when Slack gave the id alone. */
export function mentionedName({ text }: Word): string | undefined {
  return NAMELESS.test(text) ? undefined : text.slice(1);
}

/** What a reader in Slack sees, on one line, with straight quotes. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/<([^<>|\s]{1,500})(?:\|([^<>|]{0,500}))?>/g, (_, target: string, label?: string) =>
      shown(target, label),
    )
    .replace(/&(?:amp;)*[lg]t;/g, ' ')
    .replace(/&(?:amp;)+/g, '&')
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[`<>\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** Source: Slack, "Formatting text for app surfaces". */
function shown(target: string, label: string | undefined): string {
  if (target.startsWith('@')) return ` @${label || target.slice(1)} `;
  if (target.startsWith('!')) return ` ${label ?? ''} `;
  return label || target.replace(/^mailto:/, '');
}

/** Without the brackets and the punctuation around it; `…` and the `::` of an IPv6 address belong to it. */
function trimmed(word: string): string {
  let end = word.length;
  while (end > 0 && isTail(word, end - 1)) end -= 1;
  const start = /^[([{*~'•–—]*/.exec(word)?.[0].length ?? 0;
  return word.slice(Math.min(start, end), end);
}

function isTail(word: string, at: number): boolean {
  const sign = word[at] ?? '';
  if (sign === ':') return word[at - 1] !== ':';
  return ")]}*~.,;!?'•–—".includes(sign);
}
