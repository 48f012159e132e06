import type { Check } from './inspection.ts';
import { ID_LENGTH } from './objects.ts';
import { byType, choice, flag, link, list, number, pattern, shape, text } from './shape.ts';

// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

const MOST_TEXT = 12_000;
const MOST_PARTS = 1000;

const style = shape({}, { bold: flag, italic: flag, strike: flag, code: flag, underline: flag });

function leaf(
  type: string,
  required: Record<string, Check>,
  optional: Record<string, Check> = {},
): [string, Check] {
  return [type, shape({ type: choice(type), ...required }, { style, ...optional })];
}

const textLeaf = leaf('text', { text: text(MOST_TEXT) });
const linkLeaf = leaf('link', { url: link(3000) }, { text: text(MOST_TEXT, 0), unsafe: flag });

const leaves = byType(
  new Map([
    textLeaf,
    linkLeaf,
    leaf('user', { user_id: text(ID_LENGTH) }),
    leaf('usergroup', { usergroup_id: text(ID_LENGTH) }),
    leaf('channel', { channel_id: text(ID_LENGTH) }),
    leaf('team', { team_id: text(ID_LENGTH) }),
    leaf('emoji', { name: text(ID_LENGTH) }, { unicode: text(ID_LENGTH), url: link(3000) }),
    leaf('broadcast', { range: choice('here', 'channel', 'everyone') }),
    leaf('color', { value: pattern(/^#[0-9a-f]{6}$/i, 'a hex colour such as #a30200') }),
    leaf(
      'date',
      { timestamp: number(0, 253_402_300_799), format: text(ID_LENGTH) },
      { url: link(3000), fallback: text(3000) },
    ),
  ]),
);

const border = choice(0, 1);

const section = shape({ type: choice('rich_text_section'), elements: list(leaves, MOST_PARTS, 0) });

const parts = byType(
  new Map<string, Check>([
    ['rich_text_section', section],
    [
      'rich_text_list',
      shape(
        {
          type: choice('rich_text_list'),
          style: choice('bullet', 'ordered'),
          elements: list(section, MOST_PARTS),
        },
        { indent: number(0, 8), offset: number(0, MOST_TEXT), border },
      ),
    ],
    [
      'rich_text_quote',
      shape({ type: choice('rich_text_quote'), elements: list(leaves, MOST_PARTS, 0) }, { border }),
    ],
    [
      'rich_text_preformatted',
      shape(
        {
          type: choice('rich_text_preformatted'),
          elements: list(byType(new Map([textLeaf, linkLeaf])), MOST_PARTS, 0),
        },
        { border, language: text(ID_LENGTH) },
      ),
    ],
  ]),
);

/** A `rich_text` block, which also stands inside tables, task cards and inputs. */
export const richText = shape(
  { type: choice('rich_text'), elements: list(parts, MOST_PARTS) },
  { block_id: text(ID_LENGTH) },
);
