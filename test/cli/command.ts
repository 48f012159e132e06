import { run } from '../../src/cli/program.ts';

/** How a command is called. */
interface Call {
  readonly folder: string;
  /** What comes in on standard input, in these chunks. */
  readonly stdin?: Iterable<string | Uint8Array>;
  readonly keyboard?: boolean;
  readonly env?: Record<string, string>;
  /** True once standard output has nobody who reads it. */
  readonly deaf?: () => boolean;
}

/** What came of it. */
interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process. */
export async function call(args: readonly string[], options: Call): Promise<Result> {
  const said = { out: '', err: '' };
  async function* stdin(): AsyncGenerator<Uint8Array> {
    for (const chunk of options.stdin ?? []) yield Buffer.from(chunk);
  }
  const code = await run({
    args,
    env: options.env ?? {},
    folder: options.folder,
    stdin: stdin(),
    keyboard: options.keyboard ?? false,
    out: (text) => {
      said.out += text;
    },
    outReady: async () => !options.deaf?.(),
    err: (text) => {
      said.err += text;
    },
    interactive: false,
    onStop: () => {},
    onReload: () => {},
  });
  return { code, ...said };
}
