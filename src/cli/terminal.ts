/** What a command sees of the world outside the program. */
export interface Terminal {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths are looked up from here. */
  readonly folder: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** A person watches standard error: progress makes sense. */
  readonly interactive: boolean;
  /** What to do when somebody asks the program to stop (SIGINT, SIGTERM). */
  readonly onStop: (action: () => void) => void;
  /** What to do when somebody asks for a reload (SIGHUP). */
  readonly onReload: (action: () => void) => void;
}

/** How a command ends: fine, with a finding (a mistake in a rule), or called wrongly. */
export const EXIT = { fine: 0, finding: 1, misuse: 2 } as const;
