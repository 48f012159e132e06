import { describe, expect, it } from 'vitest';
import { HOUR } from '../../src/kernel/time.ts';
import { auditSince } from '../../src/store/audit.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { ask, berlin, CARLA, DAILY, directTo, inChannel, passTo, said, told } from '../support/on-call.ts';
import { ALICE, BOB, labelsOf, pressButton } from '../support/people.ts';

const TWO = `${DAILY}
  backup:
    time_zone: Europe/Berlin
    layers:
      - { name: all, rotation: weekly, start: 2026-11-16T09:00, people: [U0CARLA001] }
`;

/** Friday, 10:00 in Berlin: Bob has the pager until Saturday, 09:00, and then Carla. */
const start = (yaml = DAILY, at = berlin(20, 10)) => startBot({ yaml, clock: fakeClock(at) });

async function audited(bot: Bot): Promise<string[]> {
  const db = await openStoreForReading(bot.folder);
  if (!db) throw new Error('there is no store');
  try {
    const entries = await auditSince(db, 0);
    return entries
      .filter(({ kind }) => kind === 'override')
      .map(({ userId, detail }) => `${userId} ${detail}`);
  } finally {
    await db.close();
  }
}

describe('/trail oncall', () => {
  it('says who is on call, until when, and who is next', async () => {
    const bot = await start();
    const answer = await ask(bot, ALICE);
    expect(said(answer)).toBe('primary  @bob until 2026-11-21 08:00\nthen @carla until 2026-11-22 08:00');
    expect(labelsOf(answer)).toEqual(['Take over for 4 h', 'Next shifts']);
    expect(said(await ask(bot, ALICE, 'now'))).toBe(said(answer));
  });

  it('lists the shifts of the next seven days, typed or pressed', async () => {
    const bot = await start();
    const answer = await ask(bot, ALICE, 'next');
    const lines = said(answer).split('\n');
    expect(lines[0]).toBe('primary  the next seven days');
    expect(lines[2]).toBe('@carla  2026-11-21 08:00 to 2026-11-22 08:00');
    expect(lines).toHaveLength(9);
    const pressed = await told(bot, ALICE, async () =>
      pressButton(bot.workspace, ALICE, await ask(bot, ALICE), 'Next shifts'),
    );
    expect(said(pressed)).toContain('primary');
  });

  it('answers each mistake with a command that works', async () => {
    const bot = await start(TWO);
    const cases: [string, RegExp, string][] = [
      ['nxt', /neither a schedule nor a command/, '/trail oncall next'],
      ['next primry', /no schedule "primry"/, '/trail oncall next primary'],
      ['override @carla', /Say for how long/, '/trail oncall override @carla 4h primary'],
      [
        'override @carla 2h',
        /several schedules: primary, backup/,
        '/trail oncall override @carla 2h primary',
      ],
      ['override 2h primary', /Say who/, '/trail oncall override me 2h primary'],
      ['override @nobody 2h', /does not say who @nobody is/, '/trail oncall override me 4h primary'],
      [
        'override me 2h 22:00 backup',
        /Say "from" or "until" before 22:00/,
        '/trail oncall override me 2h primary',
      ],
      ['override me 2h from noon', /comes a time such as 22:00/, '/trail oncall override me 2h primary'],
      ['swap', /with whom/, '/trail oncall swap @colleague'],
    ];
    for (const [typed, wrong, corrected] of cases) {
      const answer = said(await ask(bot, ALICE, typed));
      expect(answer, typed).toMatch(wrong);
      expect(answer, typed).toContain(`Try ${corrected}`);
    }
    expect(await audited(bot)).toEqual([]);
  });

  it('says so where no schedule is configured', async () => {
    const bot = await startBot({});
    expect(said(await ask(bot, ALICE))).toMatch(/^No schedule is configured/);
  });
});

