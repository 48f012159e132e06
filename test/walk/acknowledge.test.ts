import { describe, expect, it } from 'vitest';
import { fakeClock } from '../support/clock.ts';
import { alertMessage, directMessages, shows, told, withAlert } from '../support/operating.ts';
import { ALICE, BOB, ephemerals, labelsOf, pressButton, textIn } from '../support/people.ts';

const RULE = 'access-key-for-another';
const TWO = `rules: { needs: { ${RULE}: 2 } }`;

describe('whoever acknowledges has the alert', () => {
  it('and finds it among the own, also after a restart; letting go of it makes it fire again', async () => {
    const first = await withAlert({ clock: fakeClock() });
    await pressButton(first.workspace, ALICE, alertMessage(first), 'Acknowledge');
    await shows(first, 'ACKNOWLEDGED');
    const bot = await first.restart();
    const mine = (person: string) =>
      told(bot, person, () =>
        bot.workspace.say({ as: person, channel: 'C0SECURITY', text: '/trail alerts mine' }),
      );
    expect(textIn(await mine(ALICE))).toContain('A-1 · HIGH · ACKNOWLEDGED');
    expect(textIn(await mine(BOB))).toContain('You have no open alert.');
    await pressButton(bot.workspace, BOB, alertMessage(bot), 'Un-acknowledge');
    await shows(bot, 'FIRING AGAIN');
    expect(textIn(await mine(ALICE))).toContain('You have no open alert.');
  });

  it('of twenty people who press at once one does, and nineteen are told who', async () => {
    const bot = await withAlert({ clock: fakeClock() });
    const crowd = Array.from({ length: 20 }, (_, n) => `U0CROWD${String(n + 1).padStart(3, '0')}`);
    const message = alertMessage(bot);
    const answers = await Promise.all(
      crowd.map((person) => pressButton(bot.workspace, person, message, 'Acknowledge')),
    );
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const refused = () => crowd.filter((person) => ephemerals(bot.workspace, person).length > 0);
    await bot.workspace.waitFor(() => refused().length === 19);
    await shows(bot, 'ACKNOWLEDGED');
    const winners = crowd.filter((person) => !refused().includes(person));
    expect(textIn(alertMessage(bot).blocks)).toContain(`<@${winners[0]}>`);
    const name = `Colleague ${Number(winners[0]?.slice(-3))}`;
    for (const person of refused()) {
      const said = ephemerals(bot.workspace, person).map(textIn);
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(`Nothing changed. ${name} acknowledged A-1`);
    }
    expect(alertMessage(bot).text).toContain(`ACKNOWLEDGED by ${name}`);
  });
});

describe('a rule whose alerts need two people', () => {
  it('fires until both have acknowledged, and says who has; one person twice is told politely', async () => {
    const first = await withAlert({ yaml: TWO, clock: fakeClock() });
    expect(textIn(alertMessage(first).blocks)).toContain('FIRING* · needs 2 people');
    await pressButton(first.workspace, ALICE, alertMessage(first), 'Acknowledge');
    await shows(first, `1 of 2 acknowledged (<@${ALICE}>)`);
    expect(alertMessage(first).text).toMatch(/^HIGH, 1 of 2 acknowledged \(Alice Martin\): .* A-1$/);
    expect(labelsOf(alertMessage(first))).toEqual([
      'Acknowledge',
      'Resolve…',
      'Un-acknowledge',
      'Snooze…',
      'More',
    ]);
    const bot = await first.restart();
    await bot.pass(1);
    const twice = await told(bot, ALICE, () =>
      pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge'),
    );
    expect(textIn(twice)).toContain('You have acknowledged A-1 already. It needs 2 different people');
    await pressButton(bot.workspace, BOB, alertMessage(bot), 'Acknowledge');
    await shows(bot, `ACKNOWLEDGED* by <@${ALICE}> and <@${BOB}>`);
    expect(alertMessage(bot).attachments?.[0]?.color).toBe('#1d9bd1');
  });

  it('is no longer asked of whoever has acknowledged it, in the page that woke them', async () => {
    const steps = `escalations: { security: { steps: [{ page: [${ALICE}], wait: 4h }] } }`;
    const yaml = `${TWO}\n${steps}\nroutes: { escalation: security }`;
    const bot = await withAlert({ yaml, clock: fakeClock() });
    await bot.pass(3);
    const page = () => directMessages(bot, ALICE)[0] ?? alertMessage(bot);
    expect(labelsOf(page())).toEqual(['Acknowledge', 'Resolve…']);
    await pressButton(bot.workspace, ALICE, page(), 'Acknowledge');
    const told = 'You have acknowledged it; it fires until 1 more has.';
    await bot.workspace.waitFor(() => textIn(page().blocks).includes(told));
    expect(labelsOf(page())).toEqual(['Resolve…']);
  });

  it('fires again when one of them takes it back, with the other still counted', async () => {
    const bot = await withAlert({ yaml: TWO, clock: fakeClock() });
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Acknowledge');
    await shows(bot, '1 of 2');
    await pressButton(bot.workspace, BOB, alertMessage(bot), 'Acknowledge');
    await shows(bot, 'ACKNOWLEDGED');
    await pressButton(bot.workspace, ALICE, alertMessage(bot), 'Un-acknowledge');
    await shows(bot, `FIRING AGAIN* · 1 of 2 acknowledged (<@${BOB}>)`);
  });

  it('that the configuration names and nobody has is a mistake in the configuration', async () => {
    await expect(withAlert({ yaml: 'rules: { needs: { no-such-rule: 2 } }' })).rejects.toThrow(
      /there is no rule "no-such-rule"/,
    );
  });
});
