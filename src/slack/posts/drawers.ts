import { Fault } from '../../kernel/problem.ts';
import type { Message } from '../alert-message.ts';
import { drawAckReminder, drawExpired } from './ack-reminder.ts';
import {
  drawActorAsked,
  drawActorNobody,
  drawActorOutcome,
  drawActorQuieted,
  drawActorTold,
} from './actor-note.ts';
import { drawActorQuestion } from './actor-question.ts';
import { drawAssigned, drawGiven, drawUnreached } from './assignment.ts';
import { drawDigest } from './digest.ts';
import type { DrawPost, Scene } from './drawing.ts';
import { drawEnd, drawNudge } from './escalation-end.ts';
import { drawStep, drawTrouble } from './escalation-step.ts';
import { drawGroupTrouble } from './group-trouble.ts';
import { drawHandOver } from './hand-over.ts';
import { drawHandOverSoon } from './hand-over-soon.ts';
import { drawMuteHeld } from './mute-held.ts';
import { drawMuteMade } from './mute-made.ts';
import { drawMuteOver } from './mute-over.ts';
import { drawChanged, drawEnded, drawGivenShift, drawRelieved, drawSwapped } from './override.ts';
import { drawPage } from './page.ts';
import { drawStorm } from './storm.ts';

/** How each kind of post is drawn; what people put into `content` is text there, never markup. */
const DRAWERS: ReadonlyMap<string, DrawPost> = new Map<string, DrawPost>([
  ['alert_given', drawGiven],
  ['alert_assigned', drawAssigned],
  ['alert_unreached', drawUnreached],
  ['alert_reminder', drawAckReminder],
  ['alert_expired', drawExpired],
  ['actor_question', drawActorQuestion],
  ['actor_asked', drawActorAsked],
  ['actor_nobody', drawActorNobody],
  ['actor_outcome', drawActorOutcome],
  ['actor_quieted', drawActorQuieted],
  ['actor_told', drawActorTold],
  ['digest_channel', drawDigest],
  ['escalation_page', drawPage],
  ['escalation_storm', drawStorm],
  ['escalation_step', drawStep],
  ['escalation_trouble', drawTrouble],
  ['escalation_end', drawEnd],
  ['escalation_nudge', drawNudge],
  ['mute_made', drawMuteMade],
  ['mute_over', drawMuteOver],
  ['mute_held', drawMuteHeld],
  ['oncall_handover', drawHandOver],
  ['oncall_soon', drawHandOverSoon],
  ['oncall_given', drawGivenShift],
  ['oncall_relieved', drawRelieved],
  ['oncall_changed', drawChanged],
  ['oncall_ended', drawEnded],
  ['oncall_swapped', drawSwapped],
  ['oncall_group', drawGroupTrouble],
]);

/** Throws a Fault for a kind that this version does not know. */
export function drawPost(kind: string, scene: Scene): Message {
  const draw = DRAWERS.get(kind);
  if (!draw) throw Fault.never(`this version does not know the post "${kind}"`);
  return draw(scene);
}
