import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE, systemClock } from '../../src/kernel/time.ts';
import { launch, noBrowser } from '../support/chromium.ts';
import { envelope, record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { BOTH_WAYS, type LiveBot, startLiveBot, type Way } from './live.ts';

const ALICE = { as: 'U0ALICE01', direct: 'D0ALICE01' };
const BOB = { as: 'U0BOB00001', direct: 'D0BOB00001' };

const YAML = `
accounts: { "111122223333": { name: Production } }
schedules:
  primary:
    time_zone: Europe/Berlin
    layers: [{ name: always, rotation: daily, start: 2026-11-16T09:00, people: [${ALICE.as}] }]
escalations:
  security: { steps: [{ page: [schedule:primary], wait: 5m }, { page: [${BOB.as}], wait: 5m }] }
routes: { escalation: security }`;

describe.skipIf(noBrowser !== '')(`a page in a browser ${noBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** A bot whose clock can be put forward. */
  async function startBot(way: Way): Promise<{ bot: LiveBot; putForward(ms: number): void }> {
    let ahead = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + ahead };
    const bot = await startLiveBot(temporaryFolder(), { yaml: YAML, way, clock });
    onTestFinished(() => bot.stop());
    const putForward = (ms: number) => {
      ahead += ms;
    };
    return { bot, putForward };
  }

  /** Somebody's phone, in one conversation. */
  async function phone(bot: LiveBot, as: string, place: string): Promise<Page> {
    const context = await browser.newContext({
      locale: 'en-US',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    context.setDefaultTimeout(12_000);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${bot.page}?as=${as}#${place}`);
    return page;
  }

  const about = (page: Page, alert: string): Locator =>
    page
      .locator('article')
      .filter({ hasText: `· ${alert}` })
      .first();

  it.each(BOTH_WAYS)(
    'a person is paged and presses Acknowledge on a phone: the channel shows it, and nobody else is paged (%s)',
    async (way) => {
      const { bot, putForward } = await startBot(way);
      await bot.post(envelope(record()));
      const alice = await phone(bot, ALICE.as, ALICE.direct);
      const paged = about(alice, 'A-1');
      await paged.getByText('you are on call for').waitFor();
      const wide = await alice.evaluate(
        `[...document.querySelectorAll('article *')].filter((one) => one.getBoundingClientRect().right > innerWidth).length`,
      );
      expect(wide).toBe(0);
      const acknowledge = paged.getByRole('button', { name: 'Acknowledge alert A-1', exact: true });
      await acknowledge.tap();
      await acknowledge.waitFor({ state: 'detached' });
      await paged.getByText('HIGH · ACKNOWLEDGED').waitFor();

      const bob = await phone(bot, BOB.as, 'C0SECURITY');
      await about(bob, 'A-1').getByText('HIGH · ACKNOWLEDGED').waitFor();
      await about(bob, 'A-1').getByText('@Alice Martin').first().waitFor();

      putForward(10 * MINUTE);
      // What is due has been looked at once another alert was paged.
      await bot.post(envelope(record({ userIdentity: user('mallory') })));
      await about(alice, 'A-2').getByText('you are on call for').waitFor();
      await about(bob, 'A-2').waitFor();
      // The page has all of that, so that his own messages are there, too, if there are any.
      await bob.goto(`${bot.page}?as=${BOB.as}#${BOB.direct}`);
      await bob.getByRole('textbox', { name: 'Message Trailbot' }).waitFor();
      expect(await bob.locator('article').count()).toBe(0);
    },
  );
});
