import type { Alert } from '../../src/alerts/alert.ts';
import type { Refusal } from '../../src/kernel/problem.ts';
import type { Asked, AskedIn, Desk, Request } from '../../src/slack/desk.ts';
import type { Press } from '../../src/work/operate.ts';
import { answerIn, someAsked, someQuestion } from './answers.ts';
import { AT, someAlert, someRecord, someRule, someStatus } from './samples.ts';

/** The seam to the rest of the bot: remembers what was asked of it, and compares versions as the real one does. */
export interface DeskDouble extends Desk {
  readonly presses: Press[];
  readonly questions: string[];
  current: Alert | undefined;
  /** Ids of the alerts that were to be drawn anew. */
  readonly refreshed: string[];
  /** Said to whoever asks, when set. */
  closedTo: string | undefined;
  /** Said to whoever wants to act on an alert, when set. */
  handsOff: string | undefined;
  broken: boolean;
  /** Questions that were asked, oldest first. */
  readonly requests: Request[];
  /** How the next questions end; by default at once with `someAsked`. */
  answering: (request: Request) => Promise<Asked | Refusal>;
  /** Answers that are remembered, by id. */
  readonly remembered: Map<string, Asked>;
  /** Said when somebody asks in a channel, when set. */
  closedIn: ((channel: AskedIn) => string | undefined) | undefined;
}

/** Nothing is muted, and nothing can be. */
function noMutes(): Desk['mutes'] {
  const refusal = { refused: 'Nothing can be muted here.' };
  return {
    subject: async () => refusal,
    preview: async () => ({ matches: 0, alerts: 0, latest: [], real: [], cutAt: undefined }),
    make: async () => refusal,
    find: async () => undefined,
    inForce: async () => [],
    end: async () => refusal,
    exported: async () => refusal,
  };
}

export function deskDouble(): DeskDouble {
  const seen = new Set<string>();
  const desk: DeskDouble = {
    onCall: noOnCall(),
    actors: { question: async () => ({ refused: 'Nobody is asked.' }), answer: async () => undefined },
    presses: [],
    questions: [],
    refreshed: [],
    current: someAlert(),
    closedTo: undefined,
    handsOff: undefined,
    broken: false,
    requests: [],
    answering: async ({ question }) => someAsked({ question }),
    remembered: new Map(),
    closedIn: undefined,
    async operate(press) {
      desk.presses.push(press);
      if (desk.broken) throw new Error('disk full');
      if (!desk.current || press.version !== desk.current.version) {
        return { refused: 'Nothing changed. Bob resolved A-1042 20 s ago.' };
      }
      desk.current = { ...desk.current, state: 'acknowledged', version: press.version + 1 };
      return { done: desk.current };
    },
    alert: async (id) => (desk.current?.id === id ? desk.current : undefined),
    escalating: async (alertId) => ({ refused: `Nobody can be paged for ${alertId}.` }),
    escalateNow: async () => undefined,
    mutes: noMutes(),
    home: {
      open: async (limit) => {
        const gravest = (desk.current ? [desk.current] : []).slice(0, limit);
        return { levels: gravest.map(({ level }) => ({ level, number: 1 })), gravest };
      },
      undelivered: async () => ({ number: 0, jobs: [], posts: [] }),
      tryAgain: async () => undefined,
    },
    alerts: async ({ limit }) => (desk.current ? [desk.current] : []).slice(0, limit),
    history: async () => [{ at: AT, text: 'Alice: acknowledged' }],
    events: async (eventId) => {
      const record = someRecord();
      if (eventId !== record.eventId) return [];
      return [{ record, receivedAt: AT + 900, alertIds: ['A-1042'], suppressed: [] }];
    },
    names: () => ({ account: (id) => id, networks: () => [] }),
    rules: () => [someRule()],
    status: async () => someStatus(),
    firstTime: async (...ids) => {
      const first = ids.every((id) => !seen.has(id));
      for (const id of ids) seen.add(id);
      return first;
    },
    refresh: async (id) => {
      desk.refreshed.push(id);
    },
    mayRespond: async () => desk.handsOff,
    mayAdminister: async () => desk.handsOff,
    mayAsk: async () => desk.closedTo,
    mayAskIn: (channel) => desk.closedIn?.(channel),
    read(text) {
      const key = /\bA[KS]IA[A-Z0-9]{12,}/.exec(text)?.[0];
      if (key !== undefined) return someQuestion({ value: key });
      const [word = '', value = ''] = text.split(' ');
      if (/^(root|errors|logins)$/.test(word)) return someQuestion({ kind: 'root', value: '' });
      if (/^(user|who|ip|role|resource|event|compare|stats)$/.test(word) && value !== '') {
        return someQuestion({ kind: 'user', value });
      }
      return { mistake: `"${text}" names no key.`, corrected: '/trail key AKIAIOSFODNN7EXAMPLE 30d' };
    },
    async ask(request) {
      desk.requests.push(request);
      const asked = await desk.answering(request);
      if (!('refused' in asked)) desk.remembered.set(asked.id, asked);
      return asked;
    },
    recall: async (id) => {
      const asked = desk.remembered.get(id);
      if (asked) return { question: asked.question, asked };
      return id === 'q1' ? { question: someQuestion(), asked: undefined } : undefined;
    },
    draw: answerIn,
    async narrow(asked, scope) {
      const question = someQuestion({ scope: { ...asked.question.scope, ...scope } });
      const narrowed = { ...asked, id: 'q2', question };
      desk.remembered.set(narrowed.id, narrowed);
      return narrowed;
    },
    csv: ({ material }) => `time,key\r\n${material.calls.map(({ keyId }) => keyId).join('\r\n')}\r\n`,
    coverage: () => [
      [{ text: 'own store: 40 of 2,300,000 events' }],
      [{ text: 'LookupEvents: off, no AWS credentials' }],
    ],
    subjectOf: async (id) =>
      desk.current?.id === id ? someQuestion() : { refused: `${id} names no key, actor or address.` },
    asked: async (_, question) => {
      desk.questions.push(question);
    },
  };
  return desk;
}

/** No schedule is configured. */
function noOnCall(): Desk['onCall'] {
  const refused = { refused: 'No schedule is configured.' };
  return {
    schedules: () => [],
    look: async (name) => ({ name, now: undefined, next: undefined, week: [], trouble: undefined }),
    give: async () => refused,
    offer: async () => refused,
    swap: async () => refused,
    overrides: async () => [],
    end: async () => refused,
  };
}
