import type { types } from '@slack/bolt';
import type { Refusal } from '../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { type Asker, say } from './asker.ts';
import { refusalOf } from './classify.ts';
import { noticeModal } from './modals.ts';
import type { SlackTools } from './slack-tools.ts';
import { plain, richText, words } from './text.ts';

type Made = types.ModalView | Refusal;

/** A press is good for three seconds, of which it has spent some on its way. Source: Slack, "Modals", trigger_id. */
const PATIENCE: Millis = SECOND;

/**
 * Opens what `make` draws, or tells the person why not. Where that takes longer than a press is good for (Slack has to be
 * asked who is in a group), a window that says so is opened first, and becomes the one that was wanted.
 */
export async function openInTime(
  tools: Pick<SlackTools, 'client' | 'clock'>,
  press: { readonly asker: Asker; readonly triggerId: string },
  make: () => Promise<Made>,
): Promise<void> {
  const { client, clock } = tools;
  const making = make();
  // Until it is waited for below, its failure is nobody's.
  making.catch(() => undefined);
  const made = await soon(clock, making);
  if (made && 'refused' in made) return press.asker.reply(say(made.refused));
  if (made) {
    await client.views.open({ trigger_id: press.triggerId, view: made });
    return;
  }
  const opened = await client.views.open({ trigger_id: press.triggerId, view: WAITING });
  await turnInto(tools, opened.view?.id ?? '', making);
}

const WAITING: types.ModalView = {
  type: 'modal',
  title: plain('One moment…', 24),
  close: plain('Close', 24),
  blocks: [richText([[words('Slack is being asked whether you may do this.')]])],
};

const FAILED = 'That did not work. Close this window and press again.';

async function turnInto(
  { client }: Pick<SlackTools, 'client'>,
  id: string,
  making: Promise<Made>,
): Promise<void> {
  const show = async (made: Made) => {
    const view = 'refused' in made ? noticeModal('Nothing changed', made.refused) : made;
    try {
      await client.views.update({ view_id: id, view });
    } catch (error) {
      // The person has closed it meanwhile.
      if (refusalOf(error) !== 'not_found') throw error;
    }
  };
  try {
    await show(await making);
  } catch (error) {
    await show({ refused: FAILED }).catch(() => undefined);
    throw error;
  }
}

/** `undefined` when it is not there in time. */
async function soon(clock: Clock, making: Promise<Made>): Promise<Made | undefined> {
  const enough = new AbortController();
  try {
    return await Promise.race([making, clock.sleep(PATIENCE, enough.signal).then(() => undefined)]);
  } finally {
    enough.abort();
  }
}
