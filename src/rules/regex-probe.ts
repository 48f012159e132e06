import { RE2JS } from 're2js';
import type { Notes } from './notes.ts';
import type { Probe } from './probe.ts';
import type { ScalarNode } from './source.ts';

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

const LONGEST = 4_000;
/** Steps that a character of the text can cost; repetitions such as `(a{1000}b){9}` count as written out. */
const LARGEST = 10_000;
/** What a class of Unicode such as `\pL` takes of memory, in steps. */
const STEPS_OF_CLASS = 1_000;

/** Found anywhere in the text, in time linear to it. `undefined` after a mistake, which is reported. */
export function regexProbe(value: ScalarNode, flags: string, notes: Notes): Probe | undefined {
  const { text, at } = value;
  // Its file has used up what it may take, and has been refused for that.
  if (notes.beyond) return undefined;
  if (value.value === null) {
    notes.refuse(at, '"re" needs a regular expression, not null', 'write one, in quotes');
    return undefined;
  }
  if (text.length > LONGEST) {
    const what = `this regular expression has ${text.length} characters`;
    notes.refuse(at, what, `use at most ${LONGEST}; a list of values takes as many as you like`);
    return undefined;
  }
  const regex = compile(text, flags);
  if (!(regex instanceof RE2JS)) {
    notes.refuse(at, ...regex);
    return undefined;
  }
  const steps = regex.programSize();
  const classes = text.split(/\\p/i).length - 1;
  const beyond = notes.spend('steps', Math.max(steps, text.length) + STEPS_OF_CLASS * classes);
  if (steps > LARGEST) {
    notes.refuse(at, 'this regular expression is too large', 'repeat less, or use a list of smaller ones');
  } else if (beyond) notes.refuse(at, beyond.what, beyond.remedy);
  else return { kind: 'regex', says: text, source: text, flags, test: (other) => regex.test(other) };
  return undefined;
}

function compile(text: string, flags: string): RE2JS | [what: string, remedy: string] {
  try {
    return RE2JS.compile(
      text,
      Array.from(flags).reduce((sum, flag) => sum | (FLAGS[flag] ?? 0), 0),
    );
  } catch (error) {
    return regexMistake(text, error);
  }
}

function regexMistake(text: string, error: unknown): [what: string, remedy: string] {
  const why = 'regular expressions run in linear time here';
  if (/\(\?<?[=!]/.test(text)) {
    return [`lookaround is not supported: ${why}`, 'add a selection and combine the two in the condition'];
  }
  if (/\\[1-9]|\\k/.test(text)) {
    return [`a backreference is not supported: ${why}`, 'use "fieldref", or write the alternatives out'];
  }
  const reason =
    error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
  const shown = reason.length > 100 ? `${reason.slice(0, 100)}…` : reason;
  return [`this is not a regular expression (${shown})`, 'use the syntax of RE2'];
}
