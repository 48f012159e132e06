/** A character that must be there, or a wildcard. */
export type Piece = { readonly char: string } | '*' | '?';

/** Sigma's escapes: a backslash before `*`, `?` or another backslash takes their meaning away. */
export function piecesOf(text: string): Piece[] {
  return Array.from(text.matchAll(/\\([*?\\])|./gsu), ([one, escaped]) => {
    if (escaped !== undefined) return { char: escaped };
    return one === '*' || one === '?' ? one : { char: one };
  });
}

/** The text as it stands, without wildcards. */
export function literally(text: string): Piece[] {
  return Array.from(text, (char) => ({ char }));
}

/** Whether the pieces are the whole text. */
export function isWhole(pieces: readonly Piece[], text: string, cased: boolean): boolean {
  const chars = Array.from(cased ? text : smallText(text));
  const wanted = pieces.map((piece) =>
    typeof piece === 'string' || cased ? piece : { char: small(piece.char) },
  );
  return fitsFrom(wanted, 0, chars, 0);
}

function fitsFrom(pieces: readonly Piece[], at: number, chars: readonly string[], from: number): boolean {
  const piece = pieces[at];
  if (piece === undefined) return from === chars.length;
  if (piece === '*') {
    if (at === pieces.length - 1) return true;
    for (let next = from; next <= chars.length; next += 1) {
      if (fitsFrom(pieces, at + 1, chars, next)) return true;
    }
    return false;
  }
  if (from === chars.length || (piece !== '?' && piece.char !== chars[from])) return false;
  return fitsFrom(pieces, at + 1, chars, from + 1);
}

/** The text in small letters, character by character. */
export function smallText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, small).join('');
}

/** One small letter for one letter; both of the small sigmas are the same. */
function small(char: string): string {
  const lower = char.toLowerCase();
  if (lower === 'ς') return 'σ';
  return Array.from(lower).length === 1 ? lower : char;
}
