import type { Alert } from '../../src/alerts/alert.ts';
import type { Desk } from '../../src/slack/desk.ts';
import type { Press } from '../../src/work/operate.ts';
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
}

export function deskDouble(): DeskDouble {
  const seen = new Set<string>();
  const desk: DeskDouble = {
    presses: [],
    questions: [],
    refreshed: [],
    current: someAlert(),
    closedTo: undefined,
    handsOff: undefined,
    broken: false,
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
    alerts: async ({ limit }) => (desk.current ? [desk.current] : []).slice(0, limit),
    history: async () => [{ at: AT, text: 'Alice: acknowledged' }],
    events: async (eventId) => {
      const record = someRecord();
      if (eventId !== record.eventId) return [];
      return [{ record, receivedAt: AT + 900, alertIds: ['A-1042'], suppressed: [] }];
    },
    rules: () => [someRule()],
    status: async () => someStatus(),
    firstTime: async (id) => !seen.has(id) && seen.add(id).size > 0,
    refresh: async (id) => {
      desk.refreshed.push(id);
    },
    mayRespond: () => desk.handsOff,
    mayAsk: () => desk.closedTo,
    asked: async (_, question) => {
      desk.questions.push(question);
    },
  };
  return desk;
}
