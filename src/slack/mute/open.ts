import type { Mute } from '../../alerts/mute.ts';
import { type JsonObject, objectOf, textOf } from '../../kernel/json.ts';
import { fieldsOf, type MuteSubject } from '../../work/mute/subject.ts';
import { type Asker, say } from '../asker.ts';
import { openInTime } from '../open-modal.ts';
import type { ButtonPress } from '../press.ts';
import type { SlackTools } from '../slack-tools.ts';
import { type MuteModalOrigin, muteModal, readMuteOrigin, tickedFields } from './modal.ts';

/** *Mute pattern…* of an alert. Whoever would be refused in the end is refused now. */
export function openMute(tools: SlackTools, { asker, value, triggerId }: ButtonPress): Promise<void> {
  return openForm(tools, asker, triggerId, value.alertId, undefined);
}

/** The same, with what an earlier mute had. */
export async function muteAgain(
  tools: SlackTools,
  asker: Asker,
  triggerId: string,
  muteId: string,
): Promise<void> {
  const mute = await tools.desk.mutes.find(muteId);
  if (!mute) return asker.reply(say(`${muteId} is not known here.`));
  await openForm(tools, asker, triggerId, mute.alertId, mute);
}

function openForm(
  tools: SlackTools,
  asker: Asker,
  triggerId: string,
  alertId: string,
  like: Mute | undefined,
): Promise<void> {
  return openInTime(tools, { asker, triggerId }, async () => {
    const refused = await tools.desk.mayAdminister(asker.operator.userId);
    if (refused !== undefined) return { refused };
    const subject = await tools.desk.mutes.subject({ alertId, like: like?.id });
    if ('refused' in subject) return subject;
    const { version } = subject.alert;
    const origin = { alertId, version, like: like?.id, channel: asker.channel };
    const fields = like ? fieldsOf(like.terms) : narrowest(subject);
    return formOf(tools, origin, subject, fields, like?.reason);
  });
}

/** Who did it, as narrowly as the event says: whoever wants more hidden unticks. */
function narrowest({ choices }: MuteSubject): string[] {
  return choices.filter(({ label }) => label.startsWith('Actor')).map(({ field }) => field);
}

/** Other fields are ticked: the preview follows. What was typed stays, because its inputs keep their names. */
export async function previewAnew(tools: SlackTools, body: JsonObject): Promise<void> {
  const view = objectOf(body, 'view') ?? {};
  const origin = readMuteOrigin(view);
  const id = textOf(view, 'id');
  if (!origin || id === undefined) return;
  const subject = await tools.desk.mutes.subject(origin);
  if ('refused' in subject) return;
  const fields = tickedFields(view);
  const drawn = await formOf(tools, origin, subject, fields, undefined);
  await tools.client.views.update({ view_id: id, view: drawn });
}

async function formOf(
  { desk }: SlackTools,
  origin: MuteModalOrigin,
  subject: MuteSubject,
  fields: readonly string[],
  reason: string | undefined,
) {
  return muteModal({ origin, subject, fields, preview: await desk.mutes.preview(subject, fields), reason });
}
