import { type JsonObject, numberOf, objectOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { endButton } from '../on-call/draw-on-call.ts';
import { people, period, person, scheduleName } from '../on-call/shift-words.ts';
import { type Leaf, label, pushText, richText, words } from '../text.ts';
import type { Scene } from './drawing.ts';
import { drawOpenAlerts } from './open-alerts.ts';

/** To whoever is given the pager. Content: `schedule`, `from`, `until`, `by`, `id`; `alerts` and `more` where it is soon. */
export function drawGivenShift({ content }: Scene): Message {
  const schedule = nameIn(content);
  const alerts = content.alerts === undefined ? [] : drawOpenAlerts(content);
  return {
    text: pushText(`You were given the pager of ${schedule}`),
    blocks: [
      richText([
        [label('On call'), scheduleName(schedule)],
        [...who(content, 'by'), words(' gave you the pager: '), ...period(timeIn(content)), words('.')],
      ]),
      ...alerts,
      { type: 'actions', elements: [endButton(textOf(content, 'id') ?? '', 'override')] },
    ],
  };
}

/** To whoever would have had it. Content: as above, with `person`. */
export function drawRelieved({ content }: Scene): Message {
  const schedule = nameIn(content);
  const own = textOf(content, 'person') === textOf(content, 'by');
  const given = own
    ? [...who(content, 'person'), words(' takes your pager: ')]
    : [...who(content, 'by'), words(' gave your pager to '), ...who(content, 'person'), words(': ')];
  return {
    text: pushText(`You do not have the pager of ${schedule} for a while`),
    blocks: [
      richText([
        [label('On call'), scheduleName(schedule)],
        [...given, ...period(timeIn(content)), words('. In that time you are not paged for it.')],
      ]),
    ],
  };
}

/** To those whom the end of an override concerns. Content: `schedule`, `person`, `to`, `from`, `until`, `by`, `back`, `kind`. */
export function drawEnded({ content }: Scene): Message {
  const schedule = nameIn(content);
  const own = textOf(content, 'to') === textOf(content, 'person');
  const what = kindIn(content);
  const then = own ? ' You do not have the pager: ' : ' You have the pager again: ';
  return {
    text: pushText(`${own ? 'You do not have' : 'You have'} the pager of ${schedule}: ${what} was ended`),
    blocks: [
      richText([
        [label('On call'), scheduleName(schedule)],
        [...who(content, 'by'), words(` has ended ${what}.${then}`), ...period(timeIn(content)), words('.')],
      ]),
    ],
  };
}

/** In the channel: a change that holds later, or changes nobody now. Content: as those above, and `what`. */
export function drawChanged({ content }: Scene): Message {
  const schedule = nameIn(content);
  const ended = textOf(content, 'what') === 'ended';
  const head = [label('On call'), scheduleName(schedule)];
  return {
    text: pushText(
      `On call for ${schedule}: ${ended ? `${kindIn(content)} was ended` : 'a shift was given away'}`,
    ),
    blocks: [richText([head, ended ? endedLine(content) : givenLine(content)])],
  };
}

function givenLine(content: JsonObject): Leaf[] {
  const relieved = texts(content, 'relieved');
  const instead: Leaf[] = relieved.length === 0 ? [] : [words(' instead of '), ...people(relieved)];
  const own = textOf(content, 'person') === textOf(content, 'by');
  const by: Leaf[] = own ? [] : [words(', by '), ...who(content, 'by')];
  return [
    ...who(content, 'person'),
    words(' has the pager '),
    ...period(timeIn(content)),
    ...instead,
    ...by,
    words('.'),
  ];
}

function endedLine(content: JsonObject): Leaf[] {
  const back = texts(content, 'back');
  const then: Leaf[] = back.length === 0 ? [words('Nobody')] : people(back);
  return [
    ...who(content, 'by'),
    words(` has ended ${kindIn(content)} of `),
    ...who(content, 'person'),
    words('. On call '),
    ...period(timeIn(content)),
    words(': '),
    ...then,
    words('.'),
  ];
}

/** To both people of a swap (`to`), and in the channel. Content: `schedule`, `by`, `other`, `mine`, `theirs`, `id`. */
export function drawSwapped({ content }: Scene): Message {
  const schedule = nameIn(content);
  const direct = textOf(content, 'to') !== undefined;
  const part = (key: string) => period(timeIn(objectOf(content, key) ?? {}));
  const undo = { type: 'actions' as const, elements: [endButton(textOf(content, 'id') ?? '', 'swap')] };
  return {
    text: pushText(`Shifts of ${schedule} were swapped`),
    blocks: [
      richText([
        [label('Swap'), scheduleName(schedule), words(', made by '), ...who(content, 'by')],
        [...who(content, 'other'), words(' has the pager '), ...part('mine')],
        [...who(content, 'by'), words(' has the pager '), ...part('theirs')],
      ]),
      ...(direct ? [undo] : []),
    ],
  };
}

function nameIn(content: JsonObject): string {
  return textOf(content, 'schedule') ?? '';
}

function kindIn(content: JsonObject): string {
  return textOf(content, 'kind') === 'swap' ? 'the swap' : 'the override';
}

function who(content: JsonObject, key: string): Leaf[] {
  return person(textOf(content, key) ?? '');
}

function timeIn(content: JsonObject): { from: number; until: number } {
  return { from: numberOf(content, 'from') ?? Number.NaN, until: numberOf(content, 'until') ?? Number.NaN };
}

function texts(content: JsonObject, key: string): string[] {
  const value = content[key];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
