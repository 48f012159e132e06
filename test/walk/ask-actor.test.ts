import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { auditSince } from '../../src/store/audit.ts';
import { historyOf } from '../../src/store/history.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { alertMessage, directMessages, later, submit, threadOf, told } from '../support/operating.ts';
import { ALICE, alertMessages, BOB, labelsOf, pressButton, textIn } from '../support/people.ts';
import { envelope, record, roleSession, user } from '../support/records.ts';

const CARLA = 'U0CARLA001';

const PEOPLE = `people: { "arn:aws:iam::*:user/alice": ${BOB} }\n`;
const PAGING = `${PEOPLE}
escalations: { security: { steps: [{ page: [${CARLA}], wait: 4h }, { page: [${ALICE}], wait: 4h }] } }
routes: { escalation: security }
`;

/** A few rules alone: a bot that starts often starts faster so. */
const begin = (yaml: string) =>
  startBot({
    clock: fakeClock(),
    yaml: `rules: { paths: [./rules/identity, ./rules/signin] }\n${yaml}`,
    base: fileURLToPath(new URL('../..', import.meta.url)),
  });

/** A high alert on what user alice did, who is Bob in Slack. */
async function asking(yaml = PEOPLE, over: JsonObject = {}): Promise<Bot> {
  const bot = await begin(yaml);
  await again(bot, over);
  return bot;
}

function question(bot: Bot, person = BOB): StoredMessage {
  const message = directMessages(bot, person).find(({ blocks }) => JSON.stringify(blocks).includes('actor:'));
  const any = message ?? directMessages(bot, person).at(-1);
  if (!any) throw new Error(`${person} was not asked`);
  return any;
}

const reading = (value: unknown) => textIn(value).replace(/\s+/g, ' ');
const thread = (bot: Bot) => threadOf(bot).map(({ blocks }) => reading(blocks));
const pages = (bot: Bot, person: string) => directMessages(bot, person).length;

const alerts = (bot: Bot) => alertMessages(bot.workspace).filter(({ channel }) => channel.startsWith('C'));

async function sayYes(bot: Bot, reason: string, from = question(bot)): Promise<void> {
  await pressButton(bot.workspace, BOB, from, 'Yes…');
  await submit(bot, BOB, { reason: { type: 'plain_text_input', value: reason } });
}

/** The same again: another event of the same. */
async function again(bot: Bot, over: JsonObject = {}): Promise<void> {
  await bot.post(envelope(record(over)));
  await bot.pass(3);
}

/** What is kept of it. */
async function written(bot: Bot): Promise<{ history: string[]; audit: string[] }> {
  const db = await openStoreForReading(bot.folder);
  if (!db) throw new Error('there is no database');
  const history = (await historyOf(db, 'A-1')).map(({ detail }) => detail);
  const audit = (await auditSince(db, 0))
    .filter(({ kind }) => kind === 'answer')
    .map(({ userId, detail }) => `${userId} ${detail}`);
  await db.close();
  return { history, audit };
}

async function resolve(bot: Bot, as: string): Promise<void> {
  await pressButton(bot.workspace, as, alertMessage(bot), 'Resolve…');
  await submit(bot, as, {
    disposition: { type: 'radio_buttons', selected_option: { value: 'expected' } } as never,
    note: { type: 'plain_text_input', value: '' },
  });
}

