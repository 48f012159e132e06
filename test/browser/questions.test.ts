import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/kernel/time.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import { launch, noBrowser } from '../support/chromium.ts';
import {
  ALICES,
  BUSY,
  busyKey,
  PRODUCTION,
  SESSION,
  SETTINGS,
  STAGING,
  STOLEN,
  sessionAcrossAccounts,
  stolenKey,
} from '../support/history.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { BOTH_WAYS, type LiveBot, startLiveBot, type Way } from './live.ts';

const masked = (keyId: string) => `${keyId.slice(0, 4)}…${keyId.slice(-8)}`;

describe.skipIf(noBrowser !== '')(`questions in a browser ${noBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** A bot whose AWS is a stand-in that keeps AWS's own pace: two requests a second. */
  async function startBot(
    history: 'incident' | 'busy' = 'incident',
    way?: Way,
  ): Promise<LiveBot & { aws: FakeAws }> {
    const now = systemClock.now();
    const aws = await startFakeAws({
      accounts: {
        [PRODUCTION]: { keys: { [STOLEN]: { userName: 'ci-deploy' } } },
        [STAGING]: { readerRole: 'TrailbotReader' },
      },
      delay: 20,
    });
    aws.add(history === 'busy' ? busyKey(now) : [...stolenKey(now), ...sessionAcrossAccounts(now)]);
    const { url: endpoint, credentials } = aws;
    const bot = await startLiveBot(temporaryFolder(), {
      yaml: SETTINGS,
      aws: { endpoint, credentials },
      way,
    });
    onTestFinished(() => bot.stop());
    return { ...bot, aws };
  }

  async function open(
    bot: LiveBot,
    options: BrowserContextOptions = {},
    person = 'U0ALICE01',
  ): Promise<Page> {
    const context = await browser.newContext({
      locale: 'en-US',
      timezoneId: 'Europe/Amsterdam',
      viewport: { width: 1200, height: 1400 },
      ...options,
    });
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
    await page.goto(`${bot.page}?as=${person}`);
    await page.getByRole('heading', { level: 1, name: '#security-alerts' }).waitFor();
    return page;
  }

  const privately = (page: Page) => page.locator('article.ephemeral');
  const publicly = (page: Page) => page.locator('article:not(.ephemeral)');

  /** Types a question and waits for the message that answers it. */
  async function ask(page: Page, question: string): Promise<Locator> {
    const box = page.getByRole('textbox', { name: 'Message #security-alerts' });
    const before = await privately(page).count();
    await box.fill(question);
    await box.press('Enter');
    const answer = privately(page).nth(before);
    await answer.waitFor();
    return answer;
  }

  const press = (message: Locator, name: string | RegExp) =>
    message.getByRole('button', { name, exact: typeof name === 'string' }).click();

  it('says who used a key: owner, addresses, what is new, a chart, and what it covered', async () => {
    const page = await open(await startBot());
    const answer = await ask(page, `/trail key ${STOLEN} 30d`);
    await answer.getByText(`Who used ${masked(STOLEN)}, last 30 days`).waitFor();
    const table = answer.getByRole('table').first();
    await table.getByRole('row').filter({ hasText: '203.0.113.10 (office network)' }).waitFor();
    await table.getByRole('row').filter({ hasText: '198.51.100.24 NEW' }).waitFor();
    const said = await answer.innerText();
    expect(said).toContain('Owner ci-deploy');
    expect(said).toContain('64 calls from 2 addresses');
    expect(said).toContain('first call from 198.51.100.24 2 h ago; 3 of its 4 calls were denied');
    expect(said).toContain('prod-core and staging in 17 regions, last 30 days, reads and writes');
    // What an attacker wrote into a user agent stays text, and the key is shown to nobody in full.
    expect(await answer.locator('a[href*="evil"]').count()).toBe(0);
    expect(said).not.toContain(STOLEN);
    await answer.getByText('Show the numbers').waitFor();
  });

  it('walks a temporary key back to a person, across accounts, and goes on from there', async () => {
    const page = await open(await startBot());
    const answer = await ask(page, `/trail key ${SESSION}`);
    await answer.getByText('Where the key comes from, newest step first').waitFor();
    const said = await answer.innerText();
    expect(said).toMatch(
      /user alice assumed role Deploy as session alice, source identity alice@example\.com \(asserted\)/,
    );
    expect(said).toContain('by sharedEventID');
    expect(said).toContain(
      'Origin IAM user alice of account prod-core (111122223333), with a long-term access key.',
    );
    await press(answer, `Follow ${masked(ALICES)}`);
    await privately(page)
      .filter({ hasText: `Who used ${masked(ALICES)}, last 30 days` })
      .waitFor();
  });

  it('shows progress with what is known so far, and stops when told to', async () => {
    const bot = await startBot('busy');
    const page = await open(bot);
    const answer = await ask(page, `/trail key ${BUSY} 2d`);
    await answer.getByText(/\d+ of 34 regions asked · [\d,]+ events read/).waitFor();
    await answer.getByText('So far').waitFor();
    await press(answer, 'Cancel');
    await answer.getByText(`Who used ${masked(BUSY)}, last 2 days`).waitFor();
    await answer.getByText(/cancelled/).waitFor();
    const asked = bot.aws.requests.length;
    expect(asked).toBeLessThan(34 + 40);
    expect(await answer.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });

  it('lists the calls page by page, only the writes, and goes back', async () => {
    const page = await open(await startBot());
    const answer = await ask(page, `/trail key ${SESSION}`);
    await answer.getByText('14 calls').first().waitFor();
    await press(answer, 'Timeline');
    await answer.getByRole('button', { name: 'Next page' }).waitFor();
    const first = await answer.innerText();
    await press(answer, 'Next page');
    await answer.getByRole('button', { name: 'Previous page' }).waitFor();
    expect(await answer.innerText()).not.toBe(first);
    expect(await answer.getByRole('button', { name: 'Next page' }).count()).toBe(0);
    await press(answer, 'Only writes');
    await privately(page).getByText('writes only').first().waitFor();
    expect(await privately(page).last().innerText()).not.toContain('GetFunction');
  });

  it('shares the answer with the channel, by name, and only when told to', async () => {
    const bot = await startBot();
    const alice = await open(bot);
    const bob = await open(bot, {}, 'U0BOB00001');
    const answer = await ask(alice, `/trail key ${STOLEN} 30d`);
    await answer.getByText('64 calls').first().waitFor();
    expect(await bob.getByText('64 calls').count()).toBe(0);
    await press(answer, 'Share in channel');
    await alice.getByRole('alertdialog').getByRole('button', { name: 'Share' }).click();
    const shared = publicly(bob).filter({ hasText: '64 calls' });
    await shared.waitFor();
    await shared.getByText('@Alice Martin').waitFor();
    expect(await shared.innerText()).not.toContain(STOLEN);
    expect(await shared.getByRole('button', { name: 'Share in channel' }).count()).toBe(0);
  });

  it('sends all calls as a file, by direct message', async () => {
    const page = await open(await startBot());
    const answer = await ask(page, `/trail key ${STOLEN} 30d`);
    await answer.getByText('64 calls').first().waitFor();
    await press(answer, 'CSV');
    await page
      .getByRole('link', { name: /Trailbot/ })
      .first()
      .click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /\.csv/ }).click(),
    ]);
    const stream = await download.createReadStream();
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    const lines = text.trim().split('\r\n');
    expect(lines).toHaveLength(65);
    expect(lines[0]).toMatch(/^time,event_id,account,region,actor/);
  });

  it('answers a mistake with the command that works', async () => {
    const page = await open(await startBot());
    const mistake = await ask(page, `/trail key ${STOLEN} sicne yesterday`);
    const corrected = (
      await mistake
        .getByText(/^\/trail key /)
        .first()
        .innerText()
    ).trim();
    expect(corrected).toBe(`/trail key ${STOLEN} since yesterday`);
    const answer = await ask(page, corrected);
    await answer
      .getByText(`Who used ${masked(STOLEN)}, since`)
      .first()
      .waitFor();
  });

  it.each(BOTH_WAYS)('investigates an alert in its thread, and answers a mention (%s)', async (way) => {
    const bot = await startBot('incident', way);
    const page = await open(bot);
    const identity = record().userIdentity as Record<string, string>;
    await bot.post(
      envelope(record({ userIdentity: { ...identity, accessKeyId: STOLEN, userName: 'ci-deploy' } })),
    );
    const alert = publicly(page).filter({ hasText: 'HIGH · FIRING' });
    await press(alert, /^Investigate/);
    await alert.getByRole('link', { name: /repl/ }).click();
    await page
      .locator('article')
      .filter({ hasText: `Who used ${masked(STOLEN)}` })
      .waitFor();

    const box = page.getByRole('textbox', { name: 'Message #security-alerts' });
    await box.fill(`@trailbot who used ${SESSION} in the last 2 days?`);
    await box.press('Enter');
    await privately(page)
      .filter({ hasText: `Who used ${masked(SESSION)}, last 2 days` })
      .waitFor();
  });

  it('reads well on a phone: nothing is wider than the screen', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await open(await startBot(), phone);
    const answer = await ask(page, `/trail key ${STOLEN} 30d`);
    await answer.getByText('64 calls').first().waitFor();
    const wide = await page.evaluate(
      `[...document.querySelectorAll('article *')].filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest('table, svg')).length`,
    );
    expect(wide).toBe(0);
  });
});
