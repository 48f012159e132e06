import type { Operator } from '../../alerts/alert.ts';
import { HOUR } from '../../kernel/time.ts';
import type { Give } from '../../work/on-call/change.ts';
import type { Message } from '../alert-message.ts';
import { drawMistake } from '../ask/answer-message.ts';
import { say } from '../asker.ts';
import type { SlackTools } from '../slack-tools.ts';
import { codeLeaf, pushText, richText, words } from '../text.ts';
import { drawNext, drawNow, drawOffer, drawOverrides, readOffer } from './draw-on-call.ts';
import type { OnCallDesk } from './on-call-desk.ts';
import { type Command, readCommand } from './read-command.ts';
import { period, person as personLeaf, scheduleName } from './shift-words.ts';

const NONE =
  'No schedule is configured. Add one under "schedules" in the configuration; docs/on-call.md says how.';

/** Somebody who typed or pressed. */
interface From {
  readonly tools: SlackTools;
  readonly desk: OnCallDesk;
  readonly by: Operator;
}

/** `/trail oncall`: `raw` is what was typed after it, with people as `<@U…|name>`. */
export async function answerOnCall(tools: SlackTools, raw: string, by: Operator): Promise<Message> {
  const desk = tools.desk.onCall;
  const names = desk.schedules();
  if (names.length === 0) return say(NONE);
  const zone = await tools.people.zone(by.userId);
  const read = readCommand(raw, { names, me: by.userId, now: tools.clock.now(), zone });
  if ('mistake' in read) return drawMistake(read);
  return carryOut({ tools, desk, by }, read);
}

async function carryOut(from: From, command: Command): Promise<Message> {
  const { tools, desk, by } = from;
  switch (command.kind) {
    case 'now':
      return showNow(desk, command.schedule);
    case 'next':
      return showNext(desk, command.schedule);
    case 'end':
      return showOverrides(desk, command.schedule);
    case 'override': {
      const { kind: _, person, ...period } = command;
      return give(from, { ...period, person: await named(tools, person, by) });
    }
    case 'swap': {
      const { person: other, schedule, day } = command;
      const offer = await desk.offer({ me: by.userId, other, schedule, day });
      return 'refused' in offer ? say(offer.refused) : drawOffer(offer);
    }
  }
}

const ALL = '*';

function chosen(desk: OnCallDesk, schedule: string | undefined): readonly string[] {
  const names = desk.schedules();
  return schedule === undefined || schedule === ALL ? names : names.filter((name) => name === schedule);
}

async function showNow(desk: OnCallDesk, schedule: string | undefined): Promise<Message> {
  const looks = await Promise.all(chosen(desk, schedule).map((name) => desk.look(name)));
  return looks.length === 0 ? say(GONE) : drawNow(looks);
}

async function showNext(desk: OnCallDesk, schedule: string | undefined): Promise<Message> {
  const looks = await Promise.all(chosen(desk, schedule).map((name) => desk.look(name)));
  return looks.length === 0 ? say(GONE) : drawNext(looks);
}

async function showOverrides(desk: OnCallDesk, schedule: string | undefined): Promise<Message> {
  const names = chosen(desk, schedule);
  return drawOverrides((await desk.overrides()).filter((one) => names.includes(one.schedule)));
}

const GONE = 'This schedule is not configured any more. /trail oncall shows those that are.';

function named(tools: SlackTools, userId: string, by: Operator): Promise<Operator> {
  const handle = userId === by.userId ? by.name : userId;
  return tools.people.named({ userId, teamId: by.teamId, name: handle });
}

async function give(
  { tools, desk, by }: From,
  wish: Pick<Give, 'schedule' | 'person' | 'from' | 'until'>,
): Promise<Message> {
  const outcome = await desk.give({ ...wish, by: await tools.people.named(by) });
  if ('refused' in outcome) return say(outcome.refused);
  const { given } = outcome;
  const lines = [
    [
      ...personLeaf(given.person),
      words(given.person === by.userId ? ' (you) has the pager of ' : ' has the pager of '),
      scheduleName(given.schedule),
      words(', '),
      ...period(given),
      words('. Those whom it concerns are told.'),
    ],
    [codeLeaf('/trail oncall end'), words(' takes it back.')],
  ];
  return { text: pushText('The override is made'), blocks: [richText(lines)] };
}

/** What a press on a button under such an answer leads to; `undefined` for every other button. */
export async function pressOnCall(
  tools: SlackTools,
  { action, value, by }: { readonly action: string; readonly value: string; readonly by: Operator },
): Promise<Message | undefined> {
  const desk = tools.desk.onCall;
  const now = tools.clock.now();
  switch (action.replace(/_\d+$/u, '')) {
    case 'oncall_now':
      return showNow(desk, value);
    case 'oncall_next':
      return showNext(desk, value);
    case 'oncall_overrides':
      return showOverrides(desk, value);
    case 'oncall_cancel':
      return say('Nothing was changed.');
    case 'oncall_take': {
      if (!desk.schedules().includes(value)) return say(GONE);
      const until = now + 4 * HOUR;
      return give(
        { tools, desk, by },
        { schedule: value, person: await named(tools, by.userId, by), from: now, until },
      );
    }
    case 'oncall_swap':
      return swap({ tools, desk, by }, value);
    case 'oncall_end':
      return end({ tools, desk, by }, value);
    default:
      return undefined;
  }
}

async function swap({ tools, desk, by }: From, value: string): Promise<Message> {
  const offer = readOffer(value);
  if (!offer || !desk.schedules().includes(offer.schedule)) return say(GONE);
  const other = await named(tools, offer.other, by);
  const outcome = await desk.swap(offer, await tools.people.named(by), other);
  if ('refused' in outcome) return say(outcome.refused);
  const { schedule, mine, theirs } = outcome.swapped;
  const lines = [
    [words('Swapped in '), scheduleName(schedule), words(':')],
    [...personLeaf(offer.other), words('  '), ...period(mine)],
    [...personLeaf(by.userId), words('  '), ...period(theirs)],
    [words('You both got a direct message. '), codeLeaf('/trail oncall end'), words(' undoes it.')],
  ];
  return { text: pushText('The shifts are swapped'), blocks: [richText(lines)] };
}

async function end({ tools, desk, by }: From, id: string): Promise<Message> {
  const outcome = await desk.end(id, await tools.people.named(by));
  if ('refused' in outcome) return say(outcome.refused);
  const [first] = outcome.ended;
  const what = first?.kind === 'swap' ? 'The swap is undone' : 'The override is ended';
  return say(`${what}: the schedule holds again as it was. Those whom it concerns are told.`);
}