describe('the human behind the actor is asked in a direct message: was this you?', () => {
  it('with what happened, when, from where and in which account; the thread says so and what an answer is worth', async () => {
    const bot = await asking(`${PEOPLE}accounts: { "111122223333": { name: Production } }`);
    await bot.pass(3);
    const said = reading(question(bot).blocks);
    expect(said).toContain('Was this you?');
    expect(said).toMatch(/user alice created access key .* for IAM user bob/);
    expect(said).toContain('203.0.113.5');
    expect(said).toContain('Production (111122223333), us-east-1');
    expect(said).toContain('Open the alert');
    expect(JSON.stringify(question(bot).blocks)).toContain('"type":"date"');
    expect(labelsOf(question(bot))).toEqual(['Yes…', 'No', 'Not sure']);
    expect(bot.workspace.pushes(BOB).at(-1)?.body).toMatch(/^Asking whether this was you: .* A-1$/);
    expect(thread(bot)[0]).toMatch(/whether it was them.*an answer alone proves nothing/s);
    expect(JSON.stringify(threadOf(bot)[0]?.blocks)).toContain(`"user_id":"${BOB}"`);
  });

  it('once, although the bot restarts at every moment of it', async () => {
    let bot = await asking();
    for (let time = 0; time < 3; time++) {
      bot = await bot.restart();
      await bot.pass(2);
    }
    expect(pages(bot, BOB)).toBe(1);
    expect(thread(bot)).toHaveLength(1);
  });

  it('found by the e-mail address that the session of a role is called by', async () => {
    const bot = await asking('ask_actor: {}', { userIdentity: roleSession('Admin', 'bob@trail.example') });
    await bot.pass(3);
    expect(reading(question(bot).blocks)).toContain('Was this you?');
  });

  it('and never more than five times an hour; then the thread says so', async () => {
    const bot = await asking(`${PEOPLE}routes: { group_by: [requestParameters.userName] }`);
    for (const name of ['b', 'c', 'd', 'e', 'f', 'g']) {
      await sayYes(bot, 'rotation of keys', directMessages(bot, BOB).at(-1)).catch(() => undefined);
      // Another address each time: what is grave is not believed of it.
      await again(bot, {
        requestParameters: { userName: name },
        sourceIPAddress: `203.0.113.${name.charCodeAt(0)}`,
      });
    }
    expect(pages(bot, BOB)).toBe(5);
    expect(
      bot.workspace
        .messages()
        .map(({ blocks }) => reading(blocks))
        .join(),
    ).toContain('was asked 5 times within the last hour already');
  });
});

describe('yes, with a reason', () => {
  it('is recorded in thread, history and audit; a high alert stays open and goes on paging', async () => {
    const first = await asking(PAGING);
    await later(first, 2 * MINUTE);
    const bot = await first.restart();
    await sayYes(bot, 'migration of prod-db <!channel>');
    const note = threadOf(bot).find(({ blocks }) => reading(blocks).includes('says that it was them'));
    expect(reading(note?.blocks)).toContain('migration of prod-db <!channel>');
    expect(reading(note?.blocks)).toMatch(/asked 2 min \d+ s ago/);
    expect(note?.broadcast).not.toBe(true);
    expect(reading(note?.blocks)).toContain('The alert stays open');
    expect(reading(question(bot).blocks)).toContain('You said: yes, it was me.');
    expect(labelsOf(question(bot))).toEqual([]);
    await later(bot, 4 * HOUR);
    expect(pages(bot, ALICE)).toBe(1);
    const { history, audit } = await written(bot);
    expect(history).toContain('says that it was them: migration of prod-db <!channel>');
    expect(audit).toEqual([`${BOB} A-1 was this you, user alice? yes: migration of prod-db <!channel>`]);
  });

  it('needs a reason', async () => {
    const bot = await asking();
    await bot.pass(2);
    await pressButton(bot.workspace, BOB, question(bot), 'Yes…');
    await submit(bot, BOB, { reason: { type: 'plain_text_input', value: '   x   ' } });
    expect(bot.workspace.modals(BOB)).toHaveLength(1);
    expect(thread(bot)).toHaveLength(1);
    await submit(bot, BOB, { reason: { type: 'plain_text_input', value: 'OPS-1' } });
    expect(bot.workspace.modals(BOB)).toHaveLength(0);
    expect(thread(bot)[1]).toContain('OPS-1');
  });

  it('keeps repeats quiet for 21 hours, whatever restarts; then the thread says how many, and the next alerts', async () => {
    const first = await asking();
    await first.pass(2);
    await sayYes(first, 'key rotation');
    await again(first);
    expect(pages(first, BOB)).toBe(1);
    await resolve(first, ALICE);
    const second = await first.restart();
    await later(second, 20 * HOUR);
    await again(second);
    expect(alerts(second)).toHaveLength(1);
    await later(second, HOUR);
    expect(thread(second).join()).toContain('1 more match of the same made no alert');
    await again(second);
    expect(alerts(second)).toHaveLength(2);
    expect(pages(second, BOB)).toBe(2);
  });

  it('is not believed of another address when it is grave: the same person is asked again', async () => {
    const bot = await asking();
    await bot.pass(2);
    await sayYes(bot, 'key rotation');
    await again(bot, { sourceIPAddress: '198.51.100.9' });
    expect(pages(bot, BOB)).toBe(2);
    expect(reading(directMessages(bot, BOB)[1]?.blocks)).toContain('198.51.100.9');
  });

  it('resolves a medium alert as expected where the configuration says so', async () => {
    const own = { requestParameters: { userName: 'alice' } };
    const bot = await asking(`${PEOPLE}ask_actor: { resolve: [medium] }`, own);
    await bot.pass(2);
    await sayYes(bot, 'key rotation');
    await bot.pass(2);
    expect(reading(alertMessages(bot.workspace)[0]?.blocks)).toContain('RESOLVED');
  });
});

