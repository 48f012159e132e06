import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND, systemClock } from '../../src/kernel/time.ts';
import { auditSince } from '../../src/store/audit.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import { type Bot, startBot } from '../support/bot.ts';
import {
  PRODUCTION,
  SESSION,
  SETTINGS,
  STAGING,
  STOLEN,
  sessionAcrossAccounts,
  stolenKey,
} from '../support/history.ts';
import { ALICE, BOB, ephemerals, labelsOf, pressButton, textIn } from '../support/people.ts';
import { envelope, record, user } from '../support/records.ts';

/** Nobody waits for AWS's two requests a second here. */
const AT_ONCE = { requests: 1000, per: 1 };

const NOW = systemClock.now();
const INCIDENT = [...stolenKey(NOW), ...sessionAcrossAccounts(NOW)];

async function startAws(): Promise<FakeAws> {
  const aws = await startFakeAws({
    accounts: {
      [PRODUCTION]: { keys: { [STOLEN]: { userName: 'ci-deploy' } } },
      [STAGING]: { readerRole: 'TrailbotReader' },
    },
    rate: 'unlimited',
  });
  aws.add(INCIDENT);
  return aws;
}

function startWith(aws: FakeAws, yaml = SETTINGS): Promise<Bot> {
  const { url: endpoint, credentials } = aws;
  return startBot({ yaml, aws: { endpoint, credentials, rate: AT_ONCE } });
}

/** What only this person is told because of `act`, as soon as it says `words`. */
async function told(bot: Bot, person: string, words: RegExp, act: () => Promise<unknown>) {
  const before = new Set(ephemerals(bot.workspace, person).map(({ ts }) => ts));
  await bot.clock.advance(SECOND);
  await act();
  return bot.workspace.waitFor(() =>
    ephemerals(bot.workspace, person).find(
      (one) => (!before.has(one.ts) || one.edited) && words.test(textIn(one.blocks)),
    ),
  );
}

function ask(bot: Bot, question: string, words: RegExp, person = ALICE, channel = 'C0SECURITY') {
  return told(bot, person, words, () =>
    bot.workspace.say({ as: person, channel, text: `/trail ${question}` }),
  );
}

/** The same private message, once it says `words`. A second later: two presses of one instant are one. */
async function turned(bot: Bot, message: StoredMessage, label: string, words: RegExp) {
  await bot.clock.advance(SECOND);
  await pressButton(bot.workspace, ALICE, message, label);
  return bot.workspace.waitFor(() =>
    ephemerals(bot.workspace, ALICE).find((one) => one.ts === message.ts && words.test(textIn(one.blocks))),
  );
}

/** The answer that everybody in the channel sees. */
function shared(bot: Bot): StoredMessage | undefined {
  return bot.workspace
    .messages('C0SECURITY')
    .find(({ ephemeralTo, blocks }) => !ephemeralTo && /Asked:/.test(textIn(blocks)));
}

async function audited(bot: Bot): Promise<string[]> {
  const sql = await openStoreForReading(bot.folder);
  const lines = sql ? await auditSince(sql, 0) : [];
  await sql?.close();
  return lines.filter(({ kind }) => kind === 'question').map(({ userId, detail }) => `${userId} ${detail}`);
}

describe('a question', () => {
  it('counts an event once that was both received and is in the event history', async () => {
    const bot = await startWith(await startAws());
    for (const event of stolenKey(NOW).slice(0, 3)) await bot.post(envelope(event));
    for (const event of INCIDENT.slice(0, 3)) await bot.post(envelope(event));
    await bot.pass();
    const answer = textIn((await ask(bot, `key ${STOLEN} 30d`, /Asked:/)).blocks);
    // Three others than those of the history were received, under event ids of their own.
    expect(answer).toContain('67 calls');
    expect(answer).toMatch(/6 events of 6\. LookupEvents: 64 events read/);
  });

  it('is answered from what was received where AWS is not asked, and says so', async () => {
    const bot = await startBot({ yaml: SETTINGS });
    for (const event of INCIDENT.slice(0, 3)) await bot.post(envelope(event));
    await bot.pass();
    const answer = textIn((await ask(bot, `key ${STOLEN} 30d`, /Asked:/)).blocks);
    expect(answer).toContain('3 calls');
    expect(answer).toContain('LookupEvents not asked: history.lookup_events is false');
  });

  it('is asked again by its buttons after a restart, and not before', async () => {
    const aws = await startAws();
    const bot = await startWith(aws);
    const answer = await ask(bot, `key ${SESSION}`, /14 calls/);
    const asked = aws.requests.length;
    const timeline = await turned(bot, answer, 'Timeline', /Timeline ·/);
    const summary = await turned(bot, timeline, 'Summary', /By address/);
    await pressButton(bot.workspace, ALICE, summary, 'Share in channel');
    await bot.workspace.waitFor(() => shared(bot));
    expect(aws.requests).toHaveLength(asked);

    const again = await bot.restart();
    const left = shared(again);
    if (!left) throw new Error('the shared answer is gone');
    await told(again, BOB, /Timeline ·/, () => pressButton(again.workspace, BOB, left, 'Timeline'));
    expect(aws.requests.length).toBeGreaterThan(asked);
  });

  it('is asked again half an hour later, about the same period', async () => {
    const aws = await startAws();
    const bot = await startWith(aws);
    const answer = await ask(bot, `key ${SESSION}`, /14 calls/);
    await bot.clock.advance(31 * MINUTE);
    await turned(bot, answer, 'Timeline', /Timeline ·/);
    const periods = aws.requests
      .filter(({ params }) =>
        JSON.stringify(params.LookupAttributes)?.includes(`"AccessKeyId","AttributeValue":"${SESSION}"`),
      )
      .map(({ params }) => `${params.StartTime} ${params.EndTime}`);
    expect(periods.length).toBeGreaterThan(34);
    expect(new Set(periods).size).toBe(1);
  });
});

