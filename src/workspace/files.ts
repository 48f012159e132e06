import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';

/** One uploaded file; kept in memory only. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly created: number;
  /** Secret part of the URL it is uploaded to. */
  readonly ticket: string;
  readonly content?: Buffer;
  readonly channels: readonly string[];
  /** Uploaded and completed: from here on it can be seen. */
  readonly complete: boolean;
}

const MOST_FILES = 200;

/** Media types that a page may show; everything else is a download. */
const MEDIA: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
};

/** Uploads in three steps: ask for a URL, send the bytes, complete. */
export class Files {
  readonly #files = new Map<string, StoredFile>();
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  begin(name: string): StoredFile {
    const oldest = this.#files.keys().next();
    if (this.#files.size >= MOST_FILES && !oldest.done) this.#files.delete(oldest.value);
    const secret = this.#random.id().replaceAll('-', '');
    const id = `F${secret.slice(0, 10).toUpperCase()}`;
    const file: StoredFile = {
      id,
      name,
      title: name,
      created: Math.floor(this.#clock.now() / 1000),
      ticket: this.#random.id().replaceAll('-', ''),
      channels: [],
      complete: false,
    };
    this.#files.set(id, file);
    return file;
  }

  byTicket(ticket: string): StoredFile | undefined {
    return [...this.#files.values()].find((file) => file.ticket === ticket);
  }

  find(id: string): StoredFile | undefined {
    return this.#files.get(id);
  }

  set(file: StoredFile): void {
    this.#files.set(file.id, file);
  }
}

/** By the name's ending. */
export function mediaType(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(MEDIA, ending) ? MEDIA[ending] : undefined) ?? 'application/octet-stream';
}

/** As `files.info` and messages show it. */
export function fileWire(file: StoredFile, origin: string): Record<string, unknown> {
  const url = `${origin}/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: mediaType(file.name),
    filetype: file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase(),
    size: file.content?.length ?? 0,
    mode: 'hosted',
    is_external: false,
    is_public: true,
    channels: file.channels,
    url_private: url,
    url_private_download: url,
    permalink: url,
  };
}
