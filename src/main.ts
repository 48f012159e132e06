#!/usr/bin/env -S node --max-semi-space-size=4
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: the second start takes half the time of the first.
enableCompileCache();
const { createOutlet } = await import('./cli/outlet.ts');
const { run } = await import('./cli/program.ts');
const { SECOND, systemClock } = await import('./kernel/time.ts');

// What Node calls experimental here is tested with the version that is used; nobody can do anything about it.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
});

let hangUp = (): void => {};
let failed = false;
const stderr = createOutlet(process.stderr, () => hangUp());
const stdout = createOutlet(process.stdout, (error) => {
  // A terminal that was closed: who watched is gone, and so should be what was watched.
  if (error.code === 'EIO') return hangUp();
  failed = true;
  process.exitCode = 2;
  stderr.write(
    `Standard output cannot be written (${error.message}); what was to be printed is not complete.\n`,
  );
});

/** The first signal asks; another one ends the program at once, as it would have without us. */
function onStop(action: () => void): void {
  let askedAt: number | undefined;
  const asked = (signal: NodeJS.Signals): void => {
    if (askedAt === undefined) {
      askedAt = systemClock.now();
      action();
    } else if (systemClock.now() - askedAt > SECOND) {
      // Within a second it is the same press of Ctrl-C: npm passes on what the terminal has sent already.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  };
  process.on('SIGINT', asked);
  process.on('SIGTERM', asked);
  hangUp = action;
}

const code = await run({
  args: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  stdin: process.stdin,
  keyboard: process.stdin.isTTY === true,
  out: stdout.write,
  outReady: stdout.ready,
  err: stderr.write,
  columns: process.stdout.columns,
  interactive: process.stderr.isTTY === true,
  onStop,
  onReload: (action) => process.on('SIGHUP', action),
});
// Not process.exit: what is still to be written would be lost.
process.exitCode = failed ? 2 : code;
