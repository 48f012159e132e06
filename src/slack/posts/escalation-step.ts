import { isObject, type JsonObject, numberOf, objectOf, textOf } from '../../kernel/json.ts';
import { sayDuration } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import { dateLeaf, type Leaf, label, leaf, pushText, richText, sentence, words } from '../text.ts';
import { type Scene, sceneAlert } from './drawing.ts';

/** Of a large user group; everybody gets a direct message. */
const MOST_NAMED = 40;

/**
 * In the alert's thread: who is paged now, and who is next. Content: `policy`, `step`, `steps`, `people`, `others`,
 * `troubles`, `next`, `last`, `after` (ms), `by`.
 */
export function drawStep(scene: Scene): Message {
  const { alert, card } = sceneAlert(scene);
  const { content } = scene;
  const people = objectsOf(content, 'people');
  const others = textsOf(content, 'others');
  const nobody = people.length + others.length === 0;
  const by = textOf(content, 'by');
  const names = people
    .slice(0, MOST_NAMED)
    .map((one) => card.names.get(textOf(one, 'user') ?? '') ?? 'the person on call');
  const further = people.length - MOST_NAMED;
  const rest = further > 0 ? [[words(`${further} more people`)]] : [];
  const shown = people.slice(0, MOST_NAMED).map(sayPerson);
  const paged = joined([...shown, ...rest, ...others.map((one) => [leaf(one, 80)])]);
  const who = nobody
    ? [words('Nobody could be paged by this step.')]
    : [words('Paging '), ...paged, words('.')];
  const hurried = by === undefined ? [] : [...sentence(`Escalated by <@${by}>.`), words(' ')];
  const step = `Step ${numberOf(content, 'step') ?? 1} of ${numberOf(content, 'steps') ?? 1} of `;
  return {
    text: pushText(
      `${nobody ? 'Nobody could be paged' : `Paging ${[...names, ...others].join(', ')}`}: ${alert.title}. ${alert.id}`,
    ),
    blocks: [
      richText([
        [...hurried, ...who, words(' '), ...sayNext(content, nobody, card.names)],
        ...textsOf(content, 'troubles').map((trouble): Leaf[] => [label('Not reached'), leaf(trouble, 300)]),
        [
          words(step),
          leaf(textOf(content, 'policy') ?? '', 80),
          words(by === undefined ? '.' : '; nobody waited for it.'),
        ],
      ]),
    ],
  };
}

/** `<@U…> (primary, on call until 09:00)`. */
function sayPerson(person: JsonObject): Leaf[] {
  const reason = objectOf(person, 'reason') ?? {};
  const mention = sentence(`<@${textOf(person, 'user') ?? ''}>`);
  switch (textOf(reason, 'kind')) {
    case 'schedule': {
      const until = numberOf(reason, 'until');
      const end: Leaf[] =
        until === undefined ? [] : [words(' until '), dateLeaf(until, '{date_short_pretty} {time}')];
      const name = leaf(textOf(reason, 'name') ?? '', 80);
      return [...mention, words(' ('), name, words(', on call'), ...end, words(')')];
    }
    case 'group':
      // A mention of the whole group would notify it once more.
      return [...mention, words(` (${textOf(reason, 'group') ?? 'group'})`)];
    default:
      return mention;
  }
}

function sayNext(content: JsonObject, nobody: boolean, names: ReadonlyMap<string, string>): Leaf[] {
  const after = numberOf(content, 'after') ?? 0;
  const when = nobody || after === 0 ? 'at once' : `in ${sayDuration(after)}`;
  if (content.last === true) {
    return [words(`It is the last step: if nobody answers, the channel hears of it ${when}.`)];
  }
  const who = objectsOf(content, 'next').map((one) => sayComing(one, names));
  return who.length === 0
    ? [words(`The next step follows ${when}.`)]
    : [words('Next: '), ...joined(who), words(` ${when}.`)];
}

/** By name: a mention would wake somebody before their time, and maybe for nothing. */
function sayComing(one: JsonObject, names: ReadonlyMap<string, string>): Leaf[] {
  const schedule = textOf(one, 'schedule');
  const group = textOf(one, 'group');
  const name = names.get(textOf(one, 'user') ?? '');
  if (schedule !== undefined) {
    return name === undefined
      ? [words('whoever is on call for '), leaf(schedule, 80)]
      : [leaf(name, 80), words(' ('), leaf(schedule, 80), words(')')];
  }
  if (group !== undefined) return [words(`the user group ${group}`)];
  return [leaf(name ?? textOf(one, 'name') ?? 'somebody else', 80)];
}

/**
 * In the alert's thread: somebody could not be told. Content: `target`, `reason`, `goesOn`, `unheard` (what a service does
 * not know).
 */
export function drawTrouble(scene: Scene): Message {
  const { alert } = sceneAlert(scene);
  const target = textOf(scene.content, 'target') ?? '';
  const isPerson = /^[UW][A-Z0-9]+$/u.test(target);
  const who = isPerson ? sentence(`<@${target}>`) : [leaf(target.replace(':', ' '), 80)];
  const unheard = textOf(scene.content, 'unheard');
  const goesOn =
    scene.content.goesOn === true ? 'The next step follows at once.' : 'The escalation goes on as planned.';
  const not = isPerson ? ' could not be reached by a direct message. ' : ' could not be told. ';
  const says =
    unheard === undefined
      ? `${not}${goesOn}`
      : ` still pages: it could not be told that this is ${unheard}d. Do that there, too.`;
  return {
    text: pushText(`${isPerson ? 'Somebody' : target} could not be reached: ${alert.title}. ${alert.id}`),
    blocks: [
      richText([
        [...who, words(says)],
        [label('Why'), leaf(textOf(scene.content, 'reason') ?? '', 300)],
      ]),
    ],
  };
}

function joined(parts: readonly Leaf[][]): Leaf[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [words(', '), ...part]));
}

function objectsOf(content: JsonObject, key: string): JsonObject[] {
  const value = content[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsOf(content: JsonObject, key: string): string[] {
  const value = content[key];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
