import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('./page/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** Plain names in plain folders: nothing that could lead out of the page's own. */
const NAME = /^[a-z0-9_-]+(?:\/[a-z0-9_-]+)*(?:\.[a-z0-9_-]+)*\.(html|css|ts|svg|png)$/i;

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The files of the page; TypeScript is served without its types, which is all a browser needs. */
export class PageFiles {
  readonly #cache = new Map<string, { changed: number; file: PageFile }>();

  /** `undefined` when there is no such file. Read again only when it has changed. */
  async read(name: string): Promise<PageFile | undefined> {
    const ending = NAME.exec(name)?.[1]?.toLowerCase();
    const type = ending === undefined ? undefined : TYPES[ending];
    if (type === undefined) return undefined;
    try {
      const path = `${FOLDER}${name}`;
      const changed = (await stat(path)).mtimeMs;
      const cached = this.#cache.get(name);
      if (cached?.changed === changed) return cached.file;
      const raw = await readFile(path);
      const body = ending === 'ts' ? Buffer.from(stripTypeScriptTypes(raw.toString('utf8'))) : raw;
      this.#cache.set(name, { changed, file: { type, body } });
      return { type, body };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR';
}
