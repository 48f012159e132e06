import { defineConfig } from 'vitest/config';

// CI asks for the result as a file too; a person sees the same run without it.
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Vitest leaves a core free; the slow files (browser, crash) mostly wait, so a second worker pays.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
