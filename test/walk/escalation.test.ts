import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import { historyOf } from '../../src/store/history.ts';
import { openStore } from '../../src/store/open.ts';
import { fakeClock } from '../support/clock.ts';
import { bellOf, CARLA, page, pages, steps, thread } from '../support/escalation.ts';
import {
  alertMessage,
  directMessages,
  later,
  shows,
  submit,
  threadOf,
  told,
  withAlert,
} from '../support/operating.ts';
import { ALICE, BOB, choose, labelsOf, pressButton, textIn } from '../support/people.ts';

describe('the person on call is paged at once; five minutes later the next one is', () => {
  it('and once the first acknowledges at six minutes, nobody is any more, whatever restarts in between', async () => {
    const first = await bellOf();
    await first.pass(2);
    expect(pages(first)).toEqual([1, 0, 0]);
    const second = await first.restart();
    await later(second, 4 * MINUTE);
    expect(pages(second)).toEqual([1, 0, 0]);
    await later(second, MINUTE);
    expect(pages(second)).toEqual([1, 1, 0]);
    const third = await second.restart();
    await later(third, MINUTE);
    await pressButton(third.workspace, ALICE, page(third, ALICE), 'Acknowledge');
    await shows(third, 'ACKNOWLEDGED');
    const last = await third.restart();
    await later(last, 20 * MINUTE);
    expect(pages(last)).toEqual([1, 1, 0]);
    expect(thread(last)).toHaveLength(2);
  });

  it('with a direct message that says what, where, who, since when and why them, and has the buttons', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    const message = page(bot, ALICE);
    const said = textIn(message.blocks);
    for (const part of [
      'HIGH',
      'FIRING',
      'A-1',
      'alice',
      '111122223333',
      '203.0.113.5',
      'Why you',
      'step 1 of 3',
    ]) {
      expect(said).toContain(part);
    }
    expect(JSON.stringify(message.blocks)).toContain('/archives/');
    expect(message.text.length).toBeLessThanOrEqual(120);
    expect(labelsOf(message)).toEqual(['Acknowledge', 'Resolve…']);
    expect(thread(bot)[0]).toMatch(/^Paging\s*\.? .*Step 1 of 3 of security/);
    expect(JSON.stringify(threadOf(bot)[0]?.blocks)).toContain(`"user_id":"${ALICE}"`);
    expect(JSON.stringify(threadOf(bot)[0]?.blocks)).not.toContain(BOB);
    expect(thread(bot)[0]).toContain('Next: Bob Tanaka in 5 min');
  });

  it('once, although Slack takes a page and its answer is lost, or the bot ends before it is said', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    bot.workspace.faults.call('chat.postMessage', { kind: 'lost-reply' }, 2);
    await later(bot, 5 * MINUTE);
    await bot.pass(20);
    expect(pages(bot)).toEqual([1, 1, 0]);
    expect(thread(bot)).toHaveLength(2);
    bot.workspace.faults.call('chat.postMessage', { kind: 'server-error' }, 4);
    await later(bot, 5 * MINUTE - 20 * SECOND);
    expect(pages(bot)).toEqual([1, 1, 0]);
    const again = await bot.restart();
    await again.pass(20);
    expect(pages(again)).toEqual([1, 1, 1]);
    expect(thread(again)).toHaveLength(3);
  });

  it('and nobody is woken for an alert that was taken while Slack could not be reached', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    bot.workspace.faults.call('conversations.open', { kind: 'rate-limited', retryAfter: 60 }, 9);
    await later(bot, 5 * MINUTE);
    await pressButton(bot.workspace, ALICE, page(bot, ALICE), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    bot.workspace.faults.clear();
    await later(bot, 5 * MINUTE);
    expect(pages(bot)).toEqual([1, 0, 0]);
  });

  it('nor mentioned in the thread for it', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    bot.workspace.faults.call('chat.postMessage', { kind: 'rate-limited', retryAfter: 60 }, 9);
    await later(bot, 5 * MINUTE);
    await pressButton(bot.workspace, ALICE, page(bot, ALICE), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    bot.workspace.faults.clear();
    await later(bot, 5 * MINUTE);
    expect(pages(bot)).toEqual([1, 0, 0]);
    expect(thread(bot)).toHaveLength(1);
  });

  it('and every page shows who has taken it, and offers no Acknowledge any more', async () => {
    const bot = await bellOf();
    await later(bot, 5 * MINUTE);
    await pressButton(bot.workspace, BOB, page(bot, BOB), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await bot.pass(3);
    for (const person of [ALICE, BOB]) {
      expect(textIn(page(bot, person).blocks)).toContain(`ACKNOWLEDGED* by <@${BOB}>`);
      expect(labelsOf(page(bot, person))).toEqual(['Resolve…']);
    }
  });

  it('although the bot was down when a step was due: then it is taken once it is back', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    await bot.stop();
    await bot.clock.advance(30 * MINUTE);
    const again = await bot.restart();
    await again.pass(2);
    expect(pages(again)).toEqual([1, 1, 0]);
    await later(again, 5 * MINUTE);
    expect(pages(again)).toEqual([1, 1, 1]);
  });

  it('and the alert says who was paged and when it goes on', async () => {
    const bot = await bellOf();
    await bot.pass(3);
    expect(textIn(alertMessage(bot).blocks)).toMatch(/On call\s+paged\s+· next\s+Bob Tanaka\s+at/);
    await later(bot, 5 * MINUTE);
    await bot.pass(3);
    const drawn = JSON.stringify(alertMessage(bot).blocks);
    expect(drawn).toContain(`"user_id":"${ALICE}"`);
    expect(drawn).toContain(`"user_id":"${BOB}"`);
  });
});

