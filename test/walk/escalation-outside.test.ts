import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import type { Bot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import {
  alertMessage,
  directMessages,
  later,
  shows,
  submit,
  threadOf,
  withAlert,
} from '../support/operating.ts';
import { type Service, startPagerDutyService, startWebhookService } from '../support/outside-services.ts';
import { ALICE, BOB, pressButton, textIn } from '../support/people.ts';

const KEY = 'R0UTINGKEY0123456789';

const thread = (bot: Bot): string =>
  threadOf(bot)
    .map((one) => textIn(one.blocks))
    .join('\n');

function withWebhook(service: Service, env: Record<string, string> = {}): Promise<Bot> {
  const yaml = `
webhooks: { siem: { url: '${service.url}' } }
escalations:
  security: { steps: [{ page: [webhook:siem], wait: 5m }, { page: [${BOB}], wait: 5m }] }
routes: { escalation: security, repeat: never }
`;
  return withAlert({ clock: fakeClock(), yaml, env });
}

function withPagerDuty(service: Service): Promise<Bot> {
  const yaml = `
pagerduty: { security: { url: '${service.url}' } }
escalations:
  security: { steps: [{ page: [pagerduty:security, ${ALICE}], wait: 5m }], repeat: 1 }
routes: { escalation: security, repeat: never }
`;
  return withAlert({ clock: fakeClock(), yaml, env: { TRAILBOT_PAGERDUTY_SECURITY: KEY } });
}

const actions = ({ heard }: Service) => heard.map(({ body }) => body.event_action);

describe('an outgoing webhook', () => {
  it('is told of the alert as JSON, signed with its secret', async () => {
    const service = await startWebhookService();
    const bot = await withWebhook(service, { TRAILBOT_WEBHOOK_SECRET_SIEM: 'a secret' });
    await bot.pass(2);
    await service.received(1);
    const [{ headers, text, body } = { headers: {}, text: '', body: {} }] = service.heard;
    expect(body).toMatchObject({
      version: 1,
      kind: 'page',
      step: 1,
      alert: { id: 'A-1', state: 'firing', level: 'high', account: '111122223333', actor: 'user alice' },
    });
    const [, seconds, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-trailbot-signature'])) ?? [];
    expect(Math.abs(Number(seconds) * SECOND - bot.clock.now())).toBeLessThan(MINUTE);
    expect(signature).toBe(createHmac('sha256', 'a secret').update(`${seconds}.${text}`).digest('hex'));
    await bot.pass(5);
    expect(service.heard).toHaveLength(1);
  });

  it('without a secret is told unsigned', async () => {
    const service = await startWebhookService();
    const bot = await withWebhook(service);
    await bot.pass(2);
    await service.received(1);
    expect(service.heard[0]?.headers).not.toHaveProperty('x-trailbot-signature');
  });

  it('is tried three times with the same id; then the thread says so, and the next is paged at once', async () => {
    const service = await startWebhookService();
    service.answer({ status: 500 }, { status: 503 }, { status: 429, headers: { 'retry-after': '2' } });
    const bot = await withWebhook(service);
    await bot.pass(12);
    expect(service.heard).toHaveLength(3);
    expect(new Set(service.heard.map(({ headers }) => headers['x-trailbot-delivery'])).size).toBe(1);
    expect(thread(bot)).toContain('The next step follows at once');
    expect(thread(bot)).toContain('answered 429: {} (tried 3 times)');
    expect(directMessages(bot, BOB)).toHaveLength(1);
  });

  it('that refuses is not tried again', async () => {
    const service = await startWebhookService();
    service.answer({ status: 404 });
    const bot = await withWebhook(service);
    await bot.pass(5);
    expect(service.heard).toHaveLength(1);
    expect(thread(bot)).toContain('answered 404');
    expect(directMessages(bot, BOB)).toHaveLength(1);
  });

  it('that does not answer holds up nobody, and a restart tells it again', async () => {
    const service = await startWebhookService();
    service.answer({ status: 200, never: true });
    const bot = await withWebhook(service);
    await bot.pass(2);
    await service.received(1);
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    const again = await bot.restart();
    await again.pass(2);
    await service.received(2);
    const ids = service.heard.map(({ headers }) => headers['x-trailbot-delivery']);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('PagerDuty', () => {
  it('is triggered by a step, and hears of acknowledgement and resolution, under one key', async () => {
    const service = await startPagerDutyService(KEY);
    const bot = await withPagerDuty(service);
    await bot.pass(2);
    await service.received(1);
    expect(service.heard[0]?.body).toMatchObject({
      event_action: 'trigger',
      payload: {
        severity: 'error',
        source: '111122223333',
        component: 'iam.amazonaws.com',
        group: '111122223333',
      },
      client: 'Trailbot',
    });
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await service.received(2);
    await bot.pass(2);
    const again = await bot.restart();
    await again.pass(3);
    await pressButton(again.workspace, ALICE, alertMessage(again), 'Resolve…');
    const value = { value: 'expected', text: { type: 'plain_text', text: 'Expected' } };
    await submit(again, ALICE, { disposition: { type: 'radio_buttons', selected_option: value } });
    await shows(again, 'RESOLVED');
    await again.pass(3);
    await service.received(3);
    await again.pass(5);
    expect(actions(service)).toEqual(['trigger', 'acknowledge', 'resolve']);
    const keys = new Set(service.heard.map(({ body }) => body.dedup_key));
    expect([...keys]).toEqual([expect.stringMatching(/^trailbot:.+:A-1$/)]);
  });

  it('is triggered again by the next round, under the same key', async () => {
    const service = await startPagerDutyService(KEY);
    const bot = await withPagerDuty(service);
    await bot.pass(2);
    await later(bot, 5 * MINUTE);
    await bot.pass(2);
    expect(actions(service)).toEqual(['trigger', 'trigger']);
    expect(new Set(service.heard.map(({ body }) => body.dedup_key)).size).toBe(1);
  });

  it('is asked again where it wants to be left alone for a while, and told nothing of what is over by then', async () => {
    const service = await startPagerDutyService(KEY);
    service.answer({ status: 429, headers: { 'retry-after': '20' } });
    const bot = await withPagerDuty(service);
    await bot.pass(3);
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await later(bot, MINUTE);
    expect(actions(service)).toEqual(['trigger']);
  });

  it('that may have taken a page whose answer was lost hears that somebody has the alert', async () => {
    const service = await startPagerDutyService(KEY);
    const lost = { status: 202, never: true };
    service.answer(lost, lost, lost);
    const bot = await withPagerDuty(service);
    for (let tried = 1; tried <= 3; tried++) {
      await bot.pass(3);
      await service.received(tried);
      await bot.clock.advance(10 * SECOND);
    }
    await bot.pass(3);
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await bot.pass(5);
    await service.received(4);
    expect(actions(service)).toEqual(['trigger', 'trigger', 'trigger', 'acknowledge']);
  });

  it('that took a page and no later one hears of the end, for as long as minutes go by without it', async () => {
    const service = await startPagerDutyService(KEY);
    const bot = await withPagerDuty(service);
    await bot.pass(3);
    service.answer(...Array.from({ length: 8 }, () => ({ status: 503 })));
    await later(bot, 5 * MINUTE);
    await bot.pass(20);
    expect(thread(bot)).toContain('answered 503: {} (tried 3 times)');
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await bot.pass(120);
    expect(actions(service).at(-1)).toBe('acknowledge');
    expect(service.heard).toHaveLength(10);
    expect(thread(bot)).not.toContain('still pages');
  });

  it('that does not take the end at all is said to page still', async () => {
    const service = await startPagerDutyService(KEY);
    const bot = await withPagerDuty(service);
    await bot.pass(3);
    service.answer({ status: 400 });
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await bot.pass(5);
    expect(service.heard).toHaveLength(2);
    expect(thread(bot)).toContain('still pages: it could not be told that this is acknowledged');
    expect(thread(bot)).not.toContain('The escalation goes on');
  });

  it('and what it calls invalid is said in the thread', async () => {
    const service = await startPagerDutyService('another key');
    const bot = await withPagerDuty(service);
    await bot.pass(4);
    expect(service.heard).toHaveLength(1);
    expect(thread(bot)).toContain('pagerduty security');
    expect(thread(bot)).toContain('routing_key is unknown');
    expect(thread(bot)).toContain('The escalation goes on as planned');
  });
});
