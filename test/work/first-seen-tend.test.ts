import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import { firstSeenStep, tendFirstSeen } from '../../src/work/first-seen-tend.ts';
import { callFrom, firstSeenRule, rulesetOf, startFirstSeen, storeEvaluated } from '../support/first-seen.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const NOW = Date.UTC(2026, 10, 20, 9, 15);
const RULE = firstSeenRule('{of: [sourceIPAddress], per: [actor]}');
const OTHER = firstSeenRule('{of: [sourceIPAddress], learn: 30d}', '7f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a02');

/** One call an hour, each from an address of its own, the last an hour ago. */
const hourly = (hours: number): CloudTrailRecord[] =>
  Array.from({ length: hours }, (_, index) =>
    callFrom(`10.0.${Math.floor(index / 250)}.${index % 250}`, NOW - (hours - index) * HOUR),
  );

describe('learning from the own records', () => {
  it('is over at once where they reach back the whole time, and only looks at that', async () => {
    const bot = await startFirstSeen(RULE);
    await storeEvaluated(bot.db, hourly(20 * 24));
    await bot.tend();
    expect(await bot.known()).toBe(14 * 24);
    await bot.clock.advance(MINUTE);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 1))).toEqual(['new']);
    expect(await bot.see(callFrom('10.0.1.229', NOW + 1))).toEqual([expect.stringContaining('seen before')]);
  });

  it('is over later where they reach back less', async () => {
    const bot = await startFirstSeen(RULE);
    await storeEvaluated(bot.db, hourly(4 * 24));
    await bot.tend();
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([
      expect.stringMatching(/^still learning until 2026-11-30 09:15:00 UTC: /),
    ]);
  });

  it('counts from when the records came, so that an old file that was sent today does not end it', async () => {
    const bot = await startFirstSeen(RULE);
    await storeEvaluated(bot.db, hourly(30 * 24), NOW - HOUR);
    await bot.tend();
    expect(await bot.known()).toBe(30 * 24);
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([
      expect.stringContaining('still learning until 2026-12-04 08:15:00 UTC'),
    ]);
  });

  it('goes in small steps, and until the last one new values are only remembered', async () => {
    const bot = await startFirstSeen(RULE);
    await storeEvaluated(bot.db, hourly(20 * 24));
    const tools = { ...bot, ruleset: () => bot.ruleset, log: createLog('silent') };
    expect(await tendFirstSeen(tools, 10)).toBe(10);
    expect(await bot.known()).toBe(10);
    expect(await bot.see(callFrom('203.0.113.7', NOW))).toEqual([
      expect.stringMatching(
        /^still learning until 2026-12-04 09:15:00 UTC, or until the stored records are read: /,
      ),
    ]);
    expect(await bot.tend(10)).toBeGreaterThan(30);
    await bot.clock.advance(MINUTE);
    expect(await bot.see(callFrom('203.0.113.8', NOW + 1))).toEqual(['new']);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 1))).toEqual([expect.stringContaining('seen before')]);
  });

  it('goes on after a restart where it was', async () => {
    const folder = temporaryFolder();
    const bot = await startFirstSeen(RULE);
    bot.db = await temporaryStore(folder);
    await storeEvaluated(bot.db, hourly(20 * 24));
    await tendFirstSeen({ ...bot, ruleset: () => bot.ruleset, log: createLog('silent') }, 300);
    await bot.db.close();
    bot.db = await temporaryStore(folder);
    await bot.tend(50);
    expect(await bot.known()).toBe(14 * 24);
    expect(await bot.db.all('select read_at from first_seen')).toEqual([{ read_at: null }]);
  });

  it('reads records that came in one moment once each', async () => {
    const bot = await startFirstSeen(RULE);
    await storeEvaluated(bot.db, hourly(120), NOW - DAY);
    expect(await bot.tend(7)).toBe(Math.ceil(120 / 7) + 1);
    expect(await bot.sizes()).toEqual([120]);
  });

  it('does not take for seen what came after the rule and waits for it', async () => {
    const bot = await startFirstSeen(RULE, OTHER);
    await storeEvaluated(bot.db, hourly(40 * 24));
    const tools = { ...bot, ruleset: () => bot.ruleset, log: createLog('silent') };
    await tendFirstSeen(tools, 10);
    await bot.clock.advance(MINUTE);
    const late = callFrom('203.0.113.7', NOW + 1);
    await storeEvaluated(bot.db, [late], NOW + 1);
    // A rule that begins later, and looks back further, reads on with the others: it may read what they may not.
    const later = firstSeenRule('{of: [awsRegion], learn: 60d}', '7f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a03');
    bot.ruleset = rulesetOf(later, RULE, OTHER);
    await bot.clock.advance(MINUTE);
    await bot.tend(100);
    expect(await bot.see(late)).toEqual([expect.stringContaining('seen before'), 'new', 'new']);
  });

  it('serves several rules that look back differently far', async () => {
    const bot = await startFirstSeen(RULE, OTHER);
    await storeEvaluated(bot.db, hourly(40 * 24));
    await bot.tend();
    expect(await bot.sizes()).toEqual([14 * 24, 30 * 24]);
    await bot.clock.advance(MINUTE);
    expect(await bot.see(callFrom('203.0.113.7', NOW + 1))).toEqual(['new', 'new']);
  });

  it('has nothing to do without such rules, and then leaves nothing behind', async () => {
    const bot = await startFirstSeen();
    await storeEvaluated(bot.db, hourly(3));
    expect(await bot.tend()).toBe(0);
    expect(await bot.db.all('select * from first_seen')).toEqual([]);
  });

  it('passes over a record that is not readable any more', async () => {
    const bot = await startFirstSeen(RULE);
    await storeEvaluated(bot.db, hourly(24));
    await bot.db.run(
      `update records set body = '{"eventName":"CreateAccessKey"}' where source_address = '10.0.0.3'`,
    );
    await bot.db.run(`update records set body = 'gone' where source_address = '10.0.0.4'`);
    await bot.tend(5);
    expect(await bot.known()).toBe(22);
  });
});

describe('the background step', () => {
  const step = (bot: Awaited<ReturnType<typeof startFirstSeen>>, load: () => number) =>
    firstSeenStep({ ...bot, ruleset: () => bot.ruleset, log: createLog('silent'), load });

  it('gives way while the process is busy, but not for ever', async () => {
    const bot = await startFirstSeen(RULE);
    await storeEvaluated(bot.db, hourly(24));
    const busy = step(bot, () => 1);
    expect(await busy()).toBeGreaterThan(0);
    expect(await bot.known()).toBe(0);
    for (let look = 0; look < 10; look++) await busy();
    expect(await bot.known()).toBe(24);
  });

  it('rests when all is done', async () => {
    const bot = await startFirstSeen(RULE);
    expect(await step(bot, () => 0)()).toBe(HOUR);
  });

  it('says, once, that a rule meets more values than are kept', async () => {
    const bot = await startFirstSeen(firstSeenRule('{of: [sourceIPAddress], learn: 0d}'));
    bot.most = 2;
    for (let last = 0; last < 5; last++) await bot.see(callFrom(`203.0.113.${last}`, NOW));
    const lines: string[] = [];
    const log = createLog('warn', { write: (line) => void lines.push(line) });
    const watched = firstSeenStep({ ...bot, ruleset: () => bot.ruleset, log, load: () => 0 });
    await watched();
    await watched();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      rule: 'rules',
      fields: '{"of":["sourceIPAddress"],"per":[]}',
      crowdedOut: 3,
      msg: expect.stringContaining('they will alert again as new'),
    });
  });
});
