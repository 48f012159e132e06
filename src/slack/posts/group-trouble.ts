import { textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { scheduleName } from '../on-call/shift-words.ts';
import { label, leaf, pushText, richText, words } from '../text.ts';
import type { Scene } from './drawing.ts';

/** In a channel: Slack does not let the bot change a user group. Content: `schedule`, `group`, `trouble`. */
export function drawGroupTrouble({ content }: Scene): Message {
  const schedule = textOf(content, 'schedule') ?? '';
  const group = textOf(content, 'group') ?? '';
  return {
    text: pushText(`The user group of ${schedule} does not follow who is on call`),
    blocks: [
      richText([
        [
          words('⚠️ The user group '),
          // Its people are not to be notified of this.
          leaf(group, 40, { code: true }),
          words(' does not follow who is on call for '),
          scheduleName(schedule),
          words(': whoever mentions it reaches the wrong person. Pages are not affected.'),
        ],
        [label('Why'), leaf(textOf(content, 'trouble') ?? '', 300)],
        [
          words(
            'Trailbot tries again every hour and says so once a day. To do without it, remove user_group from the schedule.',
          ),
        ],
      ]),
    ],
  };
}
