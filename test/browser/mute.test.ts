import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch, noBrowser } from '../support/chromium.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { type LiveBot, startLiveBot } from './live.ts';

describe.skipIf(noBrowser !== '')(`mutes in a browser ${noBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  async function open(bot: LiveBot, width: number): Promise<Page> {
    const viewport = { width, height: 900 };
    const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Europe/Amsterdam', viewport });
    context.setDefaultTimeout(12_000);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${bot.page}?as=U0ALICE01`);
    await page.getByRole('heading', { level: 1, name: '#security-alerts' }).waitFor();
    return page;
  }

  it('a pattern is muted from a phone: the preview follows the ticks, and the list ends it', async () => {
    const bot = await startLiveBot(temporaryFolder());
    onTestFinished(() => bot.stop());
    const now = new Date().toISOString();
    for (let one = 0; one < 3; one++) await bot.post(envelope(record({ eventTime: now })));
    const page = await open(bot, 390);
    await page.getByText('user alice created access key').first().waitFor();
    await page.getByRole('button', { name: /more/i }).first().click();
    await page.getByText('Mute pattern…').first().click();
    const modal = page.getByRole('dialog');
    await modal.getByText('3 matches in 1 alert').waitFor();
    await modal
      .getByRole('checkbox', { name: /^Actor/ })
      .first()
      .uncheck();
    await modal.getByText('every match of this rule would be hidden').waitFor();
    await modal.getByRole('checkbox', { name: /^Source address/ }).check();
    await modal.getByText('every match of this rule would be hidden').waitFor({ state: 'detached' });
    await modal.getByLabel('Why?').fill('key rotation of the platform team');
    await modal.getByText(/Also resolve A-1/).click();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/mute-modal-end.png` });
    if (process.env.SHOTS) {
      await modal.getByText('Matches of this rule').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${process.env.SHOTS}/mute-modal.png` });
    }
    await modal.getByRole('button', { name: 'Mute', exact: true }).click();
    await modal.waitFor({ state: 'detached' });
    await page.getByText('RESOLVED').first().waitFor();
    const box = page.getByRole('textbox', { name: 'Message #security-alerts' });
    await box.fill('/trail mutes');
    await box.press('Enter');
    await page.getByText('nothing hidden so far').waitFor();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/mute-list.png` });
    await page
      .getByRole('button', { name: /End now/ })
      .first()
      .click();
    await page.getByText('No mute holds').waitFor();
    expect(await page.getByText('nothing hidden so far').count()).toBe(0);
  });
});
