import type { Operator } from '../alerts/alert.ts';
import { nearest } from '../kernel/nearest.ts';
import type { Mistake } from '../questions/question.ts';
import { isNotYet } from '../questions/reading/not-yet.ts';
import { QUESTION_WORDS } from '../questions/reading/read-question.ts';
import { isGreeting, isSentence } from '../questions/reading/vocabulary.ts';
import { wordsOf } from '../questions/reading/words.ts';
import type { Message } from './alert-message.ts';
import { drawMistake } from './ask/answer-message.ts';
import { answerQuestion } from './ask/ask-flow.ts';
import type { Place } from './ask/place.ts';
import { runIdOf } from './ask/running.ts';
import { asTyped } from './ask/typed.ts';
import { type Asker, say } from './asker.ts';
import { listMutes, offerMute } from './mute/list.ts';
import { answerOnCall } from './on-call/answer-on-call.ts';
import type { SlackTools } from './slack-tools.ts';
import { clean, codeLeaf, type Leaf, words } from './text.ts';
import { listAlerts, type Selection } from './trail-alerts.ts';
import { drawHelp } from './trail-help.ts';
import { answerRules } from './trail-rules.ts';
import { drawStatus } from './trail-status.ts';

/** What somebody typed after `/trail`, or to the bot's name. */
export interface Typed {
  readonly text: string;
  readonly asker: Asker;
  /** Where the answer goes. */
  readonly place: Place;
  /** Same for every delivery of it. */
  readonly deliveryId: string;
}

const LONGEST_RAW = 1000;
const ON_CALL: ReadonlySet<string> = new Set(['oncall', 'on-call']);

/** `raw`: the same as `rest`, with people and channels as Slack has put them. */
type Answer = (tools: SlackTools, rest: string, person: Operator, raw: string) => Promise<Message> | Message;

const onCall: Answer = (tools, _, person, raw) => answerOnCall(tools, raw, person);

/** What the bot answers about itself. */
const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['alerts', answerAlerts],
  ...[...ON_CALL].map((word) => [word, onCall] as const),
  ['mute', (tools, rest, person) => offerMute(tools, rest, person.userId)],
  ['mutes', (tools) => listMutes(tools)],
  ['rules', ({ desk }, rest) => answerRules(desk.rules(), rest)],
  [
    'status',
    async (tools) =>
      drawStatus(await tools.desk.status(), tools.publicUrl, tools.clock.now(), tools.sockets?.()),
  ],
]);

/** Answers for the asker alone. Every question is written to the audit log; help is for everybody, everywhere. */
export async function answerTyped(tools: SlackTools, typed: Typed): Promise<void> {
  const { asker, place } = typed;
  const text = clean(asTyped(typed.text), 500);
  const [word = '', ...others] = text.split(/\s+/);
  const name = word.toLowerCase();
  const helps = name === '' || (name === 'help' && others.length === 0);
  const refused = helps ? undefined : await refusalOf(tools, asker, name);
  await tools.desk.asked(asker.operator, refused === undefined ? text : `(refused) ${text}`);
  if (helps) return place.answer(() => drawHelp());
  if (refused !== undefined) return place.answer(() => say(refused));
  const answer = ANSWERS.get(name);
  if (answer) {
    const message = await answer(tools, others.join(' '), asker.operator, afterWord(typed.text));
    return place.answer(() => message);
  }
  await answerAsQuestion(tools, typed, text);
}

/** Who is on call is to be known everywhere; all else is answered where questions may be asked. */
function refusalOf({ gate }: SlackTools, asker: Asker, name: string): Promise<string | undefined> {
  return ON_CALL.has(name) ? gate.refusalOf(asker.operator) : gate.refusal(asker);
}

/** What follows the first word. */
function afterWord(text: string): string {
  return text
    .slice(0, LONGEST_RAW)
    .trim()
    .replace(/^\S+\s*/, '');
}

async function answerAsQuestion(tools: SlackTools, typed: Typed, text: string): Promise<void> {
  const { asker, place, deliveryId } = typed;
  const [word = '', ...others] = text.split(/\s+/);
  const name = word.toLowerCase();
  if (isNotYet(name)) return place.answer(() => drawHelp(notYet(name)));
  const question = tools.desk.read(text);
  if (!('mistake' in question)) {
    const asking = { question, operator: asker.operator, runId: runIdOf(deliveryId) };
    return answerQuestion(tools, asking, place);
  }
  const slips = !QUESTION_WORDS.some((known) => known === name) && !isTalk(text);
  return place.answer(() => (slips ? drawHelp(correction(word, others, question)) : drawMistake(question)));
}

/** Whether the first word is how a sentence begins, and not a command with a slip in it. */
function isTalk(text: string): boolean {
  const [first, ...others] = wordsOf(text);
  return first !== undefined && (isSentence([first]) || (isGreeting(first) && others.length > 0));
}

function notYet(name: string): Leaf[] {
  return [
    codeLeaf(`/trail ${name}`, 100),
    words(' cannot be answered by this version of Trailbot. What it can answer:'),
  ];
}

/** The first word is none that a question or a sentence begins with. */
function correction(word: string, others: readonly string[], { corrected }: Mistake): Leaf[] {
  const known: readonly string[] = [...ANSWERS.keys(), 'help'];
  const near = nearest(word, [...known, ...QUESTION_WORDS]);
  const meant =
    near !== undefined && known.includes(near) ? ['/trail', near, ...others].join(' ') : corrected;
  return [
    codeLeaf(`/trail ${clean(word, 100)}`, 100),
    words(' is not a question that Trailbot knows. Did you mean '),
    codeLeaf(clean(meant, 400), 400),
    words('? What it can answer:'),
  ];
}

async function answerAlerts(tools: SlackTools, rest: string, person: Operator): Promise<Message> {
  const selections: readonly Selection[] = ['open', 'all', 'mine'];
  const selection = selections.find((one) => one === (rest.toLowerCase() || 'open'));
  if (selection) return listAlerts(tools.desk, selection, person.userId, tools.clock.now());
  const near = nearest(rest, selections) ?? 'open';
  return drawHelp([
    words('Alerts are listed as open, all or mine. Try '),
    codeLeaf(`/trail alerts ${near}`),
    words('. What else can be asked:'),
  ]);
}
