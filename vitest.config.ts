import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// CI asks for the result as a file too; a person sees the same run without it.
const report = process.env.TEST_REPORT;

/** So that at the end no worker waits for another. */
const SLOWEST = ['test/crash/crash.test.ts', 'test/cli/replay.test.ts', 'test/rules/hostile.test.ts'];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => SLOWEST.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

/** Nothing in these outlives a test, so files share one set of modules: loading them costs more than most tests. */
const SHARING = ['alerts', 'cloudtrail', 'kernel', 'questions', 'rules', 'slack', 'work'];
/** Measures the memory of its process. */
const ALONE = 'test/rules/hostile*.test.ts';

const folders = readdirSync('test', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function testsIn(names: readonly string[]): string[] {
  return names.map((name) => `test/${name}/**/*.test.ts`);
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'sharing', include: testsIn(SHARING), exclude: [ALONE], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'own',
          include: [
            'test/*.test.ts',
            ALONE,
            ...testsIn(folders.filter((folder) => !SHARING.includes(folder))),
          ],
        },
      },
    ],
    // Vitest leaves a core free; the slow files (browser, crash) mostly wait, so a second worker pays.
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
