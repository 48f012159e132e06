import type { types } from '@slack/bolt';
import { drawNow } from '../on-call/draw-on-call.ts';
import type { SlackTools } from '../slack-tools.ts';
import { plain } from '../text.ts';

/** Who is on call now and next; nothing where no schedule is configured. */
export async function drawOnCallPart({ desk }: SlackTools): Promise<types.AnyBlock[]> {
  const names = desk.onCall.schedules();
  if (names.length === 0) return [];
  const looks = [];
  for (const name of names) looks.push(await desk.onCall.look(name));
  return [{ type: 'header', text: plain('On call', 150) }, ...drawNow(looks).blocks];
}
