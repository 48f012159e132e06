import { RespondError } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import { isObject } from '../../kernel/json.ts';
import type { Log } from '../../kernel/log.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Message } from '../alert-message.ts';

/** Blocks that Slack gives to workspaces one after the other, so that some refuse them. */
export type NewBlock = 'table' | 'data_visualization';

const NEW_BLOCKS: readonly NewBlock[] = ['table', 'data_visualization'];

/** What this workspace takes of the newer blocks, learnt from its refusals for as long as the process runs. */
export interface NewBlocks {
  /** Draws and sends; after a refusal once more, without what was refused. */
  send(
    draw: (refused: ReadonlySet<NewBlock>) => Message,
    send: (message: Message) => Promise<void>,
  ): Promise<void>;
  /** How often the next answer may have to be sent. */
  readonly tries: number;
}

export function createNewBlocks(log: Log): NewBlocks {
  const refused = new Set<NewBlock>();
  const taken = new Set<NewBlock>();

  return {
    async send(draw, send) {
      for (;;) {
        const message = draw(refused);
        try {
          await send(message);
          for (const type of newBlocksIn(message)) taken.add(type);
          return;
        } catch (error) {
          const now = refusedBy(error, message);
          if (now.length === 0) throw error;
          for (const type of now) refused.add(type);
          log.warn(
            { error },
            `Slack refused ${now.join(' and ')}: ${sayError(error)}; drawn as text from now on`,
          );
        }
      }
    },
    get tries() {
      return NEW_BLOCKS.every((type) => taken.has(type) || refused.has(type)) ? 1 : 2;
    },
  };
}

function newBlocksIn({ blocks }: Message): NewBlock[] {
  return NEW_BLOCKS.filter((type) => blocks.some((block) => block.type === type));
}

const REFUSALS = new Set(['invalid_blocks', 'invalid_blocks_format']);

/** The newer blocks that the failure is about: those that Slack points at, else all of the message. */
function refusedBy(error: unknown, message: Message): NewBlock[] {
  const all = newBlocksIn(message);
  if (error instanceof RespondError) {
    // A response_url says a status and nothing else; 404 is a used or expired one.
    return error.statusCode === 400 ? all : [];
  }
  if (!(error instanceof WebAPIPlatformError) || !REFUSALS.has(String(error.data.error))) return [];
  const pointed = pointers(error).map((at) => message.blocks[at]?.type);
  const named = all.filter((type) => pointed.includes(type));
  return named.length > 0 ? named : all;
}

/** Indices of blocks in `[ERROR] unsupported type: table [json-pointer:/blocks/3/type]`. */
function pointers(error: WebAPIPlatformError): number[] {
  const metadata = error.data.response_metadata;
  const messages = isObject(metadata) && Array.isArray(metadata.messages) ? metadata.messages : [];
  return messages.flatMap((one) => {
    const at = /json-pointer:\/blocks\/(\d+)/.exec(String(one))?.[1];
    return at === undefined ? [] : [Number(at)];
  });
}