describe('no', () => {
  it('takes the next step of the escalation at once and is said in the channel', async () => {
    const first = await asking(PAGING);
    await first.pass(3);
    const bot = await first.restart();
    expect(pages(bot, ALICE)).toBe(0);
    await pressButton(bot.workspace, BOB, question(bot), 'No');
    await bot.workspace.waitFor(() => labelsOf(question(bot)).length === 0 || undefined);
    await bot.pass(2);
    expect(pages(bot, ALICE)).toBe(1);
    const note = threadOf(bot).find(({ blocks }) => reading(blocks).includes('NOT them'));
    expect(note?.broadcast).toBe(true);
    expect(reading(note?.blocks)).toContain('The next step of security is taken at once.');
    expect(note?.text).toMatch(/^Bob Tanaka: it was NOT me/);
    expect(reading(question(bot).blocks)).toContain('You said: no, it was NOT me.');
  });

  it('mentions whoever is on call where the alert has no escalation', async () => {
    const layer = `{ name: week, rotation: weekly, start: 2026-01-05T09:00, people: [${ALICE}] }`;
    const bot = await asking(`${PEOPLE}schedules: { primary: { time_zone: UTC, layers: [${layer}] } }`);
    await bot.pass(2);
    await pressButton(bot.workspace, BOB, question(bot), 'No');
    await bot.workspace.waitFor(() => thread(bot).find((text) => text.includes('NOT them')));
    const note = threadOf(bot).at(-1);
    expect(JSON.stringify(note?.blocks)).toContain(`"user_id":"${ALICE}"`);
    expect(note?.broadcast).toBe(true);
  });

  it('is told directly to whoever has the alert already', async () => {
    const bot = await asking(PAGING);
    await bot.pass(2);
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await bot.pass(2);
    await pressButton(bot.workspace, BOB, question(bot), 'No');
    await bot.workspace.waitFor(() => directMessages(bot, ALICE).at(-1));
    expect(directMessages(bot, ALICE).at(-1)?.text).toMatch(/^Bob Tanaka: it was NOT me/);
  });

  it('pages even though the one who is asked has acknowledged the alert', async () => {
    const layer = `{ name: week, rotation: weekly, start: 2026-01-05T09:00, people: [${ALICE}] }`;
    const bot = await asking(`${PAGING}schedules: { primary: { time_zone: UTC, layers: [${layer}] } }`);
    await bot.pass(2);
    await pressButton(bot.workspace, BOB, alertMessage(bot), 'Acknowledge');
    await bot.pass(2);
    await pressButton(bot.workspace, BOB, question(bot), 'Not sure');
    await bot.workspace.waitFor(() => thread(bot).find((text) => text.includes('not sure')));
    expect(JSON.stringify(threadOf(bot).at(-1)?.blocks)).toContain(`"user_id":"${ALICE}"`);
  });
});

