import { type OwnEvent, ownEventBody } from '../../cloudtrail/own-event.ts';
import { readRecord } from '../../cloudtrail/record.ts';
import type { Millis } from '../../kernel/time.ts';
import type { createIntake } from '../intake.ts';

/** Takes in what the bot itself has noticed, like any other record. */
export async function takeOwnEvent(
  intake: Pick<ReturnType<typeof createIntake>, 'accept'>,
  event: OwnEvent,
  now: Millis,
): Promise<void> {
  const record = readRecord(ownEventBody(event));
  if ('unreadable' in record) throw new Error(record.unreadable);
  await intake.accept({ records: [record], rejects: [] }, now);
}
