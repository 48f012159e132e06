import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advanced,
  begun,
  begunAnew,
  isAtEnd,
  type Policy,
  type Progress,
  parseTarget,
  passedOver,
  resumed,
  type Step,
} from '../../src/alerts/escalation.ts';
import { MINUTE } from '../../src/kernel/time.ts';

const step = (over: Partial<Step> = {}): Step => ({
  page: [{ kind: 'person', user: 'U0ALICE01' }],
  wait: 5 * MINUTE,
  onlyIf: undefined,
  ...over,
});

const policy = (steps: number, repeat: number): Policy => ({
  name: 'security',
  steps: Array.from({ length: steps }, () => step()),
  repeat,
  end: { here: false, channel: undefined },
});

/** The steps that are taken until the end, as `round.step`. */
function walk(plan: Policy, from: Progress, reaches: (progress: Progress) => boolean = () => true): string[] {
  const taken: string[] = [];
  let progress = from;
  while (!isAtEnd(plan, progress)) {
    taken.push(`${progress.round}.${progress.step + 1}`);
    progress = advanced(plan, progress, reaches(progress));
  }
  return taken;
}

describe('an escalation', () => {
  test('goes through all steps, as often as it says', () => {
    const plan = policy(2, 2);
    expect(walk(plan, begun(plan))).toEqual(['1.1', '1.2', '2.1', '2.2', '3.1', '3.2']);
  });

  test('does not begin again after a round that has reached nobody', () => {
    const plan = policy(2, 5);
    expect(walk(plan, begun(plan), () => false)).toEqual(['1.1', '1.2']);
    expect(walk(plan, begun(plan), ({ round, step }) => round < 3 || step > 1)).toEqual([
      '1.1',
      '1.2',
      '2.1',
      '2.2',
      '3.1',
      '3.2',
    ]);
  });

  test('reopened, goes through everything anew, under names of its own', () => {
    const plan = policy(2, 0);
    expect(walk(plan, begunAnew(plan, begun(plan)))).toEqual(['2.1', '2.2']);
  });

  test('given back, goes on where it was; past the last step, with that one', () => {
    const plan = policy(3, 1);
    const second = advanced(plan, begun(plan), true);
    expect(walk(plan, resumed(plan, second)).slice(0, 2)).toEqual(['1.2', '1.3']);
    const ended = { round: 2, lastRound: 2, step: 3, reached: 3 };
    expect(walk(plan, resumed(plan, ended))).toEqual(['3.3']);
  });

  test('never takes the same step of the same round twice, and always ends, whatever happens', () => {
    const acts = fc.array(fc.constantFrom('step', 'missed step', 'give back', 'reopen'), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        acts,
        (steps, repeat, happens) => {
          const plan = policy(steps, repeat);
          const taken = new Set<string>();
          let progress = begun(plan);
          for (const act of happens) {
            if (act === 'reopen') progress = begunAnew(plan, progress);
            else if (act === 'give back') progress = resumed(plan, progress);
            else if (!isAtEnd(plan, progress)) {
              const name = `${progress.round}.${progress.step}`;
              expect(taken.has(name)).toBe(false);
              taken.add(name);
              progress = advanced(plan, progress, act === 'step');
            }
          }
          expect(walk(plan, progress).length).toBeLessThanOrEqual(steps * (repeat + 1));
        },
      ),
    );
  });
});

describe('a target', () => {
  test.each([
    ['U0ALICE01', { kind: 'person', user: 'U0ALICE01' }],
    ['alice@example.com', { kind: 'address', address: 'alice@example.com' }],
    ['schedule:primary', { kind: 'schedule', name: 'primary' }],
    ['S0ONCALL01', { kind: 'group', group: 'S0ONCALL01' }],
    ['#security-leads', { kind: 'channel', channel: '#security-leads' }],
    ['C0123456789', { kind: 'channel', channel: 'C0123456789' }],
    ['webhook:siem', { kind: 'webhook', name: 'siem' }],
    ['pagerduty:security', { kind: 'pagerduty', name: 'security' }],
  ])('%s', (written, target) => {
    expect(parseTarget(written)).toEqual(target);
  });

  test.each(['', 'alice', '@alice', 'schedule:', 'rota:primary', 'alice@', '<@U0ALICE01>', '#Security'])(
    '%j is none',
    (written) => {
      expect(parseTarget(written)).toBeUndefined();
    },
  );
});

describe('a condition', () => {
  const hours = {
    name: 'office',
    intervals: [
      {
        zone: 'Europe/Berlin',
        times: [{ from: 540, to: 1020 }],
        weekdays: [],
        daysOfMonth: [],
        months: [],
        years: [],
      },
    ],
  };
  const always = { levels: undefined, level: undefined, hours: undefined, outside: undefined };
  const morning = Date.UTC(2026, 10, 20, 9, 15);
  const night = Date.UTC(2026, 10, 20, 2);

  test('that holds passes nothing over; one that does not says why', () => {
    const level = step({ onlyIf: { ...always, levels: ['high', 'critical'], level: '>=high' } });
    expect(passedOver(level, 'critical', night)).toBeUndefined();
    expect(passedOver(level, 'low', night)).toBe('the alert is low, and the step is for level>=high');
    const within = step({ onlyIf: { ...always, hours } });
    expect(passedOver(within, 'low', morning)).toBeUndefined();
    expect(passedOver(within, 'low', night)).toBe('it is not within the hours office');
    const outside = step({ onlyIf: { ...always, outside: hours } });
    expect(passedOver(outside, 'low', morning)).toBe('it is within the hours office');
    expect(passedOver(outside, 'low', night)).toBeUndefined();
  });
});
