import type { types } from '@slack/bolt';
import type { Alert } from '../alerts/alert.ts';
import { happened } from '../alerts/happened.ts';
import type { Refusal } from '../kernel/problem.ts';
import type { Millis } from '../kernel/time.ts';
import type { Asker } from './asker.ts';
import type { ButtonValue } from './buttons.ts';
import { openInTime } from './open-modal.ts';
import type { SlackTools } from './slack-tools.ts';

/** One press on one control of an alert, read and checked. */
export interface ButtonPress {
  readonly asker: Asker;
  readonly value: ButtonValue;
  /** Same for every delivery of this press. */
  readonly pressId: string;
  readonly triggerId: string;
  /** The message that was pressed on. */
  readonly messageTs: string | undefined;
  /** The message that was pressed on is visible to this person alone: the answer takes its place. */
  readonly inPlace: boolean;
}

export type ActionHandler = (tools: SlackTools, press: ButtonPress) => Promise<void>;

type DrawModal = (alert: Alert, channel: string | undefined) => types.ModalView;

/** Whoever would be refused in the end is refused now, before anything is typed. */
export function openModal(tools: SlackTools, press: ButtonPress, draw: DrawModal): Promise<void> {
  return openInTime(tools, press, () => modalFor(tools, press, draw));
}

async function modalFor(
  { desk, clock }: SlackTools,
  { asker, value }: ButtonPress,
  draw: DrawModal,
): Promise<types.ModalView | Refusal> {
  const refused = await desk.mayRespond(asker.operator.userId);
  if (refused !== undefined) return { refused };
  const alert = await desk.alert(value.alertId);
  if (!alert) return { refused: unknownAlert(value.alertId) };
  if (alert.version !== value.version || alert.state === 'resolved') {
    await desk.refresh(alert.id);
    return { refused: meanwhile(alert, clock.now()) };
  }
  return draw(alert, asker.channel);
}

export function unknownAlert(id: string): string {
  return `${id} is not known here; it may belong to another installation of Trailbot.`;
}

/** What happened since the button was drawn, for a person who came too late. Goes with `Desk.refresh`. */
export function meanwhile(alert: Alert, now: Millis): string {
  return `Nothing changed. ${happened(alert, now, new Map())} The message now shows how it stands.`;
}
