import { isObject, type Json, type JsonObject } from '../kernel/json.ts';
import { type Args, jsonArg, textArg } from './args.ts';
import type { Core } from './core.ts';
import { Denied, violated } from './denied.ts';
import { identify } from './interactive.ts';
import { blocksTooLong, checkMessage, MOST_ATTACHMENTS, MOST_MARKDOWN, MOST_TEXT } from './limits/message.ts';
import { type Attachment, attachmentsIn, blocksIn } from './message.ts';
import type { Block } from './page-api.ts';

/** What a message says. A part that the app did not send is missing, which an edit tells from an empty one. */
export interface Content {
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly attachments?: readonly Attachment[];
  readonly metadata?: JsonObject;
}

const MOST_METADATA = 16_000;

/** Reads and checks the content of a message as every sending method takes it; throws Slack's errors. */
export function readContent(core: Core, args: Args): Content {
  const text = typeof args.text === 'string' ? args.text : undefined;
  if (text !== undefined && text.length > MOST_TEXT) throw new Denied('msg_too_long');
  const markdown = readMarkdown(args);
  const blocks = markdown
    ? [{ type: 'markdown', text: markdown }]
    : listArg(args, 'blocks', 'invalid_blocks_format');
  const attachments = listArg(args, 'attachments', 'invalid_attachments');
  if ((attachments?.length ?? 0) > MOST_ATTACHMENTS) throw new Denied('too_many_attachments');
  const parts = { ...(blocks ? { blocks } : {}), ...(attachments ? { attachments } : {}) };
  refuseViolations(parts, core.faults.refusedBlocks);
  const metadata = readMetadata(args);
  return {
    ...(text === undefined && markdown === undefined ? {} : { text: text ?? markdown ?? '' }),
    ...(blocks ? { blocks: blocksIn(identify(blocks)) } : {}),
    ...(attachments ? { attachments: numbered(attachments) } : {}),
    ...(metadata ? { metadata } : {}),
  };
}

/** Throws `no_text` when there is nothing to show. */
export function refuseEmpty(content: Content): void {
  if (!content.text?.trim() && !content.blocks?.length && !content.attachments?.length)
    throw new Denied('no_text');
}

function readMarkdown(args: Args): string | undefined {
  const markdown = textArg(args, 'markdown_text');
  if (markdown === undefined) return undefined;
  if (args.blocks !== undefined || args.text !== undefined) throw new Denied('markdown_text_conflict');
  if (markdown.length > MOST_MARKDOWN) throw new Denied('msg_too_long');
  return markdown;
}

function listArg(args: Args, key: string, code: string): Json[] | undefined {
  const value = jsonArg(args, key, code);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new Denied(code);
  return value;
}

function refuseViolations(parts: JsonObject, refused: ReadonlySet<string>): void {
  const violations = checkMessage(parts, refused);
  if (violations.length > 0) {
    const inBlocks = violations.some((one) => /^(\/attachments\/\d+)?\/blocks/.test(one.pointer));
    throw violated(inBlocks ? 'invalid_blocks' : 'invalid_attachments', violations);
  }
  if (blocksTooLong(parts)) throw new Denied('msg_blocks_too_long');
}

function readMetadata(args: Args): JsonObject | undefined {
  const metadata = jsonArg(args, 'metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) throw new Denied('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return {};
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || type === '' || type.length > 255 || !isObject(payload)) {
    throw new Denied('invalid_metadata_schema');
  }
  if (JSON.stringify(metadata).length > MOST_METADATA) throw new Denied('metadata_too_large');
  return { event_type: type, event_payload: payload };
}

/** Slack numbers attachments from 1 and gives each a fallback. */
function numbered(attachments: readonly Json[]): Attachment[] {
  const complete = attachments.filter(isObject).map((one, index) => ({
    fallback: '[no preview available]',
    ...one,
    id: index + 1,
    ...(Array.isArray(one.blocks) ? { blocks: identify(one.blocks, `t${index + 1}`) } : {}),
  }));
  return attachmentsIn(complete);
}
