import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Block, Message, Snapshot, View } from '../../../src/workspace/page-api.ts';
import { Stand } from './stand.ts';

export const ALICE = 'U0ALICE01';
export const BOT = 'U0TRAILBOT';
export const ALERTS = 'C0SECURITY';
export const DIRECT = 'D0ALICE01';

/** 21 November 2026, 09:00 in Amsterdam: the day on which the page is looked at. */
const NOW = 1_795_248_000_000;

/** The state of a workspace with three people, a bot, two channels and a direct message. */
export function state(over: Partial<Snapshot> = {}): Snapshot {
  return {
    me: ALICE,
    people: [
      { id: ALICE, name: 'alice', realName: 'Alice Martin', color: '#2b6cb0', isBot: false },
      { id: 'U0BOB00001', name: 'bob', realName: 'Bob Tanaka', color: '#2f855a', isBot: false },
      { id: 'U0CARLA001', name: 'carla', realName: 'Carla Reyes', color: '#b7791f', isBot: false },
      { id: BOT, name: 'trailbot', realName: 'Trailbot', color: '#1d2b3a', isBot: true },
    ],
    channels: [
      { id: ALERTS, name: 'security-alerts', kind: 'channel' },
      { id: 'C0CLOUDOPS', name: 'cloud-ops', kind: 'channel' },
      { id: DIRECT, name: BOT, kind: 'im' },
    ],
    messages: [],
    modals: [],
    home: null,
    slashCommand: '/trail',
    shortcuts: [{ callbackId: 'investigate', name: 'Investigate this' }],
    ...over,
  };
}

let count = 0;

/** A message of the bot, newer than all before it. */
export function message(over: Partial<Message>): Message {
  count += 1;
  const ts = `${NOW / 1000 - 3600}.${String(count).padStart(6, '0')}`;
  return { channel: ALERTS, ts, user: BOT, text: '', ...over };
}

/** One of the design's messages: `new`, `acked`, `resolved`, `burst`, `whoused`, `timeline`. */
export function example(name: string, over: Partial<Message> = {}): Message {
  const source = readFileSync(new URL(`../messages/${name}.json`, import.meta.url), 'utf8');
  const { text, blocks, attachments }: Message = JSON.parse(source);
  const drawn = { ...(blocks ? { blocks } : {}), ...(attachments ? { attachments } : {}) };
  return message({ text, ...drawn, ...over });
}

export function modal(blocks: readonly Block[], over: Partial<View> = {}): View {
  return { id: 'V1', type: 'modal', title: 'Resolve alert', submit: 'Resolve', blocks, ...over };
}

/** A page in front of a stand. */
export interface Pane {
  readonly stand: Stand;
  readonly page: Page;
  /** What the browser complained about: errors, and whatever the security policy refused. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function open(
  browser: Browser,
  snapshot: Snapshot,
  options: BrowserContextOptions & { hash?: string } = {},
): Promise<Pane> {
  const { hash = '', ...rest } = options;
  const stand = await Stand.start(snapshot);
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Europe/Amsterdam', ...rest });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(stand.url) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
  await page.clock.setFixedTime(NOW);
  await page.goto(`${stand.url}?as=${ALICE}${hash}`);
  await page.getByRole('heading', { level: 1, name: /Trailbot|#/ }).waitFor();
  await stand.heard;
  return {
    stand,
    page,
    complaints,
    close: async () => {
      await context.close();
      await stand.stop();
    },
  };
}

/** Lets a message arrive, and gives the article that shows it. */
export async function show(pane: Pane, arriving: Message): Promise<Locator> {
  pane.stand.emit({ kind: 'message', message: arriving });
  const article = pane.page.locator(`article[data-ts="${arriving.ts}"]`);
  await article.waitFor();
  return article;
}
