import type { WebClient } from '@slack/web-api';
import { type Millis, SECOND } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import type { Asker } from '../asker.ts';
import { refusalOf } from '../classify.ts';
import type { NewBlock, NewBlocks } from './new-blocks.ts';
import { faultOf, inTime, LONGEST_REPLY } from './patience.ts';

/** Draws an answer without the blocks that the workspace refuses. */
type Draw = (refused: ReadonlySet<NewBlock>) => Message;

/** Where a private answer can be made everybody's. */
export type Sharing = 'channel' | 'thread';

/** Where the answer to one question appears, and its progress until then. */
export interface Place {
  /** Everybody in the channel sees it. */
  readonly open: boolean;
  /** The answer takes the place of the progress. */
  readonly inPlace: boolean;
  /** Absent where everybody sees it already, or nobody else could. */
  readonly sharing?: Sharing | undefined;
  /** How long to wait before each sign of progress; it ends where no more may be shown. */
  pauses(): Iterable<Millis>;
  progress(message: Message): Promise<void>;
  /** One try; may be called again after a failure. */
  answer(draw: Draw): Promise<void>;
  /** Instead of progress that would stay for ever, when no answer comes; nothing where none is shown. */
  drop?(message: Message): Promise<void>;
}

/** An answer that comes sooner needs no sign of progress before it. */
const PATIENCE: Millis = 700;
/** A response_url is good for five messages only, and the answer needs one or two of them. */
const GROWING: readonly Millis[] = [PATIENCE, 2.3 * SECOND, 6 * SECOND, 15 * SECOND];
/** What cannot be edited later is said once, and only when the wait gets long. */
const NOTE: readonly Millis[] = [1.5 * SECOND];
const EDIT_PAUSE: Millis = 2 * SECOND;
const LATER_PAUSE: Millis = 5 * SECOND;
const EDITS_SOON = 15;

/** Between the asker and the bot alone, under what was typed, or (`instead`) in the place of what was pressed. */
export function privatePlace(asker: Asker, newBlocks: NewBlocks, instead: boolean): Place {
  let replace = instead;
  let waiting = false;
  const reply = async (message: Message) => {
    try {
      await inTime(asker.reply(message, replace), LONGEST_REPLY);
      replace = true;
    } catch (error) {
      // It may stand there all the same.
      replace ||= faultOf(error)?.uncertain === true;
      throw error;
    }
  };
  return {
    open: false,
    inPlace: true,
    sharing: sharingFor(asker),
    *pauses() {
      for (const pause of GROWING) {
        yield pause;
        if (asker.left() <= newBlocks.tries) return;
      }
    },
    async progress(message) {
      // Time alone can have used the address up.
      if (asker.left() <= newBlocks.tries) return;
      waiting = true;
      await reply(message);
    },
    answer: (draw) => newBlocks.send(draw, reply),
    async drop(message) {
      if (waiting) await reply(message);
    },
  };
}

/** For the asker alone, as a message of its own: what was pressed or asked stays as it is. */
export function besidePlace(asker: Asker, newBlocks: NewBlocks): Place {
  const reply = (message: Message) => inTime(asker.reply(message), LONGEST_REPLY);
  return {
    open: false,
    inPlace: false,
    sharing: sharingFor(asker),
    pauses: () => NOTE,
    progress: reply,
    answer: (draw) => newBlocks.send(draw, reply),
  };
}

function sharingFor({ channel, thread }: Asker): Sharing | undefined {
  if (channel === undefined || channel.startsWith('D')) return undefined;
  return thread === undefined ? 'channel' : 'thread';
}

/** The message cannot be edited any more: the remedy is a new one. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** In a thread, for everybody: one message that is edited until it is the answer. */
export function threadPlace(
  tools: { readonly client: WebClient; readonly newBlocks: NewBlocks },
  channel: string,
  thread: string,
): Place {
  const { client, newBlocks } = tools;
  let ts: string | undefined;
  const post = async (message: Message) => {
    const quiet = { unfurl_links: false, unfurl_media: false };
    const posted = await client.chat.postMessage({ channel, thread_ts: thread, ...message, ...quiet });
    ts = posted.ts;
  };
  const show = async (message: Message) => {
    if (ts === undefined) return post(message);
    try {
      await client.chat.update({ channel, ts, ...message });
    } catch (error) {
      if (!GONE.has(refusalOf(error) ?? '')) throw error;
      await post(message);
    }
  };
  return {
    open: true,
    inPlace: true,
    *pauses() {
      yield PATIENCE;
      for (let edits = 0; ; edits++) yield edits < EDITS_SOON ? EDIT_PAUSE : LATER_PAUSE;
    },
    progress: show,
    answer: (draw) => newBlocks.send(draw, show),
    async drop(message) {
      if (ts !== undefined) await show(message);
    },
  };
}
