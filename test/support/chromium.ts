import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
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

/** Why the tests in a browser cannot run here; empty where they can. */
export const noBrowser: string = installed === undefined ? `no browser in ${PLACES.join(', ')}` : '';

/** The system's own Chromium, without a window. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: installed ?? '', args: FLAGS });
}
