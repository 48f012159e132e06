import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Block, PageRequest } from '../../../src/workspace/page-api.ts';
import { launch, noBrowser } from '../../support/chromium.ts';
import { ALERTS, ALICE, BOT, DIRECT, example, message, modal, open, type Pane, show, state } from './pane.ts';

const NOTE: Block = {
  type: 'input',
  block_id: 'note',
  label: { type: 'plain_text', text: 'Note' },
  element: { type: 'plain_text_input', action_id: 'text', multiline: true },
};
const OUTCOME: Block = {
  type: 'input',
  block_id: 'outcome',
  label: { type: 'plain_text', text: 'What was it?' },
  element: {
    type: 'radio_buttons',
    action_id: 'choice',
    options: ['Expected', 'Harm'].map((text) => ({ text: { type: 'plain_text', text }, value: text })),
  },
};

describe.skipIf(noBrowser !== '')(`working with the page ${noBrowser}`, () => {
  let browser: Browser;
  let pane: Pane;

  beforeAll(async () => {
    browser = await launch();
  });

  afterEach(async () => {
    expect(pane.complaints).toEqual([]);
    await pane.close();
  });

  afterAll(() => browser.close());

  /** The first request of a kind; it waits for the page to send it. */
  const sent = <Act extends PageRequest['act']>(act: Act) =>
    expect.poll(() => pane.stand.requests.find((request) => request.act === act), { timeout: 5000 });

  it('acknowledges by keyboard alone, with a spinner until the app answers, and keeps its place', async () => {
    const alert = example('new');
    pane = await open(browser, state({ messages: [alert] }));
    const article = pane.page.getByRole('article', { name: /^Trailbot, 8:00 AM: HIGH: Root console login/ });
    const answered = Promise.withResolvers<undefined>();
    pane.stand.answer = () => answered.promise;

    await article.focus();
    const focused = () => pane.page.evaluate('document.activeElement.ariaLabel');
    for (let presses = 0; presses < 6 && (await focused()) !== 'Acknowledge alert A-1042'; presses += 1) {
      await pane.page.keyboard.press('Tab');
    }
    await pane.page.keyboard.press('Enter');

    await article.locator('button[aria-busy="true"]').waitFor();
    await sent('press').toMatchObject({
      as: ALICE,
      from: { message: { channel: ALERTS, ts: alert.ts } },
      action: { type: 'button', action_id: 'alert_ack', block_id: 'act:A-1042:1', value: 'A-1042:1' },
    });
    pane.stand.emit({ kind: 'message', message: { ...example('acked'), ts: alert.ts, edited: true } });
    answered.resolve(undefined);
    await pane.page.getByText('(edited)').waitFor();
    expect(await article.count()).toBe(0);
    expect(await focused()).toContain('ACKNOWLEDGED by Alice');
    expect(await pane.page.locator('[aria-busy="true"]').count()).toBe(0);
  });

  it('walks from message to message with the arrow keys', async () => {
    const messages = ['one', 'two', 'three'].map((text) => message({ text }));
    pane = await open(browser, state({ messages }));
    await pane.page.getByRole('article', { name: /three/ }).focus();
    await pane.page.keyboard.press('ArrowUp');
    await pane.page.keyboard.press('ArrowUp');
    expect(await pane.page.evaluate('document.activeElement.textContent')).toContain('one');
    expect(await pane.page.locator('article[tabindex="0"]').count()).toBe(1);
  });

  it('chooses from a list and a menu with the keyboard', async () => {
    pane = await open(browser, state({ messages: [example('new')] }));
    await pane.page.getByRole('combobox', { name: 'Snooze…' }).press('ArrowDown');
    await pane.page.keyboard.press('4');
    await pane.page.keyboard.press('Enter');
    await sent('press').toMatchObject({
      action: { type: 'static_select', action_id: 'alert_snooze', selected_option: { value: 'A-1042:1:4h' } },
    });
    await pane.page.getByRole('button', { name: 'More actions' }).press('Enter');
    const console = pane.page.getByRole('menuitem', { name: 'Open in CloudTrail' });
    expect(await console.getAttribute('rel')).toBe('noopener noreferrer');
    await pane.page.keyboard.press('Escape');
    await console.waitFor({ state: 'hidden' });
    expect(await pane.page.evaluate('document.activeElement.ariaLabel')).toBe('More actions');
    expect(pane.stand.requests).toHaveLength(1);
  });

  it('asks before it presses a button that wants to be confirmed', async () => {
    const danger: Block = {
      type: 'actions',
      block_id: 'a',
      elements: [
        {
          type: 'button',
          action_id: 'end',
          text: { type: 'plain_text', text: 'End mute' },
          style: 'danger',
          confirm: {
            title: { type: 'plain_text', text: 'Sure?' },
            text: { type: 'mrkdwn', text: 'It *pages* again.' },
            confirm: { type: 'plain_text', text: 'End it' },
            deny: { type: 'plain_text', text: 'Keep it' },
          },
        },
      ],
    };
    pane = await open(browser, state({ messages: [message({ text: 'x', blocks: [danger] })] }));
    const button = pane.page.getByRole('button', { name: 'End mute' });
    await button.click();
    await pane.page
      .getByRole('alertdialog', { name: 'Sure?' })
      .getByRole('button', { name: 'Keep it' })
      .click();
    expect(pane.stand.requests).toEqual([]);
    await button.click();
    await pane.page.getByRole('button', { name: 'End it' }).click();
    await sent('press').toMatchObject({ action: { action_id: 'end' } });
  });

  it('keeps the focus inside a modal, says what is missing under its field, and sends what was entered', async () => {
    pane = await open(browser, state({ modals: [modal([OUTCOME, NOTE])] }));
    const dialog = pane.page.getByRole('dialog', { name: 'Resolve alert' });
    const inside = "document.querySelector('dialog').contains(document.activeElement)";
    for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
      await pane.page.keyboard.press(key);
      expect(await pane.page.evaluate(inside)).toBe(true);
    }
    await dialog.getByRole('textbox', { name: 'Note' }).fill('CHG-771, a drill');
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await dialog.getByText('Please complete this required field.').waitFor();
    expect(await dialog.getByRole('radiogroup', { name: 'What was it?' }).getAttribute('aria-invalid')).toBe(
      'true',
    );
    expect(pane.stand.requests).toEqual([]);

    await dialog.getByRole('radio', { name: 'Expected' }).check();
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await sent('submit').toMatchObject({
      view: 'V1',
      values: {
        outcome: { choice: { type: 'radio_buttons', selected_option: { value: 'Expected' } } },
        note: { text: { type: 'plain_text_input', value: 'CHG-771, a drill' } },
      },
    });

    pane.stand.emit({
      kind: 'modals',
      modals: [modal([OUTCOME, NOTE], { errors: { note: 'Name the change ticket.' } })],
    });
    await dialog.getByText('Name the change ticket.').waitFor();
    expect(await dialog.getByRole('textbox').inputValue()).toBe('CHG-771, a drill');
    expect(await dialog.getByRole('radio', { name: 'Expected' }).isChecked()).toBe(true);
    expect(await pane.page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');

    await pane.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await sent('close').toMatchObject({ view: 'V1' });
  });

  it('fills every kind of input as Slack’s state carries it', async () => {
    const input = (id: string, type: string, rest: object = {}): Block => ({
      type: 'input',
      block_id: id,
      label: { type: 'plain_text', text: id },
      element: { type, action_id: 'a', ...rest },
    });
    const options = ['iam', 's3'].map((value) => ({ text: { type: 'plain_text', text: value }, value }));
    const blocks = [
      input('mail', 'email_text_input'),
      input('count', 'number_input', { is_decimal_allowed: false, max_value: '9' }),
      input('level', 'static_select', { options }),
      input('who', 'users_select'),
      input('where', 'conversations_select'),
      input('tags', 'multi_static_select', { options }),
      input('days', 'checkboxes', { options }),
      input('day', 'datepicker', { initial_date: '2026-11-20' }),
      input('time', 'timepicker', { initial_time: '09:00' }),
      input('until', 'datetimepicker', { initial_date_time: 1795165200 }),
    ];
    pane = await open(browser, state({ modals: [modal(blocks)] }));
    const { page } = pane;
    const choose = async (name: string, option: string) => {
      await page.getByRole('combobox', { name, exact: true }).click();
      await page.getByRole('option', { name: option }).click();
    };
    await page.getByRole('textbox', { name: 'mail' }).fill('alice');
    await page.getByRole('textbox', { name: 'count' }).fill('12');
    await choose('level', 's3');
    await choose('who', 'Bob Tanaka');
    await choose('where', '#cloud-ops');
    await choose('tags', 'iam');
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 's3' }).check();
    expect(await page.getByLabel('until').inputValue()).toBe('2026-11-20T10:00');
    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.getByText('Please enter an email address.').waitFor();
    await page.getByText('Please enter 9 or less.').waitFor();
    await page.getByRole('textbox', { name: 'mail' }).fill('alice@trail.example');
    await page.getByRole('textbox', { name: 'count' }).fill('7');
    await page.getByRole('button', { name: 'Resolve' }).click();
    await sent('submit').toMatchObject({
      values: {
        mail: { a: { type: 'email_text_input', value: 'alice@trail.example' } },
        count: { a: { type: 'number_input', value: '7' } },
        level: { a: { type: 'static_select', selected_option: options[1] } },
        who: { a: { type: 'users_select', selected_user: 'U0BOB00001' } },
        where: { a: { type: 'conversations_select', selected_conversation: 'C0CLOUDOPS' } },
        tags: { a: { type: 'multi_static_select', selected_options: [options[0]] } },
        days: { a: { type: 'checkboxes', selected_options: [options[1]] } },
        day: { a: { type: 'datepicker', selected_date: '2026-11-20' } },
        time: { a: { type: 'timepicker', selected_time: '09:00' } },
        until: { a: { type: 'datetimepicker', selected_date_time: 1795165200 } },
      },
    });
  });

  it('offers the commands after a slash, sends with Enter, and begins a line with Shift+Enter', async () => {
    pane = await open(browser, state());
    const box = pane.page.getByRole('textbox', { name: 'Message #security-alerts' });
    await box.pressSequentially('/trail statu');
    expect(await pane.page.getByRole('option').allInnerTexts()).toEqual([
      expect.stringContaining('/trail status'),
    ]);
    await box.press('Tab');
    expect(await box.inputValue()).toBe('/trail status');
    await box.press('Enter');
    await sent('say').toEqual({ act: 'say', as: ALICE, channel: ALERTS, text: '/trail status' });
    await box.pressSequentially('a');
    await box.press('Shift+Enter');
    await box.pressSequentially('b');
    await box.press('Enter');
    await expect.poll(() => pane.stand.requests.at(-1)).toMatchObject({ text: 'a\nb' });
    expect(await box.inputValue()).toBe('');
  });

  it('shows Slack’s words beside the message box, and keeps what could not be sent', async () => {
    pane = await open(browser, state());
    pane.stand.answer = async () => 'is_archived';
    const box = pane.page.getByRole('textbox');
    await box.fill('hello');
    await box.press('Enter');
    await pane.page.getByRole('alert').getByText('is_archived').waitFor();
    expect(await box.inputValue()).toBe('hello');
    const words = '/trail failed with the error "operation_timeout"';
    pane.stand.emit({ kind: 'failure', channel: ALERTS, text: words });
    await pane.page.getByRole('alert').getByText(words).waitFor();
    await pane.page.getByRole('button', { name: 'OK' }).click();
    await pane.page.getByRole('alert').waitFor({ state: 'hidden' });
  });

  it('opens a thread from its reply count and answers in it, but takes no command there', async () => {
    const alert = message({ text: 'the alert' });
    const reply = message({ text: 'looking', user: 'U0BOB00001', threadTs: alert.ts });
    pane = await open(browser, state({ messages: [alert, reply] }));
    expect(await pane.page.getByRole('article').count()).toBe(1);
    await pane.page.getByRole('link', { name: /1 reply/ }).click();
    const thread = pane.page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('article', { name: /Bob Tanaka.*looking/ }).waitFor();
    const box = thread.getByRole('textbox', { name: 'Reply in thread' });
    await box.fill('/trail help');
    await box.press('Enter');
    await thread.getByText('/trail is not supported in threads. Sorry!').waitFor();
    await box.fill('thanks');
    await box.press('Enter');
    await sent('say').toMatchObject({ text: 'thanks', threadTs: alert.ts });
    await thread.getByRole('button', { name: 'Close thread' }).click();
    await thread.waitFor({ state: 'hidden' });
  });

  it('shows a reply that was sent to the channel, too, in both, with the way between them', async () => {
    const alert = message({ text: 'the alert' });
    const reply = message({ text: 'nobody has answered', threadTs: alert.ts, broadcast: true });
    const quiet = message({ text: 'a note', threadTs: alert.ts });
    pane = await open(browser, state({ messages: [alert, reply, quiet] }));
    const log = pane.page.getByRole('log', { name: 'Messages in #security-alerts' });
    expect(await log.getByRole('article').count()).toBe(2);
    const sent = log.getByRole('article', { name: /nobody has answered/ });
    await sent.getByText('replied to a thread:').waitFor();
    await sent.getByRole('link', { name: 'the alert' }).click();
    const thread = pane.page.getByRole('log', { name: 'Thread' });
    await thread.getByText('Also sent to the channel').waitFor();
    expect(await thread.getByRole('article').count()).toBe(3);
  });

  it('marks what only this person sees, and lets them dismiss it for good', async () => {
    pane = await open(browser, state({ messages: [message({ text: 'secret', ephemeralTo: ALICE })] }));
    const article = pane.page.getByRole('article', { name: /only visible to you: secret/ });
    await article.getByText('Only visible to you').waitFor();
    await article.getByRole('button', { name: 'Dismiss' }).click();
    await article.waitFor({ state: 'detached' });
    await pane.page.reload();
    await pane.page.getByRole('log').waitFor();
    expect(await pane.page.getByRole('article').count()).toBe(0);
  });

  it('brings an answer to this person alone into view, a long one from its beginning', async () => {
    const messages = Array.from({ length: 40 }, (_, at) => message({ text: `older ${at}` }));
    pane = await open(browser, state({ messages }));
    await pane.page.getByRole('article', { name: /older 0$/ }).scrollIntoViewIfNeeded();
    const inView = (article: Locator) =>
      article.getByText('Only visible to you').evaluate((line) => {
        const { top, bottom } = line.getBoundingClientRect();
        return top >= 0 && bottom <= 720;
      });
    const aside = await show(pane, message({ text: 'to somebody else', user: 'U0BOB00001' }));
    expect(await aside.evaluate((article) => article.getBoundingClientRect().top > 720)).toBe(true);
    const short = await show(pane, message({ text: 'no', ephemeralTo: ALICE }));
    await expect.poll(() => inView(short)).toBe(true);
    const long = await show(pane, message({ text: 'a line\n'.repeat(90), ephemeralTo: ALICE }));
    await expect.poll(() => inView(long)).toBe(true);
  });

  it('opens a list although the channel has just scrolled, and closes it when its button scrolls away', async () => {
    const messages = [example('new'), ...Array.from({ length: 40 }, (_, at) => message({ text: `${at}` }))];
    pane = await open(browser, state({ messages }));
    const option = pane.page.getByRole('option', { name: '1 hour' });
    await pane.page.getByRole('combobox', { name: 'Snooze…' }).click();
    await option.waitFor();
    await pane.page.getByRole('log').evaluate((log) => log.scrollBy(0, 40));
    await option.waitFor({ state: 'hidden' });
  });

  it('counts what is unread until the channel is opened', async () => {
    pane = await open(browser, state());
    pane.stand.emit({ kind: 'message', message: message({ channel: DIRECT, text: 'You are paged' }) });
    await pane.page.getByRole('link', { name: 'Trailbot, 1 unread' }).click();
    await pane.page.getByRole('article', { name: /You are paged/ }).waitFor();
    await pane.page.getByRole('link', { name: 'Trailbot', exact: true }).waitFor();
  });

  it('shows the push text as a phone would, opens its message, and lets it go', async () => {
    const alert = message({ text: 'HIGH: root signed in' });
    pane = await open(browser, state({ messages: [alert] }), { hash: '#C0CLOUDOPS' });
    const push = {
      kind: 'push',
      title: 'Trailbot in #security-alerts',
      channel: ALERTS,
      ts: alert.ts,
    } as const;
    pane.stand.emit({ ...push, body: 'HIGH: root signed in' });
    pane.stand.emit({ ...push, body: 'second' });
    const phone = pane.page.getByRole('status', { name: 'Notifications on a phone' });
    await phone.getByText('second').waitFor();
    await pane.page.evaluate(
      `document.querySelector('.toast').getAnimations().forEach((one) => one.finish())`,
    );
    await phone.getByText('second').waitFor({ state: 'detached' });
    await phone.getByText('HIGH: root signed in').click();
    await pane.page.getByRole('article', { name: /root signed in/ }).waitFor();
    expect(await pane.page.evaluate('document.activeElement.dataset.ts')).toBe(alert.ts);
  });

  it('asks for the bot’s Home tab when it is opened, and draws it when it comes', async () => {
    pane = await open(browser, state(), { hash: `#${DIRECT}` });
    await pane.page.getByRole('tab', { name: 'Home' }).click();
    await sent('home').toEqual({ act: 'home', as: ALICE });
    const block: Block = {
      type: 'actions',
      block_id: 'h',
      elements: [{ type: 'button', action_id: 'take', text: { type: 'plain_text', text: 'Take over' } }],
    };
    pane.stand.emit({ kind: 'home', view: { id: 'H1', type: 'home', blocks: [block] } });
    await pane.page.getByRole('button', { name: 'Take over' }).click();
    await sent('press').toMatchObject({ from: { view: 'H1' }, action: { action_id: 'take' } });
    await pane.page.getByRole('tab', { name: 'Messages' }).click();
    await pane.page.getByRole('textbox', { name: 'Message Trailbot' }).waitFor();
  });

  it('loads what it missed when the stream of events breaks', async () => {
    pane = await open(browser, state());
    await show(pane, message({ text: 'before' }));
    pane.stand.snapshot = state({ messages: [message({ text: 'meanwhile' })] });
    pane.stand.hangUp();
    await pane.page.getByRole('article', { name: /meanwhile/ }).waitFor();
    expect(await pane.page.getByRole('article', { name: /before/ }).count()).toBe(0);
    await show(pane, message({ text: 'after' }));
  });

  it('switches to another person by a link that the address remembers', async () => {
    pane = await open(browser, state());
    expect(await pane.page.getByRole('link', { name: 'Be Bob Tanaka' }).getAttribute('href')).toBe(
      '?as=U0BOB00001',
    );
    pane.stand.snapshot = state({ me: 'U0BOB00001' });
    await pane.page.getByRole('link', { name: 'Be Bob Tanaka' }).click();
    await pane.page.getByRole('link', { name: 'Bob Tanaka (you)' }).waitFor();
    expect(pane.page.url()).toContain('?as=U0BOB00001');
    await pane.page.getByRole('textbox').fill('hi');
    await pane.page.keyboard.press('Enter');
    await sent('say').toMatchObject({ as: 'U0BOB00001' });
  });

  it('fits a screen of 360 pixels: nothing scrolls sideways but tables, and the sidebar is a drawer', async () => {
    const messages = ['new', 'burst', 'whoused', 'timeline'].map((name) => example(name));
    const blocks: Block[] = [
      {
        type: 'rich_text',
        block_id: 'w',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x'.repeat(400) }] }],
      },
    ];
    pane = await open(
      browser,
      state({ messages: [...messages, message({ text: 'x', blocks, user: BOT })] }),
      {
        viewport: { width: 360, height: 640 },
      },
    );
    const overflow =
      '[...document.querySelectorAll("html, .log, article")].map((one) => one.scrollWidth - one.clientWidth)';
    expect(new Set((await pane.page.evaluate(overflow)) as number[])).toEqual(new Set([0]));
    const channel = pane.page.getByRole('link', { name: 'cloud-ops' });
    expect(await channel.isVisible()).toBe(false);
    await pane.page.getByRole('button', { name: 'Open the sidebar' }).click();
    await channel.click();
    await pane.page.getByRole('heading', { name: '#cloud-ops' }).waitFor();
    await channel.waitFor({ state: 'hidden' });
  });

  it('offers the shortcuts of apps in the menu of a message', async () => {
    const found = message({ text: 'a key in a repository' });
    pane = await open(browser, state({ messages: [found] }));
    const article = pane.page.getByRole('article', { name: /a key in a repository/ });
    await article.hover();
    await article.getByRole('button', { name: 'More message actions' }).click();
    await pane.page.getByRole('menuitem', { name: 'Investigate this' }).click();
    await sent('shortcut').toEqual({
      act: 'shortcut',
      as: ALICE,
      channel: ALERTS,
      ts: found.ts,
      callbackId: 'investigate',
    });
  });

  it('shows a file as a download', async () => {
    const files = [{ name: 'trailbot-key.csv', size: 1204, url: '/files/F1/trailbot-key.csv' }];
    pane = await open(browser, state({ messages: [message({ text: 'the CSV', files })] }));
    const file = pane.page.getByRole('link', { name: 'trailbot-key.csv 1,204 bytes' });
    expect(await file.getAttribute('href')).toBe('/files/F1/trailbot-key.csv');
    expect(await file.getAttribute('download')).toBe('trailbot-key.csv');
  });

  it('completes the name of the bot, in a thread too', async () => {
    const root = message({ text: 'what is this?' });
    pane = await open(browser, state({ messages: [root] }));
    const article = pane.page.getByRole('article', { name: /what is this/ });
    await article.hover();
    await article.getByRole('button', { name: 'Reply in thread' }).click();
    const box = pane.page.getByRole('textbox', { name: 'Reply in thread' });
    await box.fill('@tr');
    await box.press('Tab');
    expect(await box.inputValue()).toBe('@trailbot ');
  });
});
