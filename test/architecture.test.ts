import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** Left may import right; rooms of one row never import one another. */
const ROWS = [
  ['main'],
  ['cli'],
  ['app'],
  ['slack', 'http', 'aws', 'workspace', 'config'],
  ['work'],
  ['store'],
  ['alerts', 'questions'],
  ['rules'],
  ['cloudtrail'],
  ['kernel'],
];
const PURE = new Set(['cloudtrail', 'rules', 'alerts', 'questions', 'config']);
const PURE_MODULES = new Set(['node:crypto', 'node:net', 'yaml', 'zod', 're2js', 'ical.js']);
/** One door for each dependency, or each scope of them: the only place that may import it. */
const DOORS: Readonly<Record<string, RegExp>> = {
  '@aws-sdk': /^aws\//,
  '@slack/bolt': /^slack\//,
  '@slack/socket-mode': /^slack\//,
  '@slack/web-api': /^slack\//,
  '@smithy': /^aws\//,
  'node:sqlite': /^store\/sqlite\.ts$/,
  pg: /^store\/postgres\.ts$/,
  'node-cron': /^app\//,
  commander: /^cli\//,
  pino: /^kernel\/log\.ts$/,
  'prom-client': /^http\//,
  re2js: /^(rules|alerts)\//,
  'ical.js': /^alerts\/schedule\//,
  'temporal-polyfill': /^kernel\/zone\.ts$/,
  ws: /^workspace\//,
  zod: /^config\//,
  'node:http': /^(http|workspace|slack)\//,
};
const LONGEST_FILE = 400;

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text without its comments. */
  readonly code: string;
  readonly imports: readonly string[];
}

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
      const imports = [...text.matchAll(/(?:from|import\()\s*'([^'\s()]+)'|^import '([^']+)'/gm)].map(
        (found) => found[1] ?? found[2] ?? '',
      );
      return { path: relative(folder, file), text, code, imports };
    });
}

const files = sourceFiles(SRC);

function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, '');
}

function rowOf(room: string): number {
  return ROWS.findIndex((row) => row.includes(room));
}

function doorOf(imported: string): RegExp | undefined {
  return DOORS[imported] ?? DOORS[imported.split('/')[0] ?? ''];
}

function targetOf(file: SourceFile, imported: string): string {
  return relative(SRC, resolve(SRC, file.path, '..', imported));
}

describe('the house', () => {
  it('has only the rooms of the plan', () => {
    expect([...new Set(files.map((file) => roomOf(file.path)))].filter((room) => rowOf(room) < 0)).toEqual(
      [],
    );
  });

  it('imports go one way, from a room to its own or one further right', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((imported) => imported.startsWith('.') && imported.endsWith('.ts'))
        .map(
          (imported) => [roomOf(file.path), roomOf(targetOf(file, imported)), file.path, imported] as const,
        )
        .filter(([from, to]) => from !== to && rowOf(to) <= rowOf(from))
        .map(([, , path, imported]) => `${path} imports ${imported}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no circle of imports, types included', () => {
    const graph = new Map(
      files.map((file) => [
        file.path,
        file.imports
          .filter((imported) => imported.startsWith('.'))
          .map((imported) => targetOf(file, imported)),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      if (done.has(path) || trail.includes(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });

  it('keeps the pure rooms free of input and output', () => {
    const wrong = files
      .filter((file) => PURE.has(roomOf(file.path)))
      .flatMap((file) =>
        file.imports
          .filter((imported) => !imported.startsWith('.') && !PURE_MODULES.has(imported))
          .concat(file.imports.filter((imported) => /kernel\/(log|gzip)\.ts$/.test(imported)))
          .map((imported) => `${file.path} imports ${imported}`),
      );
    expect(wrong).toEqual([]);
  });

  it('opens one door for each dependency', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((imported) => doorOf(imported)?.test(file.path) === false)
        .map((imported) => `${file.path} imports ${imported}`),
    );
    expect(wrong).toEqual([]);
  });

  it('takes time and chance as arguments, in SQL too', () => {
    const wrong = files
      .filter(
        (file) => !/^kernel\/(time|random)\.ts$/.test(file.path) && !file.path.startsWith('workspace/page/'),
      )
      .filter((file) =>
        /\bnew Date\b|\bDate\.|\bsetTimeout\(|\bsetInterval\(|\bsetImmediate\(|Math\.random|randomUUID|performance\.now/.test(
          file.code,
        ),
      )
      .map((file) => file.path);
    expect(wrong).toEqual([]);
    const schema = readdirSync(join(SRC, 'store/schema')).map((name) =>
      readFileSync(join(SRC, 'store/schema', name), 'utf8'),
    );
    for (const text of [
      ...schema,
      ...files.filter((file) => roomOf(file.path) === 'store').map((file) => file.text),
    ]) {
      expect(text).not.toMatch(/\bnow\(\)\s*[,)]|current_timestamp|datetime\('now'\)|\brandom\(\)/i);
    }
  });

  it('lets only main.ts see the process', () => {
    const wrong = files.filter((file) => file.path !== 'main.ts' && /\bprocess\./.test(file.code));
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('keeps SQL and engine names in the store', () => {
    const wrong = files
      .filter((file) => roomOf(file.path) !== 'store')
      .filter((file) => /\b(insert into|delete from|select \* from)\b/.test(file.text))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  it(`has no file over ${LONGEST_FILE} lines`, () => {
    const long = files
      .map((file) => [file.path, file.text.split('\n').length] as const)
      .filter(([, lines]) => lines > LONGEST_FILE);
    expect(long).toEqual([]);
  });

  it('has no catch-all files', () => {
    const names = files.map((file) => file.path.split('/').at(-1));
    expect(
      names.filter((name) => /^(types|utils|util|helpers|common|misc|index)\.ts$/.test(name ?? '')),
    ).toEqual([]);
  });

  it('escapes the type checker nowhere', () => {
    const wrong = files.filter(
      (file) => /@ts-(ignore|expect-error|nocheck)/.test(file.text) || /\bas any\b|: any\b/.test(file.code),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });
});

describe('the tests', () => {
  const tests = sourceFiles(join(ROOT, 'test'));

  it('replace no modules', () => {
    const wrong = tests.filter((file) =>
      /\bvi\.(mock|doMock|stubGlobal)\(/.test(file.text.replace(/\/.*\/\.test/g, '')),
    );
    expect(wrong.map((file) => file.path).filter((path) => path !== 'architecture.test.ts')).toEqual([]);
  });

  it('do not sleep', () => {
    const wrong = tests
      .filter((file) => !/^(support|crash|architecture)/.test(file.path))
      .filter((file) => /\bsetTimeout\(|waitForTimeout\(|\bsleep\(\d/.test(file.text));
    expect(wrong.map((file) => file.path)).toEqual([]);
  });
});
