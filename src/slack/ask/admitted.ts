import { type Asker, say } from '../asker.ts';
import type { SlackTools } from '../slack-tools.ts';

/** Writes to the audit log what is asked for, and tells one who may not; before anything is asked or shown. */
export async function admitted(tools: SlackTools, asker: Asker, what: string): Promise<boolean> {
  const refused = await tools.gate.refusal(asker);
  await tools.desk.asked(asker.operator, refused === undefined ? what : `(refused) ${what}`);
  if (refused !== undefined) await asker.reply(say(refused));
  return refused === undefined;
}