describe('what people do with an alert is followed', () => {
  it('a snooze holds the escalation up; when it is over, it goes on', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    await choose(bot.workspace, ALICE, alertMessage(bot), 'Snooze…', '30 minutes');
    await shows(bot, 'SNOOZED');
    const again = await bot.restart();
    await later(again, 29 * MINUTE);
    expect(pages(again)).toEqual([1, 0, 0]);
    await later(again, MINUTE);
    expect(pages(again)).toEqual([1, 1, 0]);
  });

  it('un-acknowledged, it goes on at once with the step that would have been next', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    await pressButton(bot.workspace, ALICE, page(bot, ALICE), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await later(bot, 20 * MINUTE);
    expect(pages(bot)).toEqual([1, 0, 0]);
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Un-acknowledge');
    await shows(bot, 'FIRING AGAIN');
    const again = await bot.restart();
    await again.pass(2);
    expect(pages(again)).toEqual([1, 1, 0]);
  });

  it('resolved, it stops; reopened, it starts anew', async () => {
    const bot = await bellOf();
    await later(bot, 5 * MINUTE);
    await pressButton(bot.workspace, ALICE, page(bot, ALICE), 'Resolve…');
    const value = { value: 'expected', text: { type: 'plain_text', text: 'Expected' } };
    await submit(bot, ALICE, { disposition: { type: 'radio_buttons', selected_option: value } });
    await shows(bot, 'RESOLVED');
    await later(bot, 20 * MINUTE);
    expect(pages(bot)).toEqual([1, 1, 0]);
    await pressButton(bot.workspace, BOB, alertMessage(bot), 'Reopen');
    await shows(bot, 'FIRING AGAIN');
    const again = await bot.restart();
    await again.pass(2);
    expect(pages(again)).toEqual([2, 1, 0]);
    await later(again, 5 * MINUTE);
    expect(pages(again)).toEqual([2, 2, 0]);
  });
});

