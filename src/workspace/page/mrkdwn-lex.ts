/** What stands between `<` and `>` in mrkdwn, or a bare address that became a link. */
export type Atom =
  | { readonly kind: 'link'; readonly url: string; readonly label: string; readonly bare: boolean }
  | { readonly kind: 'user'; readonly id: string; readonly label: string }
  | { readonly kind: 'channel'; readonly id: string; readonly label: string }
  | { readonly kind: 'group'; readonly id: string; readonly label: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | {
      readonly kind: 'date';
      /** Unix time. */
      readonly seconds: number;
      readonly format: string;
      readonly url: string;
      readonly fallback: string;
    };

/** One character of text, or an atom. */
export type Item = string | Atom;

/**
 * Cuts mrkdwn into characters and atoms. The source is split at `<…>` before `&lt;` and its kin are decoded, so
 * escaped text can never become a mention or a link. Bare addresses become links only when `autolink` is set.
 */
export function lex(source: string, autolink: boolean): Item[] {
  const result: Item[] = [];
  let from = 0;
  for (const match of source.matchAll(/<([^<>\n]+)>/g)) {
    const atom = atomOf(match[1] ?? '');
    if (atom === undefined) continue;
    result.push(...plain(source.slice(from, match.index), autolink), atom);
    from = match.index + match[0].length;
  }
  result.push(...plain(source.slice(from), autolink));
  return result;
}

/** The three characters that mrkdwn can escape, decoded once. */
export function decode(source: string): string {
  return source.replace(/&(amp|lt|gt);/g, (_, name: string) =>
    name === 'amp' ? '&' : name === 'lt' ? '<' : '>',
  );
}

/** The address when a browser may follow it from a message: http and https, nothing else. */
export function webAddress(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url)) return undefined;
  return URL.canParse(url) ? new URL(url).href : undefined;
}

function atomOf(inside: string): Atom | undefined {
  const bar = inside.indexOf('|');
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? '' : decode(inside.slice(bar + 1));
  const mention = /^([@#])([A-Z][A-Z0-9]+)$/.exec(target);
  if (mention?.[2] !== undefined) {
    return { kind: mention[1] === '@' ? 'user' : 'channel', id: mention[2], label };
  }
  if (target.startsWith('!')) return special(target.slice(1), label);
  const url = webAddress(decode(target));
  return url === undefined ? undefined : { kind: 'link', url, label: label || decode(target), bare: false };
}

function special(command: string, label: string): Atom | undefined {
  if (command === 'here' || command === 'channel' || command === 'everyone') {
    return { kind: 'broadcast', range: command };
  }
  const [name, first, format, url] = command.split('^');
  if (name === 'subteam' && first !== undefined) return { kind: 'group', id: first, label };
  if (name !== 'date' || first === undefined || format === undefined) return undefined;
  return {
    kind: 'date',
    seconds: /^\d+$/.test(first) ? Number(first) : Number.NaN,
    format: decode(format),
    url: decode(url ?? ''),
    fallback: label,
  };
}

function plain(source: string, autolink: boolean): Item[] {
  const words = decode(source);
  if (!autolink) return [...words];
  const result: Item[] = [];
  let from = 0;
  for (const match of words.matchAll(/https?:\/\/[^\s<>|`"]+/gi)) {
    const address = match[0].replace(/[.,;:!?)\]}'*_~]+$/, '');
    const url = webAddress(address);
    if (url === undefined) continue;
    result.push(...words.slice(from, match.index), { kind: 'link', url, label: address, bare: true });
    from = match.index + address.length;
  }
  result.push(...words.slice(from));
  return result;
}
