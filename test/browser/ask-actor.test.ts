import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch, noBrowser } from '../support/chromium.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { startLiveBot } from './live.ts';

const YAML = `people: { alice: U0BOB00001 }
accounts: { "111122223333": { name: Production } }
escalations: { security: { steps: [{ page: [U0CARLA001], wait: 1h }, { page: [U0ALICE01], wait: 1h }] } }
routes: { escalation: security }`;

describe.skipIf(noBrowser !== '')(`"was this you?" in a browser ${noBrowser}`, () => {
  let browser: Browser;
  let address = '';

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** Bob's phone, in his direct messages with the bot, once he was asked. */
  async function askedOnPhone(): Promise<{ page: Page; question: Locator }> {
    const bot = await startLiveBot(temporaryFolder(), { yaml: YAML });
    onTestFinished(() => bot.stop());
    address = bot.page;
    const context = await browser.newContext({
      locale: 'en-US',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    context.setDefaultTimeout(12_000);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await bot.post(envelope(record()));
    await page.goto(`${bot.page}?as=U0BOB00001#D0BOB00001`);
    const question = page.locator('article').filter({ hasText: 'A-1' }).first();
    await question.getByText('Was this you?').waitFor();
    return { page, question };
  }

  /** What a colleague reads below the alert. */
  async function inThread(page: Page, text: RegExp): Promise<void> {
    await page.goto('about:blank');
    await page.goto(`${address}?as=U0ALICE01#C0SECURITY`);
    await page
      .getByText(/^\d+ repl(y|ies)$/)
      .first()
      .tap();
    await page.getByText(text).first().waitFor();
  }

  it('yes asks what it was for, and the message then says what was answered', async () => {
    const { page, question } = await askedOnPhone();
    await question.getByRole('button', { name: 'Yes, it was me: A-1' }).tap();
    const dialog = page.getByRole('dialog', { name: 'It was me' });
    await dialog.getByRole('textbox', { name: 'What was it for?' }).fill('migration of prod-db, OPS-123');
    await dialog.getByRole('button', { name: 'Yes, it was me' }).tap();
    await question.getByText('You said: yes, it was me.').waitFor();
    await question.getByText('migration of prod-db, OPS-123').waitFor();
    expect(await question.getByRole('button', { name: /it was/ }).count()).toBe(0);
  });

  it('no is said in the alert’s thread at once', async () => {
    const { page, question } = await askedOnPhone();
    await question.getByRole('button', { name: 'No, it was not me: A-1' }).tap();
    await question.getByText('You said: no, it was NOT me.').waitFor();
    const wide = await page.evaluate(
      `[...document.querySelectorAll('article *')].filter((one) => one.getBoundingClientRect().right > innerWidth).length`,
    );
    expect(wide).toBe(0);
    await inThread(page, /says that it was NOT them/);
  });
});
