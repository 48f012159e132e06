import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { JsonObject } from '../../src/kernel/json.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { launch, noBrowser } from '../support/chromium.ts';
import { SETTINGS as HISTORY_SETTINGS, PRODUCTION, STAGING, STOLEN, stolenKey } from '../support/history.ts';
import { type LiveBot, startLiveBot } from './live.ts';

/** Makes the pictures that README.md shows: the sample incident, and an answer, on the local workspace's page. */

const PICTURE = join(import.meta.dirname, '../../docs/picture.png');
const ANSWER = join(import.meta.dirname, '../../docs/answer.png');

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

async function open(browser: Browser, bot: LiveBot, person: string, height = 1022): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1320, height },
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

async function takeAnswer(browser: Browser, bot: LiveBot): Promise<void> {
  const page = await open(browser, bot, 'U0ALICE01', 1600);
  const box = page.getByRole('textbox', { name: 'Message #security-alerts' });
  await box.fill(`/trail key ${STOLEN} 30d`);
  await box.press('Enter');
  const answer = page.locator('article.ephemeral').first();
  await answer.getByText('64 calls').first().waitFor();
  await answer.screenshot({ path: ANSWER, animations: 'disabled' });
}

async function withBot(
  options: Parameters<typeof startLiveBot>[1],
  take: (bot: LiveBot) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trailbot-picture-'));
  const bot = await startLiveBot(folder, { ...options, clock });
  try {
    await take(bot);
  } finally {
    await bot.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (noBrowser !== '') throw new Error(`No picture can be made: ${noBrowser}.`);
const ahead = SHOWN_AT - systemClock.now();
const clock = { ...systemClock, now: () => systemClock.now() + ahead };
const browser = await launch();
const aws = await startFakeAws({
  accounts: {
    [PRODUCTION]: { keys: { [STOLEN]: { userName: 'ci-deploy' } } },
    [STAGING]: { readerRole: 'TrailbotReader' },
  },
  now: clock.now,
});
aws.add(stolenKey(SHOWN_AT));
try {
  await withBot({ yaml: SETTINGS }, (bot) => takePicture(browser, bot));
  const { url: endpoint, credentials } = aws;
  await withBot({ yaml: HISTORY_SETTINGS, aws: { endpoint, credentials } }, (bot) =>
    takeAnswer(browser, bot),
  );
  console.log(`made ${PICTURE} and ${ANSWER}`);
} finally {
  await browser.close();
  await aws.stop();
}
