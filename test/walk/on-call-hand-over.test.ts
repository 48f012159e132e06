import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/kernel/time.ts';
import { SCOPES } from '../../src/slack/manifest.ts';
import { PERSONS } from '../../src/workspace/people.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { ask, berlin, CARLA, DAILY, directTo, inChannel, passTo, said } from '../support/on-call.ts';
import { ALICE, BOB } from '../support/people.ts';
import { envelope, record } from '../support/records.ts';

const start = (at = berlin(20, 10), yaml = DAILY) => startBot({ yaml, clock: fakeClock(at) });

describe('when the pager changes hands', () => {
  it('the next person is told 30 minutes before, and the channel at the instant, with the open alerts', async () => {
    const bot = await start(berlin(21, 8, 29));
    await bot.post(envelope(record()));
    await bot.pass(5);
    expect(directTo(bot, CARLA)).toEqual([]);
    await passTo(bot, berlin(21, 8, 30));
    const [soon, ...others] = directTo(bot, CARLA);
    expect(others).toEqual([]);
    expect(soon).toContain('You have the pager from 2026-11-21 08:00 until 2026-11-22 08:00, after @bob.');
    expect(soon).toMatch(/Open alerts:\n🔴 A-1 · HIGH · FIRING · /);
    expect(inChannel(bot)).toEqual([]);
    await passTo(bot, berlin(21, 9));
    const [handOver, ...more] = inChannel(bot);
    expect(more).toEqual([]);
    expect(handOver).toContain('@carla has the pager until 2026-11-22 08:00 (was @bob).');
    expect(handOver).toContain('A-1 · HIGH');
    const blocks = JSON.stringify(bot.workspace.messages('C0CLOUDOPS').at(-1)?.blocks);
    expect(blocks).toMatch(/"type":"link","url":"http[^"]+C0SECURITY[^"]+"/);
  });

  it('that is said once, although the bot is started anew in the middle and at the instant', async () => {
    let bot: Bot = await start(berlin(21, 8, 29));
    for (const at of [berlin(21, 8, 30), berlin(21, 8, 45), berlin(21, 9), berlin(21, 9)]) {
      await passTo(bot, at);
      bot = await bot.restart();
      await bot.pass(3);
    }
    expect(directTo(bot, CARLA)).toHaveLength(1);
    expect(inChannel(bot)).toHaveLength(1);
  });

  it.each([
    // In this night of October the clock goes through the hour before three twice; in March it leaves it out.
    ['winter', '2026-10-24T12:00Z', '2026-10-25T08:00Z', '2026-10-25 08:00'],
    ['summer', '2027-03-27T12:00Z', '2027-03-28T07:00Z', '2027-03-28 07:00'],
  ])('at nine on the clock, also after the night of a change to %s time', async (_, from, at, told) => {
    const yaml = DAILY.replace('2026-11-16T09:00', '2026-10-05T09:00');
    const bot = await start(Date.parse(from), yaml);
    await bot.pass(2);
    await passTo(bot, Date.parse(at) - HOUR);
    expect(inChannel(bot)).toEqual([]);
    await passTo(bot, Date.parse(at));
    expect(inChannel(bot)).toHaveLength(1);
    const soon = PERSONS.flatMap(({ id }) => directTo(bot, id));
    expect(soon).toEqual([expect.stringContaining(`You have the pager from ${told}`)]);
  });

  it('a bot that was down then says it late, unless an hour has gone by', async () => {
    const late = await start(berlin(21, 8));
    await late.pass(2);
    await late.stop();
    await late.clock.advance(HOUR + 50 * MINUTE);
    const back = await late.restart();
    await back.pass(3);
    expect(inChannel(back)).toEqual([expect.stringContaining('@carla has the pager')]);
    await back.stop();
    await back.clock.advance(DAY + HOUR);
    const later = await back.restart();
    await later.pass(3);
    expect(inChannel(later)).toHaveLength(1);
    expect(said(await ask(later, ALICE))).toContain('primary  @alice');
  });

  it('a bot that was down 30 minutes before tells the next person as soon as it is back', async () => {
    const bot = await start(berlin(21, 8));
    await bot.pass(2);
    await bot.stop();
    await bot.clock.advance(45 * MINUTE);
    const back = await bot.restart();
    await back.pass(3);
    expect(directTo(back, CARLA)).toHaveLength(1);
    expect(back.workspace.messages('D0CARLA001').at(-1)?.text).toBe(
      'You are on call for primary in 15 minutes',
    );
  });

  it('after a gap the next person is told 30 minutes before, too', async () => {
    const hours = (from: string, to: string) => `restrictions: [{ from: '${from}', to: '${to}' }]`;
    const bot = await start(
      berlin(20, 17),
      `
schedules:
  primary:
    time_zone: Europe/Berlin
    gaps: true
    layers:
      - { name: day, rotation: daily, start: 2026-11-16T09:00, people: [${BOB}], ${hours('09:00', '18:00')} }
      - { name: night, rotation: daily, start: 2026-11-16T09:00, people: [${CARLA}], ${hours('18:10', '23:00')} }
`,
    );
    await passTo(bot, berlin(20, 17, 39));
    expect(directTo(bot, CARLA)).toEqual([]);
    await passTo(bot, berlin(20, 17, 40));
    const [soon] = directTo(bot, CARLA);
    expect(soon).toContain('You have the pager from 2026-11-20 17:10 until 2026-11-20 22:00.');
    await passTo(bot, berlin(20, 18, 10));
    expect(directTo(bot, CARLA)).toHaveLength(1);
  });

  it('taken over while nobody has it, that is said once', async () => {
    const yaml = DAILY.replace('channel:', 'gaps: true\n    channel:').replace(
      /people: .*\]/,
      `people: [${ALICE}], restrictions: [{ from: '12:00', to: '18:00' }]`,
    );
    const bot = await start(berlin(20, 10), yaml);
    await ask(bot, ALICE, 'override me 4h');
    await bot.pass(3);
    expect(inChannel(bot)).toEqual([expect.stringContaining('@alice has the pager until')]);
  });

  it('whoever is given the pager at short notice is told once, not twice', async () => {
    const bot = await start();
    await ask(bot, ALICE, 'override @carla 2h from 09:20');
    await passTo(bot, berlin(20, 10, 20));
    expect(directTo(bot, CARLA)).toHaveLength(1);
    expect(inChannel(bot).at(-1)).toContain('@carla has the pager until 2026-11-20 11:20');
  });

  it.each([
    ['put forward, at 03:30 where 02:30 is skipped', Date.UTC(2026, 2, 29, 1, 30), '2026-03-29 01:30'],
    ['put back, at the first of two 02:30', Date.UTC(2026, 9, 25, 0, 30), '2026-10-25 00:30'],
  ])('in the night in which clocks are %s', async (_, at, shown) => {
    const yaml = DAILY.replace('2026-11-16T09:00', '2026-01-01T02:30');
    const bot = await start(at - 31 * MINUTE, yaml);
    const before = said(await ask(bot, ALICE));
    expect(before).toContain(`until ${shown}`);
    await passTo(bot, at - 1000);
    expect(inChannel(bot).length).toBeLessThanOrEqual(1);
    await passTo(bot, at);
    expect(inChannel(bot)).toHaveLength(1);
    await passTo(bot, at + HOUR);
    expect(inChannel(bot)).toHaveLength(1);
  });
});

