import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject, type Json } from '../../src/kernel/json.ts';
import { checkMessage } from '../../src/workspace/limits/message.ts';
import { checkView } from '../../src/workspace/limits/view.ts';

const KEYS = [
  'type',
  'text',
  'elements',
  'element',
  'accessory',
  'fields',
  'blocks',
  'block_id',
  'action_id',
  'options',
  'option_groups',
  'initial_option',
  'initial_options',
  'label',
  'title',
  'rows',
  'chart',
  'series',
  'data',
  'axis_config',
  'categories',
  'segments',
  'child_blocks',
  'actions',
  'url',
  'image_url',
  'slack_file',
  'value',
  'confirm',
  'filter',
  'style',
  'tasks',
  'caption',
  'column_settings',
  '__proto__',
  'constructor',
];
const TYPES = [
  'actions',
  'alert',
  'card',
  'carousel',
  'container',
  'context',
  'context_actions',
  'data_table',
  'data_visualization',
  'divider',
  'header',
  'image',
  'input',
  'markdown',
  'plan',
  'rich_text',
  'section',
  'table',
  'task_card',
  'video',
  'button',
  'static_select',
  'multi_static_select',
  'checkboxes',
  'overflow',
  'plain_text',
  'mrkdwn',
  'raw_text',
  'raw_number',
  'rich_text_section',
  'rich_text_list',
  'text',
  'link',
  'pie',
  'bar',
  'modal',
  'home',
  'toString',
];

/** JSON that looks enough like Block Kit to get deep into the checker. */
const { node } = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, -1, 1e308, '', 'x', 'https://a.example', 'x'.repeat(3001)),
    fc.constantFrom<Json>(...TYPES),
    fc.array(tie('node'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('node')), { maxLength: 6 })
      .map((entries): Json => Object.fromEntries(entries)),
    fc
      .tuple(
        fc.constantFrom(...TYPES),
        fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('node')), { maxLength: 6 }),
      )
      .map(([type, entries]): Json => ({ ...Object.fromEntries(entries), type })),
  ),
}));

test('whatever is sent as a message or view, the checker answers with pointers into it', () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 5 }), node, (blocks, view) => {
      const found = [...checkMessage({ blocks, attachments: [{ blocks }] }), ...checkView(view, '/view')];
      for (const one of found) {
        expect(one.pointer).toMatch(/^\/(blocks|attachments|view)/);
        expect(one.message).not.toBe('');
        expect(resolves({ blocks, attachments: [{ blocks }], view }, one.pointer)).toBe(true);
      }
    }),
    { numRuns: 1500 },
  );
});

test('JSON that has nothing to do with Block Kit is refused, not crashed on', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (blocks, attachments) => {
      const message = JSON.parse(JSON.stringify({ blocks, attachments }));
      checkMessage(message);
      expect(Array.isArray(checkView(message.blocks, '/view'))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

/** Whether the pointer leads to a place of the payload. */
function resolves(payload: Json, pointer: string): boolean {
  let place: Json | undefined = payload;
  for (const key of pointer.slice(1).split('/')) {
    if (Array.isArray(place)) place = place[Number(key)];
    else if (isObject(place) && Object.hasOwn(place, key)) place = place[key];
    else return false;
  }
  return place !== undefined;
}
