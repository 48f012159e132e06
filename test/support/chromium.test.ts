import { expect, test } from 'vitest';
import { launch, whySkipped } from './chromium.ts';

test('tests in a browser are skipped only where there is none and nobody relies on them', () => {
  expect(whySkipped('/usr/bin/chromium', undefined)).toBe('');
  expect(whySkipped(undefined, undefined)).toMatch(/^no browser in \/usr\/bin\/chromium/);
  expect(whySkipped(undefined, 'true')).toBe('');
});

test('what is not skipped fails without a browser, and says what to install', async () => {
  await expect(launch('')).rejects.toThrow(/install Chromium/);
});
