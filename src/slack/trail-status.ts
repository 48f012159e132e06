import type { types } from '@slack/bolt';
import { sayProblem } from '../kernel/problem.ts';
import { type Millis, sayDuration } from '../kernel/time.ts';
import type { Status } from '../work/status.ts';
import type { Message } from './alert-message.ts';
import type { SocketState } from './socket/keeper.ts';
import {
  codeLeaf,
  dateLeaf,
  type Leaf,
  label,
  leaf,
  plain,
  pushText,
  richText,
  sayCount,
  words,
} from './text.ts';
import { doctorLines } from './trail-doctor.ts';
import { gapLines } from './trail-gaps.ts';
import { queueLines } from './trail-queues.ts';
import { sightLines } from './trail-sight.ts';
import { socketLines } from './trail-sockets.ts';

/** Mistakes of a refused reload that are listed. */
const PROBLEMS = 5;

/** `/trail status`. */
export function drawStatus(
  status: Status,
  publicUrl: string | undefined,
  now: Millis,
  sockets?: SocketState,
): Message {
  return {
    text: pushText('Trailbot status'),
    blocks: [richText(statusLines(status, publicUrl, now, sockets)), TEST_BUTTONS],
  };
}

/** What a press on *Test the buttons* comes with. */
export const TEST_BUTTONS_ACTION = 'status_test';

/** Buttons reach the bot by another way than commands: an app may be set up for one and not for the other. */
const TEST_BUTTONS: types.ActionsBlock = {
  type: 'actions',
  block_id: 'status',
  elements: [
    { type: 'button', action_id: TEST_BUTTONS_ACTION, value: 'test', text: plain('Test the buttons', 75) },
  ],
};

/** Whether events arrive, what waits, what failed, and what cannot be seen at all. */
export function statusLines(
  status: Status,
  publicUrl: string | undefined,
  now: Millis,
  sockets?: SocketState,
): Leaf[][] {
  const { records, alerts, rules } = status;
  const lines: Leaf[][] = [
    [label('Last event'), ...lastEvent(status, publicUrl, now)],
    [
      label('Events'),
      words(`${sayCount(records.stored)} stored, ${sayCount(records.pending)} wait for the rules`),
      words(status.lag > 0 ? `, the oldest for ${sayDuration(status.lag)}` : ''),
      words(`, ${sayCount(records.rejected)} were not understood (kept with the reason)`),
    ].filter((one) => one.type !== 'text' || one.text !== ''),
    ...(records.lastReject === undefined
      ? []
      : [[label('Not understood'), words('the latest: '), leaf(records.lastReject, 300)]]),
    [
      label('Alerts'),
      words(
        `${sayCount(alerts.firing)} firing, ${sayCount(alerts.acknowledged)} acknowledged, ${sayCount(alerts.resolved)} resolved`,
      ),
    ],
    [label('Deliveries'), ...deliveries(status)],
    ...socketLines(sockets, now),
    ...queueLines(status.queues, now),
    ...sightLines(status, now),
    ...gapLines(status.places ?? [], now),
    ...doctorLines(status.doctor, now),
    [label('Rules'), words(`${sayCount(rules.loaded)} loaded `), dateLeaf(rules.loadedAt)],
    ...reloadProblems(status),
    [label('Running'), words(`for ${sayDuration(now - status.startedAt)}`)],
    [label('Not seen'), words(BLIND)],
  ];
  return lines;
}

/** Source: Amazon EventBridge user guide, "Receiving read-only management events from AWS services". */
const BLIND =
  'only what EventBridge forwards arrives here: no read-only calls (List…, Get…, Describe…) unless the EventBridge rule has the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS, no data events that no trail records, and nothing from regions or accounts without such a rule.';

function lastEvent(status: Status, publicUrl: string | undefined, now: Millis): Leaf[] {
  if (status.lastReceivedAt !== undefined) {
    return [dateLeaf(status.lastReceivedAt), words(` (${sayDuration(now - status.lastReceivedAt)} ago)`)];
  }
  return [
    words('nothing received yet: check that the EventBridge API destination posts to '),
    codeLeaf(publicUrl === undefined ? 'https://YOUR-HOST/events' : `${publicUrl}/events`, 200),
    words(', that its connection sends the right key, and that a trail records management events.'),
  ];
}

function deliveries({ jobs }: Status): Leaf[] {
  const waiting = words(`${sayCount(jobs.due)} waiting, ${sayCount(jobs.parked)} given up`);
  return jobs.lastError === undefined
    ? [waiting]
    : [waiting, words(' · last error: '), leaf(jobs.lastError, 300)];
}

function reloadProblems({ rules }: Status): Leaf[][] {
  if (rules.problems.length === 0) return [];
  const more = rules.problems.length - PROBLEMS;
  return [
    [label('Reload refused'), words('the rules from before still run; to correct:')],
    ...rules.problems.slice(0, PROBLEMS).map((problem) => [codeLeaf(sayProblem(problem), 300)]),
    ...(more > 0 ? [[words(`and ${more} more`)]] : []),
  ];
}
