import { Composer, type Document, Lexer, LineCounter, Parser } from 'yaml';
import { type Problem, sayError } from '../kernel/problem.ts';

/** A file of rules as it was read. */
export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

/** Far more than rules need; what is beyond would cost minutes and gigabytes to read. */
const MOST_CHARACTERS = 10_000_000;
const MOST_DOCUMENTS = 10_000;
const MOST_LEXEMES = 1_000_000;
/** Open collections that the parser holds; a bit more than the levels of nodes that are allowed. */
const DEEPEST_STACK = 100;
export const MAX_DEPTH = 64;

/** Ends the reading of a file. */
class Stop extends Error {
  readonly offset: number;
  readonly remedy: string;

  constructor(offset: number, what: string, remedy: string) {
    super(what);
    this.offset = offset;
    this.remedy = remedy;
  }
}

/**
 * Reads the YAML documents of a file one by one; what they hold is for `read`. A file that is no text, or that is
 * more than anybody writes, is refused: then the problem says why. Never throws.
 */
export function readDocuments(
  file: RuleFile,
  read: (document: Document.Parsed, lines: LineCounter) => void,
): Problem | undefined {
  const lines = new LineCounter();
  let documents = 0;
  try {
    checkText(file.text);
    for (const document of documentsOf(file.text, lines)) {
      documents += 1;
      if (documents > MOST_DOCUMENTS) {
        const what = `the file has more than ${MOST_DOCUMENTS} documents`;
        throw new Stop(document.range[0], what, 'split it into several files');
      }
      read(document, lines);
    }
  } catch (error) {
    if (!(error instanceof Stop)) {
      const what = `this YAML cannot be read (${sayError(error)})`;
      return { file: file.path, line: 0, column: 0, what, remedy: 'write it more simply' };
    }
    const { line, column } = placeOf(file.text, error.offset);
    return { file: file.path, line, column, what: error.message, remedy: error.remedy };
  }
  return undefined;
}

function checkText(text: string): void {
  if (text.length > MOST_CHARACTERS) {
    const what = `the file has ${text.length} characters`;
    throw new Stop(-1, what, `use at most ${MOST_CHARACTERS} a file, and split it`);
  }
  const wrong = text.search(/[\0\uFFFD]/);
  if (wrong < 0) return;
  if (text.charAt(wrong) === '\0') throw new Stop(wrong, 'here is a NUL byte, which is no text', 'remove it');
  throw new Stop(wrong, 'here is a byte that is not UTF-8', 'save the file as UTF-8');
}

function* documentsOf(text: string, lines: LineCounter): Generator<Document.Parsed> {
  const lexer = new Lexer();
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  let lexemes = 0;
  lines.addNewLine(0);
  for (const lexeme of lexer.lex(text)) {
    lexemes += 1;
    if (lexemes > MOST_LEXEMES) {
      throw new Stop(parser.offset, 'the document is too long', 'split it into several documents');
    }
    for (const token of parser.next(lexeme)) {
      for (const document of composer.next(token)) {
        lexemes = 0;
        yield document;
      }
    }
    if (parser.stack.length > DEEPEST_STACK) {
      throw new Stop(parser.offset, 'the YAML is nested too deeply', `nest at most ${MAX_DEPTH} levels`);
    }
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end();
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  if (offset < 0) return { line: 0, column: 0 };
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}
