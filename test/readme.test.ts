import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../src/cli/samples/sample.ts';
import { readConfig } from '../src/config/config.ts';
import { startChild } from './support/child.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');
const DOCUMENTS = ['README.md', ...pagesIn('docs'), ...pagesIn('docs/adr')];

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

/** What each capture of a pattern holds, in order, without repeats. */
function all(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((found) => found[1] ?? ''))];
}

/** The anchors of a document's headings, as GitHub makes them. */
function headingsOf(text: string): string[] {
  return all(text, /^#{1,6} (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The words of a command before its options and placeholders, and its options. */
function partsOf(commandLine: string): { command: string; options: string[] } {
  const words = commandLine.split(/\s+/).filter((word) => word !== '');
  const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  const command = words.slice(0, end < 0 ? undefined : end).join(' ');
  return { command, options: words.filter((word) => word.startsWith('--')) };
}

const helps = new Map<string, Promise<string>>();

/** What a command prints with `--help`; empty where there is no such command. */
function helpOf(command: string): Promise<string> {
  const child = () => startChild([...command.split(' '), '--help'], { cwd: ROOT });
  const ask = async () => {
    const asked = child();
    return (await asked.ended) === 0 ? asked.output.out : '';
  };
  const help = helps.get(command) ?? ask();
  helps.set(command, help);
  return help;
}

describe('the commands in the documents', () => {
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts);

  it.each(DOCUMENTS)('%s names npm scripts that exist', (path) => {
    for (const script of all(read(path), /\bnpm run (?:--silent )?([a-z][\w:-]*)/g)) {
      expect(scripts).toContain(script);
    }
  });

  const lines = DOCUMENTS.flatMap((path) =>
    all(
      read(path).replaceAll('\\\n', ' '),
      /(?:npm run (?:--silent )?trailbot -- |`trailbot |docker run --rm trailbot )([^`\n#|]+)/g,
    ),
  ).filter((line) => !/^[A-Z]/.test(line));

  it.each([...new Set(lines)])('trailbot %s is a command with these options', async (line) => {
    const { command, options } = partsOf(line);
    // A name that is an argument, such as a rule's, is no part of the command.
    const help = (await helpOf(command)) || (await helpOf(command.replace(/ \S+$/, '')));
    expect(help).toContain(`Usage: trailbot ${command}`);
    for (const option of options) expect(help).toContain(` ${option}`);
  });

  it('names every command and only samples that exist', async () => {
    const commands = all(await helpOf('rules'), /^ {2}([a-z]+) \[/gm).map((name) => `rules ${name}`);
    expect(commands.length).toBeGreaterThan(2);
    const top = startChild(['--help'], { cwd: ROOT });
    await top.ended;
    commands.push(...all(top.output.out, /^ {2}([a-z-]+) \[/gm).filter((name) => name !== 'help'));
    const missing = commands.filter((name) => name !== 'rules' && !README.includes(`\`trailbot ${name}`));
    expect(missing.filter((name) => name !== 'rules help')).toEqual([]);
    for (const sample of all(README, /--sample ([a-z-]+)/g)) expect([...SAMPLES.keys()]).toContain(sample);
  });
});

describe('README.md', () => {
  it('keeps the promise in the words of the tests', () => {
    const promise = README.split('## The promise')[1]?.split('\n## ')[0] ?? '';
    const sentences = all(promise, /\*\*([^*]+?)[.,:]?\*\*/g);
    expect(sentences.length).toBeGreaterThanOrEqual(6);
    const tests = read('test/walk/main-job.test.ts');
    const titles = all(tests, /(?:describe|it)\(\s*'([^']+)'/g).map((title) => title.toLowerCase());
    for (const sentence of sentences) expect(titles).toContain(sentence.toLowerCase());
  });

  it.each(all(README, /```yaml\n([\s\S]*?)```/g))('shows a configuration that loads %#', (text) => {
    expect(readConfig({ text, file: 'trailbot.yaml', env: {} })).toHaveProperty('config');
  });

  it('names the environment variables that are read', () => {
    const source = read('src/config/environment.ts');
    const named = all(README, /\b((?:SLACK|TRAILBOT)_[A-Z_]+)\b/g);
    expect(named).toEqual(
      expect.arrayContaining(['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'TRAILBOT_WEBHOOK_KEYS']),
    );
    for (const name of named) expect(source).toContain(`'${name}'`);
  });
});

describe('the links', () => {
  it.each(DOCUMENTS)('of %s lead to files that exist', (path) => {
    const targets = all(read(path), /\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g);
    expect(targets.filter((target) => !existsSync(resolve(ROOT, path, '..', target)))).toEqual([]);
  });

  it.each(DOCUMENTS)('of %s lead to headings that are there', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)];
    const lost = links.filter(([, file = '', anchor = '']) => {
      const target = file === '' ? join(ROOT, path) : resolve(ROOT, path, '..', file);
      return !headingsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });

  it('of README.md show a picture that a page can load', () => {
    const picture = readFileSync(join(ROOT, 'docs/picture.png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeLessThan(600_000);
  });
});
