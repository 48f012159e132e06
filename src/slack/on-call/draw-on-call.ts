import type { types } from '@slack/bolt';
import { DAY, type Millis } from '../../kernel/time.ts';
import type { StoredOverride } from '../../store/overrides.ts';
import type { ScheduleLook } from '../../work/on-call/look.ts';
import type { Shift } from '../../work/on-call/roster.ts';
import type { SwapOffer } from '../../work/on-call/swap.ts';
import type { Message } from '../alert-message.ts';
import { bullets, type Leaf, label, leaf, plain, pushText, richText, words } from '../text.ts';
import { moment, people, period, person, scheduleName } from './shift-words.ts';

/** A shift that lasts longer is said to have no end. */
const ENDLESS: Millis = 390 * DAY;
/** As many schedules can be taken over by a press; more buttons would be a wall. */
const TAKEN = 4;
const SHOWN_SCHEDULES = 20;
const SHOWN_SHIFTS = 14;
const SHOWN_OVERRIDES = 10;

/** Who is on call now and next; one line for each schedule. */
export function drawNow(looks: readonly ScheduleLook[]): Message {
  const shown = looks.slice(0, SHOWN_SCHEDULES);
  const left = looks.length - shown.length;
  const more =
    left > 0 ? [richText([[words(`${left} more schedules: /trail oncall NAME shows one of them.`)]])] : [];
  const blocks = shown.map((look) => richText([nowLine(look), ...nextLine(look), ...troubleLine(look)]));
  const taking = looks.length <= TAKEN ? looks.map(takeButton(looks.length)) : [];
  return {
    text: pushText('Who is on call'),
    blocks: [
      ...blocks,
      ...more,
      { type: 'actions', elements: [...taking, button('oncall_next', 'Next shifts', namesIn(looks))] },
    ],
  };
}

/** What a button of one schedule carries; that of all carries nothing to be read. */
function namesIn(looks: readonly ScheduleLook[]): string {
  const [only] = looks;
  return looks.length === 1 && only ? only.name : '*';
}

function nowLine({ name, now }: ScheduleLook): Leaf[] {
  if (!now) return [scheduleName(name), words('  nobody is on call now')];
  return [scheduleName(name), words('  '), ...person(now.person), ...until(now), ...why(now)];
}

function nextLine({ now, next }: ScheduleLook): Leaf[][] {
  if (!next) return [];
  const begin: Leaf[] = now?.until === next.from ? [] : [words(' from '), moment(next.from)];
  return [[words('then '), ...person(next.person), ...begin, ...until(next), ...why(next)]];
}

function until(shift: Shift): Leaf[] {
  return shift.until - shift.from >= ENDLESS ? [] : [words(' until '), moment(shift.until)];
}

function why({ because }: Shift): Leaf[] {
  return because === 'override' ? [words(' (override)')] : [];
}

function troubleLine({ trouble }: ScheduleLook): Leaf[][] {
  if (!trouble) return [];
  const group: Leaf = { type: 'usergroup', usergroup_id: trouble.group };
  return [
    [
      words('⚠️ The user group '),
      group,
      words(' is not kept to whoever is on call. '),
      leaf(trouble.why, 300),
    ],
  ];
}

function takeButton(schedules: number): (look: ScheduleLook, index: number) => types.Button {
  return ({ name }, index) => ({
    // Slack wants each of a row under a name of its own.
    ...button(`oncall_take_${index}`, schedules === 1 ? 'Take over for 4 h' : `Take ${name} for 4 h`, name),
    confirm: {
      title: plain('Take over?', 100),
      text: plain(`You have the pager of ${name} for the next 4 hours. Whoever has it now is told.`, 300),
      confirm: plain('Take over', 30),
      deny: plain('Cancel', 30),
    },
  });
}

