import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The first draws the same as the whole browser in half the time. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const installed = PLACES.find((place) => existsSync(place));

/**
 * Why the tests in a browser are skipped; empty where they run. CI has to run them: where `CI` is set and there
 * is no browser, they fail instead.
 */
export function whySkipped(browser: string | undefined, ci: string | undefined): string {
  const inCi = ci !== undefined && ci !== '' && ci !== 'false';
  return browser === undefined && !inCi ? `no browser in ${PLACES.join(', ')}` : '';
}

/** `whySkipped` for this machine. */
export const noBrowser: string = whySkipped(installed, process.env.CI);

/** The system's own Chromium, without a window. */
export async function launch(browser: string = installed ?? ''): Promise<Browser> {
  if (browser === '') throw new Error(`There is no browser in ${PLACES.join(', ')}; install Chromium.`);
  return chromium.launch({ executablePath: browser, args: FLAGS });
}
