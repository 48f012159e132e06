import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch, noBrowser } from '../support/chromium.ts';
import { DAILY } from '../support/on-call.ts';
import { temporaryFolder } from '../support/store.ts';
import { startLiveBot } from './live.ts';

describe.skipIf(noBrowser !== '')(`on call in a browser ${noBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  it('gives a colleague the pager from a phone: the channel shows it, and so does the next answer', async () => {
    const bot = await startLiveBot(temporaryFolder(), {
      yaml: DAILY.replace(/people: .*\]/, 'people: [U0BOB00001]'),
    });
    onTestFinished(() => bot.stop());
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
    context.setDefaultTimeout(12_000);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${bot.page}?as=U0ALICE01`);
    const box = page.getByRole('textbox', { name: 'Message #security-alerts' });
    const privately = page.locator('article.ephemeral');

    await box.fill('/trail oncall');
    await box.press('Enter');
    await privately.getByText('@Bob Tanaka').waitFor();
    expect(await privately.getByText('then').count()).toBe(0);
    await box.fill('/trail oncall override @carla 4h');
    await box.press('Enter');
    await privately.nth(1).getByText('has the pager of').waitFor();
    await box.fill('/trail oncall');
    await box.press('Enter');
    await privately.nth(2).getByText('@Carla Reyes').waitFor();
    const wide = await page.evaluate(
      `[...document.querySelectorAll('article *')].filter((one) => one.getBoundingClientRect().right > innerWidth).length`,
    );
    expect(wide).toBe(0);

    await page.getByRole('button', { name: 'Open the sidebar' }).tap();
    await page.getByRole('link', { name: /^cloud-ops/ }).tap();
    const handOver = page.locator('article').filter({ hasText: 'On call primary' });
    await handOver.getByText('@Carla Reyes').waitFor();
    await handOver.getByText('@Bob Tanaka').waitFor();
  });
});