const GROUP = `${DAILY.replace("channel: '#cloud-ops'", "channel: '#cloud-ops'\n    user_group: S0ONCALL01")}`;
const GRANTED = [...Object.keys(SCOPES), 'usergroups:write', 'usergroups:read'];
const groupCalls = (bot: Bot) =>
  bot.workspace.calls('usergroups.users.update').map(({ args }) => JSON.stringify(args));

describe('the user group of a schedule', () => {
  it('has whoever is on call as its one member, from the start and at each change', async () => {
    const bot = await startBot({ yaml: GROUP, clock: fakeClock(berlin(21, 8, 55)), scopes: GRANTED });
    await bot.pass(2);
    expect(groupCalls(bot).at(-1)).toContain(BOB);
    await passTo(bot, berlin(21, 9));
    expect(groupCalls(bot).at(-1)).toContain(CARLA);
    await ask(bot, ALICE, 'override me 1h');
    expect(groupCalls(bot).at(-1)).toContain(ALICE);
    expect(groupCalls(bot).length).toBeLessThanOrEqual(4);
    expect(inChannel(bot).join()).not.toContain('does not follow');
  });

  it('may be changed in the local workspace without more ado', async () => {
    const bot = await startBot({ yaml: GROUP, clock: fakeClock(berlin(20, 10)) });
    await bot.pass(2);
    expect(groupCalls(bot)).toHaveLength(1);
    expect(inChannel(bot).join()).not.toContain('does not follow');
  });

  it('that Slack refuses to change is told in the channel once a day, and to whoever asks, with what to do', async () => {
    const bot = await startBot({
      yaml: GROUP,
      clock: fakeClock(berlin(20, 10)),
      scopes: Object.keys(SCOPES),
    });
    await bot.pass(2);
    bot.workspace.faults.call(
      'usergroups.users.update',
      { kind: 'refused', error: 'permission_denied' },
      100,
    );
    await passTo(bot, bot.clock.now() + HOUR);
    const complaints = (of: Bot) => inChannel(of).filter((one) => one.includes('does not follow'));
    expect(complaints(bot)).toHaveLength(1);
    expect(said(await ask(bot, ALICE))).toMatch(
      /is not kept to whoever is on call.*permission_denied; .*owner/,
    );
    await bot.stop();
    await bot.clock.advance(DAY);
    const later = await bot.restart();
    later.workspace.grant(Object.keys(SCOPES));
    await later.pass(3);
    expect(complaints(later)).toHaveLength(2);
  });

  it('stays as it is while nobody is on call, and that is said', async () => {
    const yaml = GROUP.replace(
      'people: [U0ALICE01, U0BOB00001, U0CARLA001]',
      "people: [U0BOB00001], restrictions: [{ from: '09:00', to: '17:00' }]",
    ).replace('    layers:', '    gaps: true\n    layers:');
    const bot = await startBot({ yaml, clock: fakeClock(berlin(20, 16, 50)), scopes: GRANTED });
    await bot.pass(2);
    const calls = groupCalls(bot).length;
    await passTo(bot, berlin(20, 17));
    expect(inChannel(bot).at(-1)).toContain('Nobody has the pager until 2026-11-21 08:00 (was @bob).');
    expect(inChannel(bot).at(-1)).toContain('stays as it is');
    expect(groupCalls(bot)).toHaveLength(calls);
    expect(said(await ask(bot, ALICE))).toContain('primary  nobody is on call now');
  });
});
