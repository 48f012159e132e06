import { isObject, type JsonObject } from '../../kernel/json.ts';
import { type Check, echo, type Inspection, report, type Violation } from './inspection.ts';
import { ID_LENGTH } from './objects.ts';
import { flag, link, list, number, pattern, shape, text, wrongKind } from './shape.ts';
import { checkBlocks } from './surfaces.ts';
import { visibleLength } from './visible.ts';

/** Slack truncates beyond this; a program that gets there has a mistake. */
export const MOST_TEXT = 40_000;
/** `markdown_text`, and all markdown blocks of a message together. */
export const MOST_MARKDOWN = 12_000;
/** Beyond this, `too_many_attachments`. */
export const MOST_ATTACHMENTS = 100;
/** Undocumented limit on the text of all blocks together (bolt-js issue 2509). */
const MOST_BLOCK_TEXT = 13_200;
const MOST_CHARTS = 2;

const line = text(3000, 0);
const picture = link(3000, ['http:', 'https:']);

const anyBlocks: Check = (value, at, into) => checkBlocks(value, at, into);

const stamp: Check = (value, at, into) => {
  if (typeof value !== 'number' && typeof value !== 'string') wrongKind(into, at, 'number', value);
};

/** A secondary attachment: legacy, but the only thing in Slack with a colour bar. */
const attachment = shape(
  {},
  {
    blocks: anyBlocks,
    color: pattern(
      /^(good|warning|danger|#?[0-9a-f]{3}|#?[0-9a-f]{6})$/i,
      'good, warning, danger or a hex colour',
    ),
    fallback: line,
    pretext: line,
    text: text(MOST_TEXT, 0),
    title: line,
    title_link: picture,
    author_name: line,
    author_link: picture,
    author_icon: picture,
    author_subname: line,
    footer: text(300, 0),
    footer_icon: picture,
    image_url: picture,
    thumb_url: picture,
    fields: list(shape({ title: line, value: line }, { short: flag }), 100, 0),
    mrkdwn_in: list(text(ID_LENGTH), 10, 0),
    ts: stamp,
    callback_id: text(ID_LENGTH),
    id: number(0, MOST_ATTACHMENTS),
  },
);

/** Blocks of the message and of its attachments, each with its place. */
function allBlocks(message: JsonObject): { block: JsonObject; at: string }[] {
  const of = (blocks: unknown, at: string) =>
    Array.isArray(blocks)
      ? blocks.flatMap((block, index) => (isObject(block) ? [{ block, at: `${at}/${index}` }] : []))
      : [];
  const attachments = Array.isArray(message.attachments)
    ? message.attachments.slice(0, MOST_ATTACHMENTS)
    : [];
  return [
    ...of(message.blocks, '/blocks'),
    ...attachments.flatMap((one, index) =>
      isObject(one) ? of(one.blocks, `/attachments/${index}/blocks`) : [],
    ),
  ];
}

/** A `block_id` stands once in a message. */
export function distinctBlockIds(
  blocks: readonly { block: JsonObject; at: string }[],
  into: Inspection,
): void {
  const seen = new Set<unknown>();
  for (const { block, at } of blocks) {
    const id = block.block_id;
    if (typeof id !== 'string') continue;
    if (seen.has(id)) {
      const constraint = { type: 'unique', expected: ['block_id'], got: echo(id) };
      report(into, `${at}/block_id`, 'duplicate', `duplicate block_id: ${echo(id)}`, constraint);
    }
    seen.add(id);
  }
}

function atMost(
  blocks: readonly { block: JsonObject; at: string }[],
  types: readonly string[],
  most: number,
  into: Inspection,
): void {
  const found = blocks.filter(({ block }) => typeof block.type === 'string' && types.includes(block.type));
  const first = found[most];
  if (!first) return;
  const constraint = { type: 'max_blocks', expected: [String(most)], got: String(found.length) };
  const message = `no more than ${most} ${types.join(' or ')} allowed in a message`;
  report(into, first.at, 'too_many_blocks', message, constraint);
}

function markdownTogether(blocks: readonly { block: JsonObject; at: string }[], into: Inspection): void {
  const markdown = blocks.filter(({ block }) => block.type === 'markdown');
  const length = markdown.reduce((sum, { block }) => sum + String(block.text).length, 0);
  const last = markdown.at(-1);
  if (!last || length <= MOST_MARKDOWN) return;
  const constraint = { type: 'max_length', expected: [String(MOST_MARKDOWN)], got: String(length) };
  const message = `markdown blocks of a message must be less than ${MOST_MARKDOWN + 1} characters together`;
  report(into, `${last.at}/text`, 'too_long', message, constraint);
}

/** Blocks that this workspace was not given yet. */
function missing(
  blocks: readonly { block: JsonObject; at: string }[],
  types: ReadonlySet<string>,
  into: Inspection,
): void {
  for (const { block, at } of blocks) {
    if (typeof block.type !== 'string' || !types.has(block.type)) continue;
    const constraint = { type: 'block_type', expected: [], got: block.type };
    report(into, `${at}/type`, 'unsupported_type', `unsupported type: ${block.type}`, constraint);
  }
}

/**
 * Everything that is wrong with `blocks` and `attachments` of a message, with pointers from the message's top.
 * `refused`: block types that this workspace does not take.
 */
export function checkMessage(message: JsonObject, refused: ReadonlySet<string> = new Set()): Violation[] {
  const into: Inspection = { surface: 'message', found: [] };
  if (message.blocks !== undefined) checkBlocks(message.blocks, '/blocks', into);
  if (message.attachments !== undefined) {
    list(attachment, MOST_ATTACHMENTS, 0)(message.attachments, '/attachments', into);
  }
  const blocks = allBlocks(message);
  distinctBlockIds(blocks, into);
  missing(blocks, refused, into);
  atMost(blocks, ['table', 'data_table'], 1, into);
  atMost(blocks, ['data_visualization'], MOST_CHARTS, into);
  markdownTogether(blocks, into);
  return into.found;
}

/** Whether the text of all blocks together is more than Slack takes (`msg_blocks_too_long`). */
export function blocksTooLong(message: JsonObject): boolean {
  const shown = allBlocks(message).map(({ block }) => block);
  return visibleLength(shown) > MOST_BLOCK_TEXT;
}
