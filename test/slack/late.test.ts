import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { drawAlert } from '../../src/slack/alert-message.ts';
import { gapLines } from '../../src/slack/trail-gaps.ts';
import type { PlaceStatus } from '../../src/work/gaps/place-status.ts';
import { visible } from './drawn.ts';
import { AT, someCard } from './samples.ts';

it('an alert says how late its events came', () => {
  const late = { events: 1, longest: 2 * HOUR };
  expect(visible(drawAlert({ ...someCard(), late }))).toContain(
    'came late, 2 h after it happened, found by the sweep.',
  );
  const many = { events: 3, longest: 90 * MINUTE };
  expect(visible(drawAlert({ ...someCard({ count: 12 }), late: many }))).toContain(
    '3 of 12 events came late, up to 1 h 30 min after they happened, found by the sweep.',
  );
  expect(visible(drawAlert(someCard()))).not.toContain('late');
});

it('the status says how far was compared, what was not, and who is silent', () => {
  const place = (changes: Partial<PlaceStatus>): PlaceStatus => ({
    account: '111122223333',
    region: 'eu-west-1',
    sweptUntil: AT - 20 * MINUTE,
    missing: 0,
    uncovered: [],
    silentSince: undefined,
    ...changes,
  });
  const trouble = { kind: 'denied', what: 'not allowed to call it', remedy: 'allow it' } as const;
  const period = { from: AT - 3 * HOUR, to: AT - 2 * HOUR };
  const said = (places: readonly PlaceStatus[]) =>
    gapLines(places, AT).map((line) => line.map((one) => ('text' in one ? one.text : '')).join(''));
  expect(said([])).toEqual([]);
  expect(
    said([
      place({ account: '*', region: '*', sweptUntil: undefined, silentSince: AT - HOUR }),
      place({ missing: 12 }),
      place({
        region: 'us-east-1',
        sweptUntil: AT - 2 * HOUR,
        uncovered: [{ kind: 'reads', trouble, period }],
      }),
    ]),
  ).toEqual([
    'Sweep  2 places compared up to 2 h ago; 12 events came late in 7 days',
    'Not compared  account 111122223333 in us-east-1 (reads): not allowed to call it; not compared: 2026-11-20 06:15:00 UTC to 2026-11-20 07:15:00 UTC. To do: allow it',
    'Silent  all accounts, for 1 h',
  ]);
});
