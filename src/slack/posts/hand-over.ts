import { type JsonObject, numberOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { moment, person, scheduleName } from '../on-call/shift-words.ts';
import { type Leaf, label, leaf, pushText, richText, words } from '../text.ts';
import type { Scene } from './drawing.ts';
import { drawOpenAlerts } from './open-alerts.ts';

/**
 * In the channel of a schedule: the pager has changed hands. Content: `schedule`, `at`, `person` (absent: nobody),
 * `name`, `until`, `was`, `by` and `made` (of an override), `group` (left as it is), `alerts`, `more`.
 */
export function drawHandOver({ content }: Scene): Message {
  const schedule = textOf(content, 'schedule') ?? '';
  const who = textOf(content, 'person');
  const name = textOf(content, 'name') ?? 'Somebody else';
  const head = [label('On call'), scheduleName(schedule)];
  return {
    text: pushText(`On call for ${schedule}: ${who === undefined ? 'nobody' : name}, from now on`),
    blocks: [
      richText([head, who === undefined ? nobody(content) : has(content, who), ...leftGroup(content)]),
      ...drawOpenAlerts(content),
    ],
  };
}

function has(content: JsonObject, who: string): Leaf[] {
  const was = textOf(content, 'was');
  const before =
    was === undefined ? [words(' (nobody had it before)')] : [words(' (was '), ...person(was), words(')')];
  return [
    ...person(who),
    words(' has the pager'),
    ...until(content),
    ...before,
    words('.'),
    ...made(content, who),
  ];
}

function nobody(content: JsonObject): Leaf[] {
  const was = textOf(content, 'was');
  const before = was === undefined ? [] : [words(' (was '), ...person(was), words(')')];
  return [
    leaf('Nobody', 10, { bold: true }),
    words(' has the pager'),
    ...until(content),
    ...before,
    words('.'),
  ];
}

function until(content: JsonObject): Leaf[] {
  const at = numberOf(content, 'until');
  return at === undefined ? [] : [words(' until '), moment(at)];
}

function made(content: JsonObject, who: string): Leaf[] {
  const by = textOf(content, 'by');
  if (by === undefined) return [];
  if (textOf(content, 'made') === 'swap') return [words(' It is a swap.')];
  return by === who ? [words(' They took it over.')] : [words(' Given by '), ...person(by), words('.')];
}

function leftGroup(content: JsonObject): Leaf[][] {
  const group = textOf(content, 'group');
  if (group === undefined) return [];
  return [
    [
      words('The user group '),
      leaf(group, 40, { code: true }),
      words(' stays as it is until then: Slack takes no empty one.'),
    ],
  ];
}
