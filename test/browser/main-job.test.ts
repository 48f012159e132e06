import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch, noBrowser } from '../support/chromium.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { BOTH_WAYS, type LiveBot, startLiveBot, type Way } from './live.ts';

const keyForBob = () => envelope(record());

describe.skipIf(noBrowser !== '')(`the main job in a browser ${noBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  async function startBot(way?: Way): Promise<LiveBot> {
    const bot = await startLiveBot(temporaryFolder(), { way });
    onTestFinished(() => bot.stop());
    return bot;
  }

  /** Opens the page; the test fails at its end if the browser complained about anything. */
  async function open(bot: LiveBot, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Europe/Amsterdam', ...options });
    // Before the test's own time is over, so that what did not appear is named.
    context.setDefaultTimeout(12_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (line) => {
      if (line.type() === 'error') complaints.push(line.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(bot.page);
    await page.getByRole('heading', { level: 1, name: '#security-alerts' }).waitFor();
    return page;
  }

  /** The alert's message in the channel; not the private answers about it. */
  const alert = (page: Page) => page.locator('article:not(.ephemeral)').filter({ hasText: '· A-1' });
  const privately = (page: Page) => page.locator('article.ephemeral');

  async function ask(page: Page, command: string): Promise<Locator> {
    const box = page.getByRole('textbox', { name: 'Message #security-alerts' });
    const before = await privately(page).count();
    await box.fill(command);
    await box.press('Enter');
    const answer = privately(page).nth(before);
    await answer.waitFor();
    return answer;
  }

  it.each(BOTH_WAYS)(
    'takes an alert from the webhook to its end: acknowledged by keyboard, resolved by a colleague (%s)',
    async (way) => {
      const bot = await startBot(way);
      const page = await open(bot);
      await bot.post(keyForBob());

      await alert(page).getByText('HIGH · FIRING').waitFor();
      await page
        .getByRole('status', { name: 'Notifications on a phone' })
        .getByText(/^HIGH: Access key/)
        .waitFor();
      await alert(page).getByText('alice').first().waitFor();

      const acknowledge = alert(page).getByRole('button', { name: 'Acknowledge alert A-1', exact: true });
      await alert(page).focus();
      for (let presses = 0; presses < 6 && !(await isFocused(acknowledge)); presses += 1) {
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
      await alert(page).getByText('HIGH · ACKNOWLEDGED').waitFor();
      await alert(page).getByText('@Alice Martin').waitFor();
      await alert(page).getByText('(edited)').waitFor();
      expect(await acknowledge.count()).toBe(0);

      await page.getByRole('link', { name: 'Be Bob Tanaka' }).click();
      await page.getByRole('link', { name: 'Bob Tanaka (you)' }).waitFor();
      await alert(page).getByRole('button', { name: 'Resolve alert A-1' }).click();
      const dialog = page.getByRole('dialog', { name: 'Resolve A-1' });
      await dialog.getByRole('radio', { name: /^Expected activity/ }).check();
      await dialog.getByRole('textbox', { name: 'Note' }).fill('Bob starts today, CHG-771');
      await dialog.getByRole('button', { name: 'Resolve' }).click();
      await dialog.waitFor({ state: 'detached' });
      await alert(page).getByText('HIGH · RESOLVED').waitFor();
      await alert(page).getByText('Expected activity — Bob starts today, CHG-771').waitFor();
      expect(await alert(page).getByRole('button', { name: 'Reopen' }).count()).toBe(1);
    },
  );

  it('acknowledges with the mouse, and refuses a stale button politely, to the one who pressed it', async () => {
    const bot = await startBot();
    const alice = await open(bot);
    const bob = await open(bot);
    await bob.getByRole('link', { name: 'Be Bob Tanaka' }).click();
    await bot.post(keyForBob());
    await alert(bob).waitFor();
    // A private copy stays as it was when it was asked for.
    const list = await ask(bob, '/trail alerts');
    await list.getByRole('button', { name: 'Show alert A-1' }).click();
    const copy = privately(bob).nth(1);
    await copy.getByRole('button', { name: 'Acknowledge alert A-1', exact: true }).waitFor();

    await alert(alice).getByRole('button', { name: 'Acknowledge alert A-1', exact: true }).click();
    await alert(alice).getByText('HIGH · ACKNOWLEDGED').waitFor();
    await copy.getByRole('button', { name: 'Acknowledge alert A-1', exact: true }).click();
    const refusal = privately(bob).nth(2);
    await refusal.getByText(/^Nothing changed\. Alice Martin acknowledged A-1 /).waitFor();
    await alert(bob).getByText('@Alice Martin').waitFor();
    expect(await privately(alice).count()).toBe(0);
  });

  it.each(BOTH_WAYS)('answers /trail help to the one who typed it (%s)', async (way) => {
    const bot = await startBot(way);
    const answer = await ask(await open(bot), '/trail help');
    for (const command of ['/trail alerts', '/trail status', '/trail rules']) {
      await answer.getByText(command, { exact: true }).waitFor();
    }
    await answer.getByText('Only visible to you').waitFor();
  });

  it('works on a narrow screen, where nothing is wider than the screen', async () => {
    const bot = await startBot();
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await open(bot, phone);
    await bot.post(keyForBob());
    await alert(page).getByRole('button', { name: 'Acknowledge alert A-1', exact: true }).tap();
    await alert(page).getByText('HIGH · ACKNOWLEDGED').waitFor();
    await alert(page).getByRole('button', { name: 'More actions' }).tap();
    await page.getByText('Show event', { exact: true }).tap();
    await privately(page).getByText('"CreateAccessKey"').waitFor();
    const wide = await page.evaluate(
      `[...document.querySelectorAll('article *')].filter((one) => one.getBoundingClientRect().right > innerWidth).length`,
    );
    expect(wide).toBe(0);
    await page.getByRole('button', { name: 'Open the sidebar' }).tap();
    await page.getByRole('link', { name: 'Be Carla Reyes' }).tap();
    await alert(page).getByText('HIGH · ACKNOWLEDGED').waitFor();
    expect(await privately(page).count()).toBe(0);
  });
});

function isFocused(control: Locator): Promise<boolean> {
  return control.evaluate((element) => element === element.ownerDocument.activeElement);
}
