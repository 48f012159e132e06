import type { Alert } from '../alerts/alert.ts';
import type { Reminder } from '../work/notify.ts';
import type { Message } from './alert-message.ts';
import { drawReminderPush } from './push.ts';
import { type Leaf, leaf, richText, sentence, words } from './text.ts';

const WHY: Readonly<Record<Reminder, string>> = {
  'snooze over': 'The snooze is over: ',
  reopened: 'Reopened: ',
  raised: 'The snooze is over, because the level was raised: ',
  over: 'Over: ',
};

/** The reply that says that an alert is back, or over: an edit of its message would notify nobody. */
export function drawReminder(alert: Alert, why: Reminder, note?: string): Message {
  return {
    text: drawReminderPush(alert, why),
    blocks: [
      richText([
        [words(WHY[why]), leaf(alert.title, 150, { bold: true }), words(` (${alert.id})`)],
        ...(note === undefined ? [] : [[leaf(note, 400)]]),
        whatToDo(alert),
      ]),
    ],
  };
}

function whatToDo(alert: Alert): Leaf[] {
  if (alert.state !== 'acknowledged') {
    return [words('Nobody has it. Whoever takes it presses Acknowledge on the message above.')];
  }
  return sentence(`<@${alert.acknowledgedBy ?? ''}> has it. Resolve… is on the message above.`);
}
