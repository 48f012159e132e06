import { nearest } from '../kernel/nearest.ts';
import type { SlackTools } from './actions.ts';
import type { Message } from './alert-message.ts';
import { say } from './asker.ts';
import { drawEvent } from './event-view.ts';
import { clean, codeLeaf, words } from './text.ts';
import { listAlerts, type Selection } from './trail-alerts.ts';
import { drawHelp } from './trail-help.ts';
import { answerRules } from './trail-rules.ts';
import { drawStatus } from './trail-status.ts';

/** Who asks, in a slash command. */
interface Person {
  readonly userId: string;
  readonly teamId: string;
}

type Answer = (tools: SlackTools, rest: string, person: Person) => Promise<Message> | Message;

const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['help', () => drawHelp()],
  ['alerts', answerAlerts],
  ['event', answerEvent],
  ['rules', ({ desk }, rest) => answerRules(desk.rules(), rest)],
  ['status', async ({ desk, publicUrl, clock }) => drawStatus(await desk.status(), publicUrl, clock.now())],
]);

/** What people of such bots ask for and this version has no answer to. */
const NOT_YET = new Set([
  'key',
  'who',
  'user',
  'ip',
  'role',
  'resource',
  'errors',
  'logins',
  'root',
  'compare',
  'explain',
  'oncall',
  'mute',
  'mutes',
  'stats',
  'timeline',
]);

/** The answer to `/trail TEXT`, for the asker alone. Every question is written to the audit log. */
export async function answerTrail(tools: SlackTools, typed: string, person: Person): Promise<Message> {
  const text = clean(unescaped(typed), 500);
  const refused = tools.desk.mayAsk(person.userId);
  await tools.desk.asked(person, refused === undefined ? text : `(refused) ${text}`);
  if (refused !== undefined) return say(refused);
  const [word = '', ...others] = text.split(/\s+/);
  const name = word.toLowerCase();
  const answer = ANSWERS.get(name === '' ? 'help' : name);
  if (answer) return answer(tools, others.join(' '), person);
  if (NOT_YET.has(name)) {
    return drawHelp([
      codeLeaf(`/trail ${name}`, 100),
      words(' cannot be answered by this version of Trailbot. What it can answer:'),
    ]);
  }
  return drawHelp(correction(word, others));
}

function correction(word: string, others: readonly string[]) {
  const near = nearest(word, ANSWERS.keys());
  const wrong = [codeLeaf(`/trail ${word}`, 100), words(' is not a question that Trailbot knows. ')];
  if (near === undefined) return [...wrong, words('What it can answer:')];
  const corrected = ['/trail', near, ...others].join(' ');
  return [...wrong, words('Did you mean '), codeLeaf(corrected, 200), words('? What it can answer:')];
}

async function answerAlerts(tools: SlackTools, rest: string, person: Person): Promise<Message> {
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

async function answerEvent(tools: SlackTools, rest: string): Promise<Message> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(rest)) {
    return drawEvent(rest, await tools.desk.events(rest));
  }
  const wrong =
    rest === '' ? [words('An eventID is missing. ')] : [codeLeaf(rest, 100), words(' is no eventID. ')];
  return drawHelp([
    ...wrong,
    words('It stands at the end of every alert and looks like this: '),
    codeLeaf('/trail event 3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11'),
  ]);
}

/** Slack escapes three signs in what people type. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
