import { isObject } from '../../kernel/json.ts';
import { accessory, action, contextElement, input } from './elements.ts';
import { type Check, report } from './inspection.ts';
import { anyText, ID_LENGTH, imageSource, oneImageSource, plainText } from './objects.ts';
import { richText } from './rich-text.ts';
import {
  choice,
  distinct,
  flag,
  type Keys,
  link,
  list,
  number,
  type Rule,
  shape,
  someOf,
  text,
} from './shape.ts';

// https://docs.slack.dev/reference/block-kit/blocks

/** One kind of block; every block may carry a `block_id`. */
export function block(type: string, required: Keys, optional: Keys = {}, rule?: Rule): [string, Check] {
  return [type, shape({ type: choice(type), ...required }, { block_id: text(ID_LENGTH), ...optional }, rule)];
}

/** The elements of one block must be told apart by `action_id`. */
export const distinctActions: Rule = (object, at, into) => {
  distinct(object.elements, 'action_id', `${at}/elements`, into);
};

const secure = link(3000, ['https:']);

/** An input in a menu or box that dispatches needs nothing more; a file input cannot dispatch. */
const dispatchFits: Rule = (object, at, into) => {
  const element = isObject(object.element) ? object.element.type : undefined;
  if (object.dispatch_action !== true || element !== 'file_input') return;
  const constraint = { type: 'dispatch', expected: ['false'], got: 'true' };
  report(into, `${at}/dispatch_action`, 'invalid_value', 'file_input cannot dispatch an action', constraint);
};

/** The blocks that have been there for years, and may stand in a container. */
export const classicBlocks: readonly [string, Check][] = [
  block('actions', { elements: list(action, 25) }, {}, distinctActions),
  block('context', { elements: list(contextElement, 10) }),
  block('divider', {}),
  block('file', { source: choice('remote'), external_id: text(ID_LENGTH) }),
  block('header', { text: plainText(150) }, { level: number(1, 4) }),
  block('image', { alt_text: text(2000) }, { title: plainText(2000), ...imageSource }, oneImageSource),
  block(
    'input',
    { label: plainText(2000), element: input },
    { hint: plainText(2000), optional: flag, dispatch_action: flag },
    dispatchFits,
  ),
  ['rich_text', richText],
  block(
    'section',
    {},
    { text: anyText(3000), fields: list(anyText(2000), 10), accessory, expand: flag },
    someOf('text', 'fields'),
  ),
  block(
    'video',
    { alt_text: text(2000), title: plainText(199), video_url: secure, thumbnail_url: link(3000) },
    {
      title_url: secure,
      author_name: text(49),
      provider_name: text(ID_LENGTH),
      provider_icon_url: link(3000),
      description: plainText(200),
    },
  ),
];

/** Translated by Slack; the sum over a message is checked with the message. */
export const markdown = block('markdown', { text: text(12_000) });
