import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Block } from '../../../src/workspace/page-api.ts';
import { launch, noBrowser } from '../../support/chromium.ts';
import { example, message, open, type Pane, show, state } from './pane.ts';

const HOSTILE = [
  '<!channel> <@U0BOB00001> <https://evil.example|AWS console>',
  '<img src=x onerror=alert(1)> <script>alert(1)</script>',
  '&lt;!here&gt; &amp;lt;b&amp;gt;',
  '`x` ``` *bold* _it_ ~no~ :white_check_mark: approved',
  'https://evil.example/login \u202Egnp.exe',
];

const rich = (text: string): Block => ({
  type: 'rich_text',
  block_id: 'r',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const section = (text: string, verbatim = true): Block => ({
  type: 'section',
  block_id: 's',
  text: { type: 'mrkdwn', text, verbatim },
});

describe.skipIf(noBrowser !== '')(`what messages look like ${noBrowser}`, () => {
  let browser: Browser;
  let pane: Pane;

  beforeAll(async () => {
    browser = await launch();
    pane = await open(browser, state());
  });

  afterAll(async () => {
    await pane.close();
    await browser.close();
  });

  const draw = async (...blocks: Block[]) =>
    (await show(pane, message({ text: 'x', blocks }))).locator('.blocks');

  it.each(['new', 'acked', 'resolved', 'burst', 'whoused', 'timeline'])(
    'draws the %s message whole, with no markup left in its context lines',
    async (name) => {
      const article = await show(pane, example(name));
      const text = (await article.textContent()) ?? '';
      expect(text).not.toContain('[unsupported');
      const contexts = (await article.locator('.block-context').allTextContents()).join('\n');
      expect(contexts).not.toMatch(/<[@!#h]|[`*^|]/);
    },
  );

  it('shows times in the reader’s zone, people by name, and code as code', async () => {
    const article = await show(pane, example('new'));
    const context = article.locator('.block-context').first();
    expect(await context.innerText()).toBe(
      'HIGH · FIRING · rule root-console-login · A-1042 · yesterday 10:00:00 AM',
    );
    expect(await context.locator('code').innerText()).toBe('root-console-login');
    expect(await article.getByRole('link', { name: 'Runbook' }).getAttribute('href')).toBe(
      'https://runbooks.example/root-login',
    );
    expect(await article.locator('.mention').allInnerTexts()).toEqual(['@Alice Martin', '@Bob Tanaka']);
  });

  it.each(HOSTILE)('draws %j letter by letter wherever text is not markup', async (hostile) => {
    const cell = { type: 'raw_text', text: hostile };
    const blocks = await draw(
      rich(hostile),
      { type: 'header', block_id: 'h', text: { type: 'plain_text', text: hostile, emoji: false } },
      { type: 'table', block_id: 't', rows: [[cell], [cell]] },
      { type: 'section', block_id: 'p', text: { type: 'plain_text', text: hostile, emoji: false } },
    );
    expect(await blocks.locator('.rich-text').textContent()).toBe(hostile);
    expect(await blocks.getByRole('heading').textContent()).toBe(hostile);
    expect(await blocks.locator('td').textContent()).toBe(hostile);
    expect(await blocks.locator('.section').textContent()).toBe(hostile);
    expect(await blocks.locator('a, img, script, b, strong, em, s, code, pre, .mention').count()).toBe(0);
    expect(pane.complaints).toEqual([]);
  });

  it.each([
    ['&lt;!channel&gt; &lt;https://evil.example|x&gt;', '<!channel> <https://evil.example|x>'],
    [
      '<javascript:alert(1)|click> <mailto:a@b.c|mail>',
      '&lt;javascript:alert(1)|click&gt; &lt;mailto:a@b.c|mail&gt;',
    ],
    ['snake_case_name 2*3*4 a~b~c', 'snake_case_name 2*3*4 a~b~c'],
    ['09:00–09:04 :nosuchemoji:', '09:00–09:04 :nosuchemoji:'],
    ['https://a.example', 'https://a.example'],
  ])('makes nothing of %j', async (source, shown) => {
    const words = (await draw(section(source))).locator('.section-words > .mrkdwn');
    expect(await words.locator('*').count()).toBe(0);
    const expected = shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
    expect(await words.textContent()).toBe(expected);
  });

  it.each([
    ['*bold* _it_ ~no~ `co*d*e`', '<strong>bold</strong> <em>it</em> <s>no</s> <code>co*d*e</code>'],
    [
      '*<@U0ALICE01> did it*',
      /^<strong><span class="mention mention-me"[^>]*>@Alice Martin<\/span> did it<\/strong>$/,
    ],
    ['(*a*), "_b_".', '(<strong>a</strong>), "<em>b</em>".'],
    ['a\n&gt; one\n&gt; two\nb', 'a<blockquote>one\ntwo</blockquote>b'],
    ['x\n```\n*raw* :eyes:\n```\ny', 'x<pre>*raw* :eyes:</pre>y'],
    [':red_circle: :+1:', '🔴 👍'],
    ['<!here> <!subteam^S1|@oncall>', /@here<\/span> <span class="mention">@oncall</],
    ['<#C0CLOUDOPS> <#C0SECRET|hidden>', /href="#C0CLOUDOPS">#cloud-ops<\/a> <span class="mention">#hidden</],
    [
      '<https://a.example/?q=1&amp;r=2|a &lt;b&gt;>',
      /href="https:\/\/a\.example\/\?q=1&amp;r=2" target="_blank" rel="noopener noreferrer" class="link">a &lt;b&gt;</,
    ],
    ['<!date^1795165200^{date_num} {time_secs}|then>', /<time title="[^"]+">2026-11-20 10:00:00 AM<\/time>/],
    ['<!date^soon^{date}|then>', 'then'],
  ])('draws %j', async (source, html) => {
    const words = (await draw(section(source))).locator('.section-words > .mrkdwn');
    const drawn = await words.innerHTML();
    if (typeof html === 'string') expect(drawn).toBe(html);
    else expect(drawn).toMatch(html);
  });

  it('makes bare addresses links unless the text is verbatim, and leaves the full stop out', async () => {
    const blocks = await draw(section('see https://a.example/x_y_z.', false));
    expect(await blocks.getByRole('link').getAttribute('href')).toBe('https://a.example/x_y_z');
    expect(await blocks.textContent()).toBe('see https://a.example/x_y_z.');
  });

  it('says which block it cannot draw', async () => {
    const blocks = await draw({ type: 'hologram', block_id: 'b' });
    expect(await blocks.textContent()).toBe('[unsupported hologram]');
  });

  it('never fetches a picture, and shows what is on it', async () => {
    const blocks = await draw({
      type: 'image',
      block_id: 'i',
      image_url: 'https://evil.example/pixel.png',
      alt_text: 'a map',
    });
    expect(await blocks.getByRole('img', { name: 'a map' }).count()).toBe(1);
    expect(pane.complaints).toEqual([]);
  });

  it('draws a chart with its numbers, a folded container, sorted pages of a data table, and Markdown', async () => {
    const blocks = await draw(
      {
        type: 'data_visualization',
        block_id: 'c',
        title: 'Calls',
        chart: {
          type: 'pie',
          segments: [
            { label: 'allowed', value: 3 },
            { label: 'denied', value: 1 },
          ],
        },
      },
      {
        type: 'container',
        block_id: 'k',
        title: { type: 'plain_text', text: 'Raw' },
        is_collapsible: true,
        default_collapsed: true,
        child_blocks: [rich('inside')],
      },
      {
        type: 'data_table',
        block_id: 'd',
        caption: 'Rules',
        page_size: 2,
        rows: [
          [{ type: 'raw_text', text: 'Alerts' }],
          ...[3, 138, 20].map((value) => [{ type: 'raw_number', value, text: String(value) }]),
        ],
      },
      {
        type: 'markdown',
        block_id: 'm',
        text: '# Title\n**b** [x](javascript:alert(1)) [y](https://y.example)\n- one',
      },
    );
    expect(await blocks.getByRole('img', { name: 'Calls' }).count()).toBe(1);
    expect(await blocks.getByText('inside').isVisible()).toBe(false);
    await blocks.getByText('Raw', { exact: true }).click();
    expect(await blocks.getByText('inside').isVisible()).toBe(true);
    const cells = blocks.locator('.data-table td');
    await blocks.getByRole('button', { name: 'Alerts' }).click();
    expect(await cells.allInnerTexts()).toEqual(['3', '20']);
    await blocks.getByRole('button', { name: 'Next' }).click();
    expect(await cells.allInnerTexts()).toEqual(['138']);
    const markdown = blocks.locator('.markdown');
    expect(await markdown.getByRole('link').allInnerTexts()).toEqual(['y']);
    expect(await markdown.getByRole('heading').innerText()).toBe('Title');
  });
});