describe('who may ask', () => {
  it('is refused in a channel where no alerts go, with where to ask; not in a direct message', async () => {
    const bot = await startWith(await startAws());
    const refused = await ask(bot, `key ${STOLEN}`, /not answered/, BOB, 'C0GENERAL0');
    expect(textIn(refused.blocks)).toContain('Ask in #security-alerts or in a direct message with the bot');
    await ask(bot, `key ${STOLEN} 30d`, /64 calls/, BOB, BOB.replace(/^U/, 'D'));
    expect(textIn((await ask(bot, 'help', /trail key/, BOB, 'C0GENERAL0')).blocks)).toContain('/trail key');
  });

  it('is told to wait after too many questions within a minute', async () => {
    const bot = await startWith(await startAws(), `${SETTINGS}access: { questions_per_minute: 2 }\n`);
    await ask(bot, `key ${STOLEN} 30d`, /64 calls/);
    await ask(bot, `key ${SESSION}`, /14 calls/);
    await ask(bot, 'logins', /2 questions within a minute/);
    await ask(bot, `key ${STOLEN} 30d`, /64 calls/, BOB);
    await bot.clock.advance(MINUTE + 1);
    await ask(bot, 'logins', /Asked:/);
  });

  it('stands in the audit log with every question, however it was asked', async () => {
    const bot = await startWith(await startAws());
    const answer = await ask(bot, `key ${SESSION}`, /14 calls/);
    const follow = labelsOf(answer).find((label) => label.startsWith('Activity of')) ?? '';
    await told(bot, ALICE, /Asked:/, () => pressButton(bot.workspace, ALICE, answer, follow));
    await bot.clock.advance(SECOND);
    await pressButton(bot.workspace, ALICE, answer, 'Share in channel');
    await bot.workspace.waitFor(() => shared(bot));
    await told(bot, BOB, /Who used/, () =>
      bot.workspace.say({
        as: BOB,
        channel: 'C0SECURITY',
        text: `@trailbot who used ${STOLEN} yesterday?`,
      }),
    );
    const lines = await audited(bot);
    expect(lines[0]).toBe(`${ALICE} key ${SESSION}`);
    expect(lines[1]).toMatch(new RegExp(`^${ALICE} follow-up of key ${SESSION}`));
    expect(lines[2]).toMatch(new RegExp(`^${ALICE} (user|ip|role|resource) `));
    expect(lines[3]).toMatch(new RegExp(`^${ALICE} .*share`, 'i'));
    expect(lines[4]).toMatch(new RegExp(`^${BOB} .*${STOLEN}`));
  });
});

describe('an alert’s Investigate', () => {
  it('answers in the thread, about the key, from a day before the alert', async () => {
    const bot = await startWith(await startAws());
    const attempt = { ...user('ci-deploy', PRODUCTION), accessKeyId: STOLEN };
    await bot.post(envelope(record({ userIdentity: attempt })));
    await bot.pass(3);
    const alert = bot.workspace.messages('C0SECURITY').find(({ attachments }) => attachments);
    if (!alert) throw new Error('no alert');
    await pressButton(bot.workspace, BOB, alert, 'Investigate');
    const reply = await bot.workspace.waitFor(() =>
      bot.workspace
        .messages('C0SECURITY')
        .find(({ threadTs, blocks }) => threadTs === alert.ts && /Asked:/.test(textIn(blocks))),
    );
    expect(textIn(reply.blocks)).toContain('since a day before A-1');
    expect(textIn(reply.blocks)).not.toContain(STOLEN);
  });
});