describe('an override', () => {
  it('gives somebody the pager for a time: the channel, the person and whoever is relieved are told, and it ends by itself', async () => {
    const bot = await start();
    expect(said(await ask(bot, ALICE, 'override @carla 1h'))).toMatch(
      /^@carla has the pager of primary, 2026-11-20 09:00 to 2026-11-20 10:00/,
    );
    expect(inChannel(bot)).toEqual([
      expect.stringMatching(
        /^On call {2}primary\n@carla has the pager until 2026-11-20 10:00 \(was @bob\)\. Given by @alice\./,
      ),
    ]);
    expect(directTo(bot, CARLA)).toEqual([expect.stringContaining('@alice gave you the pager')]);
    expect(directTo(bot, BOB)).toEqual([expect.stringContaining('@alice gave your pager to @carla')]);
    expect(said(await ask(bot, BOB))).toContain('primary  @carla until 2026-11-20 10:00 (override)');
    expect(await audited(bot)).toEqual([
      expect.stringMatching(
        /^U0ALICE01 primary: Carla Reyes \(U0CARLA001\) is on call from 2026-11-20 09:00/,
      ),
    ]);
    await passTo(bot, bot.clock.now() + HOUR);
    expect(inChannel(bot).at(-1)).toContain('@bob has the pager until 2026-11-21 08:00 (was @carla).');
    expect(inChannel(bot)).toHaveLength(2);
  });

  it('for later is told at once, and handed over in time, although the bot was started anew in between', async () => {
    const bot = await start(DAILY, berlin(20, 21, 20));
    // People's clocks show UTC here.
    await ask(bot, CARLA, 'override me 4h from 21:00 primary');
    expect(inChannel(bot)).toEqual([
      'On call  primary\n@carla has the pager 2026-11-20 21:00 to 2026-11-21 01:00 instead of @bob.',
    ]);
    const again = await bot.restart();
    await passTo(again, berlin(20, 21, 30));
    expect(directTo(again, CARLA)).toEqual([
      expect.stringContaining('You have the pager from 2026-11-20 21:00'),
    ]);
    const third = await again.restart();
    await passTo(third, berlin(20, 22));
    expect(inChannel(third).slice(1)).toEqual([
      expect.stringContaining('@carla has the pager until 2026-11-21 01:00 (was @bob). They took it over.'),
    ]);
    expect(directTo(third, CARLA)).toHaveLength(1);
  });

  it('is taken by a press of whoever sees who is on call, and not by whoever is', async () => {
    const bot = await start();
    const answer = await ask(bot, CARLA);
    const taken = await told(bot, CARLA, () =>
      pressButton(bot.workspace, CARLA, answer, 'Take over for 4 h'),
    );
    expect(said(taken)).toMatch(/^@carla \(you\) has the pager of primary/);
    expect(inChannel(bot)).toHaveLength(1);
    expect(said(await ask(bot, CARLA, 'override me 2h'))).toContain('is on call for primary then anyway');
  });

  it('of one of several schedules is taken by its own button', async () => {
    const bot = await start(TWO);
    const answer = await ask(bot, ALICE);
    expect(labelsOf(answer)).toEqual(['Take primary for 4 h', 'Take backup for 4 h', 'Next shifts']);
    expect(said(answer)).toContain('backup  @carla');
    await told(bot, ALICE, () => pressButton(bot.workspace, ALICE, answer, 'Take backup for 4 h'));
    const after = said(await ask(bot, ALICE, 'backup'));
    expect(after).toContain('backup  @alice until 2026-11-20 13:00 (override)');
    expect(after).not.toContain('primary');
  });

  it('is ended by a press: the schedule holds again, and those whom it concerns are told', async () => {
    const bot = await start();
    await ask(bot, ALICE, 'override @carla 4h');
    const list = await ask(bot, CARLA, 'end');
    expect(said(list)).toContain('primary  override  @carla');
    const ended = await told(bot, CARLA, () => pressButton(bot.workspace, CARLA, list, 'End'));
    expect(said(ended)).toContain('The override is ended');
    expect(inChannel(bot).at(-1)).toContain('@bob has the pager until 2026-11-21 08:00 (was @carla).');
    expect(directTo(bot, BOB).at(-1)).toContain('You have the pager again');
    expect((await audited(bot)).at(-1)).toContain('was ended');
    expect(said(await ask(bot, CARLA, 'end'))).toContain('No override or swap');
  });

  it('for others is for admins alone; a responder takes a shift over herself', async () => {
    const bot = await start(`${DAILY}\naccess: { admin: [U0BOB00001] }`);
    expect(said(await ask(bot, ALICE, 'override @carla 4h'))).toMatch(
      /may not .* change the shifts of others.*Ask @bob/,
    );
    expect(inChannel(bot)).toEqual([]);
    expect(said(await ask(bot, ALICE, 'override me 4h'))).toMatch(/^@alice \(you\) has the pager/);
  });
});

describe('a swap', () => {
  it('is shown first, made by a press, told to both, and holds', async () => {
    const bot = await start(DAILY, berlin(21, 8, 20));
    const offer = await ask(bot, ALICE, 'swap @carla');
    expect(said(offer)).toContain('You give  2026-11-22 08:00 to 2026-11-23 08:00 to @carla');
    expect(said(offer)).toContain('You take  2026-11-21 08:00 to 2026-11-22 08:00 from @carla');
    expect(await audited(bot)).toEqual([]);
    const done = await told(bot, ALICE, () => pressButton(bot.workspace, ALICE, offer, 'Swap'));
    expect(said(done)).toContain('Swapped in primary');
    for (const person of [ALICE, CARLA]) expect(directTo(bot, person)).toHaveLength(1);
    expect(inChannel(bot)).toEqual([expect.stringContaining('Swap  primary, made by @alice')]);
    const next = said(await ask(bot, ALICE, 'next')).split('\n');
    expect(next.slice(2, 4)).toEqual([
      '@alice  2026-11-21 08:00 to 2026-11-22 08:00 (override)',
      '@carla  2026-11-22 08:00 to 2026-11-23 08:00 (override)',
    ]);
    await passTo(bot, berlin(21, 9));
    expect(inChannel(bot).at(-1)).toContain(
      '@alice has the pager until 2026-11-22 08:00 (was @bob). It is a swap.',
    );
  });

  it('of the shift of a day is undone as a whole by the other one, from the direct message', async () => {
    const bot = await start();
    const offer = await ask(bot, ALICE, 'swap @carla 2026-11-25');
    expect(said(offer)).toContain('You give  2026-11-25 08:00 to 2026-11-26 08:00');
    await told(bot, ALICE, () => pressButton(bot.workspace, ALICE, offer, 'Swap'));
    const [direct] = bot.workspace.messages(CARLA.replace(/^U/, 'D'));
    if (!direct) throw new Error('Carla was not told');
    await told(bot, CARLA, () => pressButton(bot.workspace, CARLA, direct, 'Undo the swap'));
    expect(said(await ask(bot, ALICE, 'next'))).not.toContain('override');
  });

  it('that no longer fits changes nothing', async () => {
    const bot = await start();
    const offer = await ask(bot, ALICE, 'swap @carla');
    await ask(bot, BOB, 'override me 2h from 2026-11-22 10:00');
    const late = await told(bot, ALICE, () => pressButton(bot.workspace, ALICE, offer, 'Swap'));
    expect(said(late)).toContain('Nothing was changed: one of the two shifts is not as it was');
    expect(said(await ask(bot, ALICE, 'swap me'))).toContain('A swap takes two');
  });
});
