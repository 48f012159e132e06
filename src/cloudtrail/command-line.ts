import { isSecretName, REDACTED } from './secret-names.ts';

/** How a program takes a secret in a short option. */
interface ShortOption {
  readonly flags: readonly string[];
  /** `user:password`, of which only the second part is secret. */
  readonly login?: true;
  /** Never as a word of its own. */
  readonly attachedOnly?: true;
}

/** Programs that take a secret in an option whose name does not say so. Source: their manual pages. */
const PROGRAMS: readonly (readonly [RegExp, ShortOption])[] = [
  [/(?:^|[^\w.-])sshpass$/, { flags: ['-p'] }],
  [/(?:^|[^\w.-])(?:mysql|mariadb)[\w-]{0,20}$/, { flags: ['-p'], attachedOnly: true }],
  [/(?:^|[^\w.-])curl$/, { flags: ['-u', '-U', '--user', '--proxy-user'], login: true }],
  [/(?:^|[^\w.-])redis-cli$/, { flags: ['-a', '--pass'] }],
  [/(?:^|[^\w.-])mongo\w{0,20}$/, { flags: ['-p'] }],
];

/** What the words before say about the next one. */
interface Reading {
  program: ShortOption | undefined;
  next: 'anything' | 'secret' | 'login' | 'name';
  /** Inside a quoted secret that has spaces in it. */
  quote: string;
}

const fresh = (): Reading => ({ program: undefined, next: 'anything', quote: '' });

/** `--password hunter2`, `sshpass -p hunter2`, `curl -u admin:hunter2`, `configure set aws_secret_access_key …`. */
export function redactCommand(text: string): string {
  const reading = fresh();
  return text.replace(/\S+/g, (word) => readWord(reading, word));
}

/** The same where each argument is an element of its own. */
export function redactArguments<T>(args: readonly T[]): (T | string)[] {
  const reading = fresh();
  return args.map((one) => {
    const read = typeof one === 'string' ? readWord(reading, one) : one;
    reading.quote = '';
    return read;
  });
}

function readWord(reading: Reading, word: string): string {
  if (reading.quote !== '') return closeQuote(reading, word);
  const { start, end } = bounds(word);
  const bare = word.slice(start, end);
  // The line goes on below, or an equals sign stands alone.
  if (bare === '' || bare === '=') return word;
  const { next } = reading;
  reading.next = 'anything';
  if ((next === 'secret' || next === 'login') && !bare.startsWith('--')) {
    return hide(reading, word, next === 'login');
  }
  const name = afterQuote(bare);
  if (next === 'name' && /[_.-]/.test(name) && isShortSecretName(name)) reading.next = 'secret';
  if (name === 'set') reading.next = 'name';
  const read = readOption(reading, word, bare);
  if (read !== undefined) return read;
  if (/[;|&]/.test(word)) reading.program = undefined;
  const tail = bare.slice(-64);
  reading.program = PROGRAMS.find(([ending]) => ending.test(tail))?.[1] ?? reading.program;
  return word;
}

function isShortSecretName(name: string): boolean {
  return /^[\w.-]{1,80}$/.test(name) && isSecretName(name);
}

/** The option that a word is or ends with, as in `{"command":["--password"`; its value may be attached. */
const OPTION = /^(?:[\s\S]*["'`])?(--?[A-Za-z][\s\S]*)$/;

/** `undefined` when the word is no option that a secret belongs to. */
function readOption(reading: Reading, word: string, bare: string): string | undefined {
  const option = OPTION.exec(bare)?.[1];
  if (option === undefined) return undefined;
  const { program } = reading;
  const flag = program?.flags.find((one) => option === one || (one.length === 2 && option.startsWith(one)));
  if (program && flag !== undefined) {
    // Each is given once: in `sshpass -p … ssh -p 22` the second is another program's.
    reading.program = undefined;
    if (option !== flag) {
      const after = word.lastIndexOf(option) + flag.length;
      return word.slice(0, after) + hide(reading, word.slice(after), program.login ?? false);
    }
    if (!program.attachedOnly) reading.next = program.login ? 'login' : 'secret';
    return word;
  }
  if (!isShortSecretName(option)) return undefined;
  reading.next = 'secret';
  return word;
}

/** Hides what is between the quotes and brackets at the two ends of a word. */
function hide(reading: Reading, word: string, login: boolean): string {
  if (word.includes(REDACTED)) return word;
  const { start, end, quote } = bounds(word);
  const colon = word.indexOf(':', start);
  if (login && (colon < 0 || colon >= end)) return word;
  if (quote !== '' && !word.includes(quote, start)) reading.quote = quote;
  const from = login ? colon + 1 : start;
  return from >= end ? word : word.slice(0, from) + REDACTED + word.slice(end);
}

function closeQuote(reading: Reading, word: string): string {
  const end = word.indexOf(reading.quote);
  if (end < 0) return '';
  reading.quote = '';
  return word.slice(end);
}

/** A command may begin inside another text: `{"command":"mysql`. */
function afterQuote(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('"'), text.lastIndexOf("'"), text.lastIndexOf('`')) + 1);
}

/** Where the word proper begins and ends, without the quotes and brackets around it, and its opening quote. */
function bounds(word: string): { start: number; end: number; quote: string } {
  const start = /^[\\([{]*["'`]?/.exec(word)?.[0].length ?? 0;
  const opening = word.slice(Math.max(0, start - 1), start);
  let end = word.length;
  while (end > start && '\\"\'`,;)]}'.includes(word.charAt(end - 1))) end -= 1;
  return { start, end, quote: /["'`]/.test(opening) ? opening : '' };
}
