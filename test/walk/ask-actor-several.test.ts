import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { HOUR } from '../../src/kernel/time.ts';
import { auditSince } from '../../src/store/audit.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { directMessages, later, submit } from '../support/operating.ts';
import { ALICE, alertMessages, BOB, pressButton, textIn } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';

const CARLA = 'U0CARLA001';
const PEOPLE = `people: { "arn:aws:iam::*:user/alice": ${BOB}, "arn:aws:iam::*:user/carol": ${CARLA} }`;
const BY_NAME = `${PEOPLE}\nroutes: { group_by: [requestParameters.userName] }`;

async function begin(yaml: string, levels = '{}'): Promise<Bot> {
  return startBot({
    clock: fakeClock(),
    yaml: `rules: { paths: [./rules/identity], levels: ${levels} }\n${yaml}`,
    base: fileURLToPath(new URL('../..', import.meta.url)),
  });
}

async function happens(bot: Bot, over: JsonObject = {}): Promise<void> {
  await bot.post(envelope(record(over)));
  await bot.pass(5);
}

/** Everything that is said under alerts. */
function replies(bot: Bot): StoredMessage[] {
  return bot.workspace
    .messages('C0SECURITY')
    .filter(({ threadTs, ts, ephemeralTo }) => threadTs !== undefined && threadTs !== ts && !ephemeralTo);
}

const saying = (bot: Bot, text: string) =>
  replies(bot).filter(({ blocks }) => textIn(blocks).replace(/\s+/g, ' ').includes(text));

function asked(bot: Bot, person: string): StoredMessage {
  const message = directMessages(bot, person).at(-1);
  if (!message) throw new Error(`${person} was not asked`);
  return message;
}

async function sayYes(bot: Bot, person: string): Promise<void> {
  await pressButton(bot.workspace, person, asked(bot, person), 'Yes…');
  await submit(bot, person, { reason: { type: 'plain_text_input', value: 'rotation of keys' } });
}

it('an answer that comes too late counts for every alert that waited for it', async () => {
  const bot = await begin(BY_NAME);
  await happens(bot, { requestParameters: { userName: 'x' } });
  await happens(bot, { requestParameters: { userName: 'y' } });
  expect(directMessages(bot, BOB)).toHaveLength(1);
  await later(bot, 3 * HOUR);
  expect(saying(bot, 'did not answer')).toHaveLength(2);
  await pressButton(bot.workspace, BOB, asked(bot, BOB), 'No');
  await bot.workspace.waitFor(() => saying(bot, 'NOT them')[0]);
  await bot.pass(5);
  expect(saying(bot, 'NOT them')).toHaveLength(2);
});

it('an alert about several people is resolved by the last yes, not by the first; the audit log has it', async () => {
  const bot = await begin(`${PEOPLE}\nask_actor: { resolve: [medium] }\nroutes: { group_by: [account] }`);
  await happens(bot, { requestParameters: { userName: 'alice' } });
  await happens(bot, { userIdentity: user('carol'), requestParameters: { userName: 'carol' } });
  const shown = () => alertMessages(bot.workspace).filter(({ channel }) => channel === 'C0SECURITY');
  expect(shown()).toHaveLength(1);
  await sayYes(bot, BOB);
  expect(textIn(shown()[0]?.blocks)).not.toContain('RESOLVED');
  await sayYes(bot, CARLA);
  await bot.pass(2);
  expect(textIn(shown()[0]?.blocks)).toContain('RESOLVED');
  const sql = await openStoreForReading(bot.folder);
  const entries = sql ? await auditSince(sql, 0) : [];
  await sql?.close();
  expect(entries.filter(({ kind }) => kind === 'operation')).toMatchObject([
    { userId: CARLA, detail: 'A-1 resolved as expected: whoever did it has said so' },
  ]);
});

it('that somebody was asked often enough is said once an hour, and does not call them', async () => {
  const bot = await begin(BY_NAME);
  for (const name of ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) {
    const last = directMessages(bot, BOB).at(-1);
    if (last && textIn(last.blocks).includes('Was this you?')) await sayYes(bot, BOB);
    const sourceIPAddress = `203.0.113.${name.charCodeAt(0)}`;
    await happens(bot, { requestParameters: { userName: name }, sourceIPAddress });
  }
  const notes = saying(bot, 'was asked 5 times within the last hour already');
  expect(notes).toHaveLength(1);
  expect(textIn(notes[0]?.blocks)).toContain('do not say so again');
  expect(JSON.stringify(notes[0]?.blocks)).not.toContain('"type":"user"');
});

it('about what stands in digests alone nobody is asked, and nothing waits for its message', async () => {
  const digests = 'digests: { daily: never, weekly: never, only: low }';
  const bot = await begin(`${PEOPLE}\n${digests}`, '{ access-key-for-another: low }');
  await happens(bot);
  expect(directMessages(bot, BOB)).toEqual([]);
  const sql = await openStoreForReading(bot.folder);
  const waiting = await sql?.all("select subject from jobs where kind = 'actor_ask'", []);
  await sql?.close();
  expect(waiting).toEqual([]);
});

const PAGING = (steps: string) => `${PEOPLE}
escalations: { security: { steps: [${steps}] } }
routes: { escalation: security }
`;

it('a no pages somebody although every step was taken already, and never the one who was asked alone', async () => {
  const bot = await begin(PAGING(`{ page: [${ALICE}], wait: 4h }, { page: [${BOB}], wait: 4h }`));
  await happens(bot, { requestParameters: { userName: 'x' } });
  const question = asked(bot, BOB);
  await bot.clock.advance(1000);
  await pressButton(bot.workspace, BOB, question, 'No');
  await bot.workspace.waitFor(() => directMessages(bot, ALICE)[1]);
  expect(saying(bot, 'Nobody answered')).toEqual([]);
});

it('a no pages the last step again where nobody is left', async () => {
  const bot = await begin(PAGING(`{ page: [${ALICE}], wait: 4h }`));
  await happens(bot, { requestParameters: { userName: 'x' } });
  await pressButton(bot.workspace, BOB, asked(bot, BOB), 'No');
  await bot.workspace.waitFor(() => directMessages(bot, ALICE)[1]);
  await bot.workspace.waitFor(() => saying(bot, 'The next step of security is taken at once')[0]);
  expect(saying(bot, 'Nobody answered')).toEqual([]);
});
