import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { JsonObject } from '../../src/kernel/json.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { launch, noBrowser } from '../support/chromium.ts';
import { type LiveBot, startLiveBot } from './live.ts';

/** Makes the picture that README.md shows: the sample incident on the local workspace's page. */

const PICTURE = join(import.meta.dirname, '../../docs/picture.png');

/** When it is in the picture, whenever it is made. */
const SHOWN_AT = Date.UTC(2026, 10, 20, 9, 16);

const SETTINGS = `
accounts:
  '111122223333': { name: prod-core }
routes:
  channel: '#security-alerts'
  routes:
    - match: [level<=medium]
      channel: '#cloud-ops'
`;

/** Few enough for one screen. */
const EVENTS: readonly unknown[] = ['CreateUser', 'AttachUserPolicy', 'StopLogging'];

async function open(browser: Browser, bot: LiveBot, person: string): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1320, height: 1022 },
    deviceScaleFactor: 1.5,
    locale: 'en-US',
    timezoneId: 'UTC',
  });
  await page.clock.setFixedTime(SHOWN_AT);
  await page.goto(`${bot.page}?as=${person}`);
  await page.getByRole('heading', { level: 1, name: '#security-alerts' }).waitFor();
  return page;
}

const alert = (page: Page, title: string) => page.locator('article').filter({ hasText: title });

async function takePicture(browser: Browser, bot: LiveBot): Promise<void> {
  await bot.send('leaked-key', (detail: JsonObject) => EVENTS.includes(detail.eventName));
  const bob = await open(browser, bot, 'U0BOB00001');
  await alert(bob, 'CloudTrail stopped').waitFor();
  const granted = alert(bob, 'Administrator policy attached');
  await granted.getByRole('button', { name: /^Acknowledge/ }).click();
  await granted.getByText('ACKNOWLEDGED').waitFor();
  // A page that is opened afterwards shows no notification over the alerts.
  const alice = await open(browser, bot, 'U0ALICE01');
  await alert(alice, 'Administrator policy attached').getByText('ACKNOWLEDGED').waitFor();
  mkdirSync(join(PICTURE, '..'), { recursive: true });
  await alice.screenshot({ path: PICTURE, animations: 'disabled' });
}

if (noBrowser !== '') throw new Error(`No picture can be made: ${noBrowser}.`);
const folder = mkdtempSync(join(tmpdir(), 'trailbot-picture-'));
const ahead = SHOWN_AT - systemClock.now();
const clock = { ...systemClock, now: () => systemClock.now() + ahead };
const bot = await startLiveBot(folder, { yaml: SETTINGS, clock });
const browser = await launch();
try {
  await takePicture(browser, bot);
  console.log(`made ${PICTURE}`);
} finally {
  await browser.close();
  await bot.stop();
  rmSync(folder, { recursive: true, force: true });
}
