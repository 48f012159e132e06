import type { JsonObject } from '../../kernel/json.ts';
import { textOf } from '../../kernel/json.ts';
import { operatorOf } from '../asker.ts';
import type { SlackTools } from '../slack-tools.ts';
import type { Submission } from '../submission.ts';
import { readMute, readMuteOrigin, tickedFields } from './modal.ts';

/** The mute modal was submitted: mutes, and resolves the alert where that is ticked. */
export function submitMute(tools: SlackTools, view: JsonObject, body: JsonObject): Submission {
  const origin = readMuteOrigin(view);
  if (!origin) return { answer: undefined };
  const read = readMute(view);
  if ('errors' in read) return { answer: { response_action: 'errors', errors: { ...read.errors } } };
  const { alertId, version, like, channel } = origin;
  const pressId = `modal:${textOf(view, 'id') ?? ''}:${textOf(view, 'hash') ?? ''}`;
  const work = async () => {
    const operator = await tools.people.named(operatorOf(body));
    const { reason, length, resolve } = read;
    const request = {
      origin: { alertId, like },
      fields: tickedFields(view),
      reason,
      length,
      operator,
      pressId,
    };
    const outcome = await tools.desk.mutes.make(request);
    if ('refused' in outcome) return outcome.refused;
    if (!resolve || !outcome.made) return undefined;
    const note = `muted (${outcome.made.id}): ${reason}`;
    const operation = { kind: 'resolve', disposition: 'expected', note } as const;
    const pressed = { alertId, version, operation, operator, pressId: `${pressId}:resolve` };
    const resolved = await tools.desk.operate(pressed);
    return 'refused' in resolved
      ? `The mute ${outcome.made.id} holds, but ${alertId} was not resolved. ${resolved.refused}`
      : undefined;
  };
  return { answer: undefined, channel, work };
}
