import { block, classicBlocks, distinctActions } from './blocks.ts';
import { button, contextAction } from './elements.ts';
import { type Check, report } from './inspection.ts';
import { anyText, ID_LENGTH, imageElement, mrkdwn, plainText } from './objects.ts';
import { richText } from './rich-text.ts';
import { byType, choice, distinct, flag, link, list, type Rule, shape, someOf, text } from './shape.ts';
import { table } from './tables.ts';

// The blocks that came since 2025, roll-out still under way in places.

const actionsDistinct: Rule = (object, at, into) => {
  someOf('hero_image', 'title', 'actions', 'body')(object, at, into);
  distinct(object.actions, 'action_id', `${at}/actions`, into);
};

const card = block(
  'card',
  {},
  {
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwn(150),
    subtitle: mrkdwn(150),
    body: mrkdwn(200),
    actions: list(byType(new Map([button])), 2),
  },
  actionsDistinct,
);

const url = shape({ type: choice('url'), url: link(3000), text: text(ID_LENGTH) });

const taskCard = block(
  'task_card',
  {
    task_id: text(ID_LENGTH),
    title: text(ID_LENGTH),
    status: choice('pending', 'in_progress', 'complete', 'error'),
  },
  { details: richText, output: richText, sources: list(url, 100) },
);

const titled: Rule = (object, at, into) => {
  someOf('title', 'rich_text_title')(object, at, into);
  if (object.default_collapsed !== true || object.is_collapsible === true) return;
  const constraint = { type: 'depends', expected: ['is_collapsible: true'], got: 'is_collapsible missing' };
  const message = 'default_collapsed requires is_collapsible';
  report(into, `${at}/default_collapsed`, 'invalid_value', message, constraint);
};

const container = block(
  'container',
  { child_blocks: list(byType(new Map([...classicBlocks, table])), 10) },
  {
    title: plainText(150),
    rich_text_title: richText,
    subtitle: anyText(150),
    icon: imageElement,
    width: choice('narrow', 'standard', 'wide', 'full'),
    is_collapsible: flag,
    default_collapsed: flag,
    has_header_divider: flag,
  },
  titled,
);

export const newerBlocks: readonly [string, Check][] = [
  block(
    'alert',
    { text: anyText(3000) },
    { level: choice('default', 'info', 'warning', 'error', 'success') },
  ),
  card,
  block('carousel', { elements: list(byType(new Map([card])), 10) }),
  container,
  block('context_actions', { elements: list(contextAction, 5) }, {}, distinctActions),
  taskCard,
  block('plan', { title: text(ID_LENGTH) }, { tasks: list(byType(new Map([taskCard])), 50) }),
];