/** The shifts of the next seven days. */
export function drawNext(looks: readonly ScheduleLook[]): Message {
  const blocks = looks.slice(0, SHOWN_SCHEDULES).flatMap((look) => {
    const { name, week } = look;
    const lines = week.slice(0, SHOWN_SHIFTS).map(shiftLine);
    const left = week.length - lines.length;
    const more =
      left > 0 ? [richText([[words(`${left} more within these seven days are not listed.`)]])] : [];
    const list = lines.length > 0 ? bullets(lines) : richText([[words('nobody')]]);
    return [richText([[scheduleName(name), words('  the next seven days')]]), list, ...more];
  });
  return {
    text: pushText('The next shifts'),
    blocks: [
      ...blocks,
      {
        type: 'actions',
        elements: [
          button('oncall_now', 'Who is on call now', namesIn(looks)),
          button('oncall_overrides', 'Overrides', namesIn(looks)),
        ],
      },
    ],
  };
}

function shiftLine(shift: Shift): Leaf[] {
  const { from, until: end } = shift;
  const time = end - from >= ENDLESS ? [words('from '), moment(from)] : period(shift);
  return [...person(shift.person), words('  '), ...time, ...why(shift)];
}

/** What can be ended, each with its button. */
export function drawOverrides(overrides: readonly StoredOverride[]): Message {
  if (overrides.length === 0) {
    const none = 'No override or swap holds or is to come: the schedules stand as they are configured.';
    return { text: pushText(none), blocks: [richText([[words(none)]])] };
  }
  const left = overrides.length - SHOWN_OVERRIDES;
  const blocks = overrides.slice(0, SHOWN_OVERRIDES).flatMap((one): types.KnownBlock[] => [
    richText([
      [scheduleName(one.schedule), words(`  ${one.kind}  `), ...person(one.person)],
      [...period(one), words(', made by '), ...people([one.madeBy])],
    ]),
    { type: 'actions', elements: [endButton(one.id, one.kind)] },
  ]);
  if (left > 0) blocks.push(richText([[words(`${left} later ones are not listed.`)]]));
  return { text: pushText('Overrides and swaps'), blocks };
}

/** Ends an override, or both halves of a swap. */
export function endButton(id: string, kind: 'override' | 'swap'): types.Button {
  return {
    ...button('oncall_end', kind === 'swap' ? 'Undo the swap' : 'End', id),
    confirm: {
      title: plain(kind === 'swap' ? 'Undo the swap?' : 'End the override?', 100),
      text: plain('The schedule holds again as it was. Those whom it concerns are told.', 300),
      confirm: plain(kind === 'swap' ? 'Undo' : 'End', 30),
      deny: plain('Cancel', 30),
    },
  };
}

/** What would be exchanged, before it is. */
export function drawOffer(offer: SwapOffer): Message {
  const { schedule, mine, other, theirs } = offer;
  const value = [schedule, other, mine.from, mine.until, theirs.from, theirs.until].join(':');
  return {
    text: pushText('Swap these shifts?'),
    blocks: [
      richText([
        [words('Swap these shifts of '), scheduleName(schedule), words('?')],
        [label('You give'), ...period(mine), words(' to '), ...person(other)],
        [label('You take'), ...period(theirs), words(' from '), ...person(other)],
        [words('You both get a direct message.')],
      ]),
      {
        type: 'actions',
        elements: [
          { ...button('oncall_swap', 'Swap', value), style: 'primary' },
          button('oncall_cancel', 'Cancel', '-'),
        ],
      },
    ],
  };
}

/** What the button of an offer carries, read back; nothing in it is trusted but to be compared. */
export function readOffer(value: string): SwapOffer | undefined {
  const parts = /^([\w.-]{1,100}):([UW][A-Z0-9]{2,20}):(\d{1,15}):(\d{1,15}):(\d{1,15}):(\d{1,15})$/u.exec(
    value,
  );
  if (!parts) return undefined;
  const [, schedule = '', other = '', ...times] = parts;
  const [mineFrom = 0, mineUntil = 0, from = 0, until = 0] = times.map(Number);
  return { schedule, other, mine: { from: mineFrom, until: mineUntil }, theirs: { from, until } };
}

function button(action: string, text: string, value: string): types.Button {
  return { type: 'button', action_id: action, text: plain(text, 75), value };
}