describe('silence', () => {
  it('escalates after two hours, once, whatever restarts in between', async () => {
    const first = await asking(PAGING);
    await later(first, HOUR);
    const second = await first.restart();
    await later(second, HOUR - MINUTE);
    expect(pages(second, ALICE)).toBe(0);
    const bot = await second.restart();
    await later(bot, MINUTE);
    expect(pages(bot, ALICE)).toBe(1);
    await later(await bot.restart(), 10 * MINUTE);
    expect(thread(bot).filter((text) => text.includes('did not answer'))).toHaveLength(1);
    expect(reading(question(bot).blocks)).toContain('You have not answered yet');
  });

  it('does nothing once it is answered; a late answer still counts', async () => {
    const bot = await asking(PAGING);
    await later(bot, 2 * HOUR);
    await sayYes(bot, 'sorry, I was asleep');
    expect(thread(bot).at(-1)).toContain('sorry, I was asleep');
  });

  it('waits as long as the configuration says, and asks within its hours alone', async () => {
    const hours = 'time_intervals: { late: { times: [{ from: "10:00", to: "24:00" }] } }';
    const bot = await asking(`${PAGING}ask_actor: { wait: 30m, hours: late }\n${hours}`);
    await bot.pass(5);
    expect(pages(bot, BOB)).toBe(0);
    expect(thread(bot)[0]).toContain('only within the hours late');
    await later(bot, 45 * MINUTE);
    expect(pages(bot, BOB)).toBe(1);
    await later(bot, 31 * MINUTE);
    expect(thread(bot).join()).toContain('did not answer');
  });
});

describe('nobody is asked, and the thread says why,', () => {
  it('when it was root', async () => {
    const arn = 'arn:aws:iam::111122223333:root';
    const bot = await asking(`people: { "*": ${BOB} }`, {
      userIdentity: { type: 'Root', principalId: '111122223333', arn, accountId: '111122223333' },
    });
    expect(pages(bot, BOB)).toBe(0);
    expect(thread(bot)[0]).toContain('the root user is nobody in particular');
  });

  it('when nobody in Slack is known behind it', async () => {
    const bot = await asking('people: { nobody: U0BOB00001 }');
    await bot.pass(3);
    expect(thread(bot)[0]).toContain(
      'nobody in Slack is mapped to arn:aws:iam::111122223333:user/alice; add it under people',
    );
  });

  it('when it was somebody of an account that is not yours', async () => {
    const bot = await asking('people: { "*": U0BOB00001 }', { userIdentity: user('alice', '999988887777') });
    await bot.pass(3);
    expect(pages(bot, BOB)).toBe(0);
    expect(thread(bot)[0]).toContain('belongs to account 999988887777, which is not one of yours');
  });

  it('when they are a guest', async () => {
    const bot = await begin(PEOPLE);
    bot.workspace.changePerson(BOB, 'guest');
    await again(bot);
    expect(pages(bot, BOB)).toBe(0);
    expect(thread(bot)[0]).toContain('is no full member of this Slack workspace');
  });
});

describe('who is suspected is never asked without the channel knowing', () => {
  it('the question about their own credentials is said in the channel, not in the thread alone', async () => {
    const bot = await asking(PEOPLE, { requestParameters: { userName: 'alice' } });
    await bot.pass(3);
    expect(threadOf(bot)[0]?.broadcast).toBe(true);
  });

  it('any other question stands in the thread', async () => {
    const bot = await asking();
    await bot.pass(3);
    expect(threadOf(bot)[0]?.broadcast).not.toBe(true);
  });
});

describe('the buttons', () => {
  it('tell an old press what has happened', async () => {
    const bot = await asking();
    await bot.pass(2);
    const old = question(bot);
    await pressButton(bot.workspace, BOB, old, 'No');
    await bot.workspace.waitFor(() => thread(bot).find((text) => text.includes('NOT them')));
    await bot.clock.advance(2 * MINUTE);
    const stale = await told(bot, BOB, () => pressButton(bot.workspace, BOB, old, 'Not sure'));
    expect(reading(stale)).toContain('You answered 2 min ago: it was not you.');
  });

  it('go when the alert is resolved before', async () => {
    const bot = await asking();
    await bot.pass(2);
    const old = question(bot);
    await resolve(bot, ALICE);
    await bot.pass(2);
    expect(labelsOf(question(bot))).toEqual([]);
    const stale = await told(bot, BOB, () => pressButton(bot.workspace, BOB, old, 'No'));
    expect(reading(stale)).toContain('A-1 was resolved before you answered');
    await later(bot, 3 * HOUR);
    expect(thread(bot).join()).not.toContain('did not answer');
  });
});
