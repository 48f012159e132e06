import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// CI asks for the result as a file too; a person sees the same run without it.
const report = process.env.TEST_REPORT;

/** So that at the end no worker waits for another. */
const SLOWEST = [
  'test/crash/crash.test.ts',
  'test/rules/hostile.test.ts',
  'test/browser/questions.test.ts',
  'test/cli/replay.test.ts',
];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => SLOWEST.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

const MEMORY = '/dev/shm';

/** Databases wait for the disk at every commit; in memory they do the same without waiting. */
function temporary(): string {
  if (process.env.TMPDIR || !existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > 2e9 ? MEMORY : tmpdir();
}

export default defineConfig({
  test: {
    // Nothing outlives a test, so files share one set of modules: loading them costs more than most tests. A file that
    // is isolated, or of another project, ends the worker and its modules with it.
    isolate: false,
    env: { TMPDIR: temporary() },
    // Vitest leaves a core free; the slow files (browser, crash) mostly wait, so one more worker than cores pays.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    include: ['test/**/*.test.ts'],
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
