/** What a command sees of the world outside the program. */
export interface Terminal {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths are looked up from here. */
  readonly folder: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Standard input is a keyboard: nothing was piped in. */
  readonly keyboard: boolean;
  readonly out: (text: string) => void;
  /** Resolves when standard output takes more; to false when nobody reads it any longer. */
  readonly outReady: () => Promise<boolean>;
  readonly err: (text: string) => void;
  /** How wide standard output is, where it is a terminal. */
  readonly columns?: number | undefined;
  /** A person watches standard error: progress makes sense. */
  readonly interactive: boolean;
  /** What to do when somebody asks the program to stop (SIGINT, SIGTERM); without it, it just ends. */
  readonly onStop: (action: () => void) => void;
  /** What to do when somebody asks for a reload (SIGHUP); without it, the program ends. */
  readonly onReload: (action: () => void) => void;
}

/** How a command ends: fine, with a finding (a mistake in a rule), or called wrongly. */
export const EXIT = { fine: 0, finding: 1, misuse: 2 } as const;