describe('steps that do not hold', () => {
  it('are passed over at once, and the history says why', async () => {
    const bot = await bellOf(steps(', only_if: { level: critical }'));
    await later(bot, 5 * MINUTE);
    expect(pages(bot)).toEqual([1, 0, 1]);
    await bot.stop();
    const db = await openStore(bot.folder);
    const history = (await historyOf(db, 'A-1')).map(({ detail }) => detail);
    await db.close();
    expect(history.slice(1)).toEqual([
      `paged <@${ALICE}> by step 1 of 3 of security`,
      'passed over step 2 of 3 of security: the alert is high, and the step is for level=critical',
      `paged <@${CARLA}> by step 3 of 3 of security`,
    ]);
  });

  it('by hours are judged when they are due', async () => {
    const yaml = `
time_intervals: { office: { times: [{ from: '09:00', to: '09:18' }] } }
${steps(', only_if: { outside: office }').replace('5m }', '2m, only_if: { hours: office } }')}`;
    // It is 09:15; the second step is due at 09:17, while the hours of the office hold.
    const bot = await bellOf(yaml);
    await later(bot, 2 * MINUTE);
    expect(pages(bot)).toEqual([1, 0, 1]);
  });
});

describe('the policy is a snapshot', () => {
  it('taken when the alert opens: what is changed afterwards is for the next one', async () => {
    const bot = await bellOf();
    await bot.pass(2);
    await bot.stop();
    const read = readConfig({ text: steps().replace(BOB, CARLA), file: 'trailbot.yaml', env: {} });
    expect('config' in read).toBe(true);
    const changed = await withAlert(
      { clock: bot.clock, folder: bot.folder, yaml: steps().replace(BOB, CARLA) },
      { userIdentity: { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' } },
    );
    await later(changed, 5 * MINUTE);
    expect(directMessages(changed, BOB)).toHaveLength(1);
    expect(textIn(page(changed, BOB).blocks)).toContain('A-1');
    expect(textIn(directMessages(changed, CARLA)[0]?.blocks)).toContain('A-2');
  });
});

describe('Escalate now', () => {
  it('says who will be paged, asks, and pages them at once; the next step keeps its time', async () => {
    const bot = await bellOf();
    await bot.pass(3);
    await choose(bot.workspace, CARLA, alertMessage(bot), 'More', 'Escalate now');
    const view = await bot.workspace.waitFor((workspace) => workspace.modals(CARLA).at(-1));
    expect(JSON.stringify(view.blocks)).toContain(`"user_id":"${BOB}"`);
    expect(textIn(view.blocks)).toContain('step 2 of 3');
    await submit(bot, CARLA, {});
    expect(pages(bot)).toEqual([1, 1, 0]);
    const again = await bot.restart();
    expect(textIn(threadOf(again).at(-1)?.blocks)).toContain('nobody waited for it');
    expect(JSON.stringify(threadOf(again).at(-1)?.blocks)).toContain(`"user_id":"${CARLA}"`);
    await later(again, 4 * MINUTE);
    expect(pages(again)).toEqual([1, 1, 0]);
    await later(again, MINUTE);
    expect(pages(again)).toEqual([1, 1, 1]);
  });

  it('says that nobody is on call for the next step before anything is pressed', async () => {
    const bot = await bellOf(`
schedules:
  primary:
    time_zone: UTC
    gaps: true
    layers:
      - { name: day, rotation: daily, start: 2026-01-05T12:00, people: [${BOB}], restrictions: [{ from: '12:00', to: '13:00' }] }
escalations:
  security: { steps: [{ page: [${ALICE}] }, { page: [schedule:primary] }, { page: [${CARLA}] }] }
routes: { escalation: security, repeat: never }
`);
    await bot.pass(3);
    await choose(bot.workspace, ALICE, alertMessage(bot), 'More', 'Escalate now');
    const view = await bot.workspace.waitFor((workspace) => workspace.modals(ALICE).at(-1));
    const said = textIn(view.blocks).replace(/\s+/g, ' ');
    expect(said).toContain('The next is step 2 of 3 of security , for which nobody is on call now');
  });

  it('pages nobody else when the step that was confirmed was taken meanwhile, and says so', async () => {
    const bot = await bellOf();
    await bot.pass(3);
    await choose(bot.workspace, CARLA, alertMessage(bot), 'More', 'Escalate now');
    await bot.workspace.waitFor((workspace) => workspace.modals(CARLA).at(-1));
    await later(bot, 5 * MINUTE);
    const answer = await told(bot, CARLA, () => submit(bot, CARLA, {}));
    expect(textIn(answer.blocks)).toContain('Nobody else was paged');
    await bot.pass(2);
    expect(pages(bot)).toEqual([1, 1, 0]);
  });
});

describe('whoever cannot be reached', () => {
  it('and a direct message that Slack refuses for ever is said in the thread, and the next is paged at once', async () => {
    const bot = await withAlert({ clock: fakeClock(), yaml: steps() });
    await later(bot, 4 * MINUTE + 50 * SECOND);
    bot.workspace.faults.call('conversations.open', { kind: 'refused', error: 'user_disabled' });
    await later(bot, 10 * SECOND);
    expect(pages(bot)).toEqual([1, 0, 1]);
    const said = thread(bot).find((text) => text.includes('could not be reached'));
    expect(said).toContain('The next step follows at once');
    const again = await bot.restart();
    await later(again, MINUTE);
    expect(pages(again)).toEqual([1, 0, 1]);
  });

  it('because nobody is on call in a schedule: the thread says so, and the next is paged at once', async () => {
    const bot = await bellOf(`
schedules:
  primary:
    time_zone: UTC
    gaps: true
    layers:
      - { name: day, rotation: daily, start: 2026-01-05T12:00, people: [${ALICE}], restrictions: [{ from: '12:00', to: '13:00' }] }
escalations:
  security: { steps: [{ page: [schedule:primary], wait: 5m }, { page: [${BOB}], wait: 5m }] }
routes: { escalation: security, repeat: never }
`);
    await bot.pass(2);
    expect(pages(bot)).toEqual([0, 1, 0]);
    expect(thread(bot)[0]).toContain('Nobody could be paged by this step.');
    expect(thread(bot)[0]).toContain('Nobody is on call in primary now.');
  });

  it('because Slack does not say who is in a user group: the thread says so, and the next is paged at once', async () => {
    const yaml = steps().replace(`[${ALICE}]`, '[S0ONCALL01]');
    const bot = await withAlert({
      clock: fakeClock(),
      yaml,
      scopes: ['chat:write', 'im:write', 'channels:history'],
    });
    await bot.pass(2);
    expect(pages(bot)).toEqual([0, 1, 0]);
    expect(thread(bot)[0]).toContain('Slack does not say who is in the user group S0ONCALL01');
  });
});

describe('a step', () => {
  it('pages who is on call, everybody in a user group, addresses and channels, each person once', async () => {
    const bot = await bellOf(`
schedules:
  primary: { time_zone: UTC, layers: [{ name: day, rotation: weekly, start: 2026-01-05T09:00, people: [${ALICE}] }] }
escalations:
  security: { steps: [{ page: [schedule:primary, S0RESPOND1, carla@trail.example, ${BOB}, '#general'], wait: 5m }] }
routes: { escalation: security, repeat: never }
`);
    await bot.pass(3);
    expect(pages(bot)).toEqual([1, 1, 1]);
    expect(textIn(page(bot, ALICE).blocks)).toContain('you are on call for');
    const general = bot.workspace.messages('C0GENERAL0').filter(({ user }) => user === 'U0TRAILBOT');
    expect(general).toHaveLength(1);
    expect(textIn(general[0]?.blocks)).toMatch(/Why here\s+this channel is step 1 of 1/);
    expect(labelsOf(general[0] ?? page(bot, ALICE))).toEqual(['Acknowledge', 'Resolve…']);
  });
});
