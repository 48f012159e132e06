import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch, noBrowser } from '../support/chromium.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { startLiveBot } from './live.ts';

const SCHEDULE = `
schedules:
  primary:
    time_zone: Europe/Berlin
    layers:
      - { name: always, rotation: daily, start: 2026-11-16T09:00, people: [U0ALICE01, U0BOB00001] }
`;

describe.skipIf(noBrowser !== '')(`the app's Home in a browser ${noBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** The Home of Alice, on a phone, in a workspace where one alert fires. */
  async function openHome(): Promise<Page> {
    const bot = await startLiveBot(temporaryFolder(), { yaml: SCHEDULE });
    onTestFinished(() => bot.stop());
    await bot.post(envelope(record()));
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Europe/Berlin', ...phone });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(12_000);
    const page = await context.newPage();
    await page.goto(bot.page);
    await page.locator('article').filter({ hasText: '· A-1' }).first().waitFor();
    await page.getByRole('button', { name: 'Open the sidebar' }).tap();
    await page.getByRole('link', { name: 'Trailbot' }).tap();
    await page.getByRole('tab', { name: 'Home' }).tap();
    await page.getByRole('heading', { name: 'On call' }).waitFor();
    return page;
  }

  it('an alert is read, taken and resolved there, and nothing is wider than a phone', async () => {
    const page = await openHome();
    await page.getByText('You have no open alert.').waitFor();
    await page.getByRole('button', { name: 'Show alert A-1' }).tap();
    const shown = page.getByRole('dialog', { name: 'Trailbot' });
    await shown.getByText('Access key created for another user').waitFor();
    await shown.getByRole('button', { name: 'Close' }).first().tap();
    await shown.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Acknowledge alert A-1', exact: true }).tap();
    await page.getByText('A-1 · HIGH · ACKNOWLEDGED').waitFor();
    const wide = await page.evaluate(
      `[...document.querySelectorAll('#home *')].filter((one) => one.getBoundingClientRect().right > innerWidth).length`,
    );
    expect(wide).toBe(0);
    await page.getByRole('button', { name: 'Resolve alert A-1' }).tap();
    const dialog = page.getByRole('dialog', { name: 'Resolve A-1' });
    await dialog.getByRole('radio', { name: /^Expected activity/ }).check();
    await dialog.getByRole('button', { name: 'Resolve' }).tap();
    await page.getByText('No alert is open.').waitFor();
  });
});
