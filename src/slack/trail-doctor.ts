import { type Millis, sayDuration } from '../kernel/time.ts';
import type { Status } from '../work/status.ts';
import { type Leaf, label, leaf, sayCount, words } from './text.ts';

/** Findings that are listed; `trailbot doctor` has them all. */
const SHOWN = 5;

/** What the doctor found on its last round, the worst first. */
export function doctorLines(doctor: Status['doctor'], now: Millis): Leaf[][] {
  if (!doctor) return [];
  const { at, found } = doctor;
  const ago = `${sayDuration(now - at)} ago`;
  const faults = found.filter(({ verdict }) => verdict === 'fault');
  const doubts = found.filter(({ verdict }) => verdict === 'doubt');
  const listed = [...faults, ...doubts];
  if (listed.length === 0) return [[label('Doctor'), words(`found nothing wrong, ${ago}`)]];
  const more = listed.length - SHOWN;
  return [
    [label('Doctor'), words(`${count(faults.length, 'fault')}, ${count(doubts.length, 'doubt')}, ${ago}`)],
    ...listed
      .slice(0, SHOWN)
      .map(({ verdict, says, remedy }) => [
        label(LABELS[verdict]),
        leaf(remedy ? `${says}. To do: ${remedy}` : says, 500),
      ]),
    ...(more > 0 ? [[words(`and ${sayCount(more)} more: run "trailbot doctor"`)]] : []),
  ];
}

const LABELS = { fine: 'Fine', doubt: 'Doubt', fault: 'Fault', unknown: 'Unknown' } as const;

function count(number: number, noun: string): string {
  return `${sayCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}
