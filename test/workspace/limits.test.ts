import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/kernel/json.ts';
import { blocksTooLong, checkMessage } from '../../src/workspace/limits/message.ts';
import { checkView } from '../../src/workspace/limits/view.ts';

const FOLDER = new URL('./messages/', import.meta.url);

const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
const mrkdwn = (text: string): JsonObject => ({ type: 'mrkdwn', text });
const option = (value: string): JsonObject => ({ text: plain(value), value });
const button = (action: string, more: JsonObject = {}): JsonObject => ({
  type: 'button',
  action_id: action,
  text: plain('Press'),
  ...more,
});
const actions = (...elements: Json[]): JsonObject => ({ type: 'actions', elements });
const input = (element: JsonObject): JsonObject => ({ type: 'input', label: plain('Label'), element });
const rich = (...elements: Json[]): JsonObject => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const cell = (text: string): JsonObject => ({ type: 'raw_text', text });
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const chart = (more: JsonObject = {}): JsonObject => ({
  type: 'data_visualization',
  title: 'Calls',
  chart: {
    type: 'bar',
    series: [{ name: 'all', data: [{ label: 'Mon', value: 1 }] }],
    axis_config: { categories: ['Mon'] },
    ...more,
  },
});
const card: JsonObject = { type: 'card', title: mrkdwn('Title') };
const container = (...children: Json[]): JsonObject => ({
  type: 'container',
  title: plain('More'),
  child_blocks: children,
});

/** One of every kind that a message takes. */
const EVERY_BLOCK: JsonObject[] = [
  actions(
    button('a', { style: 'primary', url: 'https://a.example', confirm: { text: mrkdwn('Sure?') } }),
    { type: 'overflow', action_id: 'b', options: [{ ...option('x'), url: 'https://a.example' }] },
    { type: 'datepicker', action_id: 'c', initial_date: '2026-11-20' },
    { type: 'timepicker', action_id: 'd', initial_time: '09:00' },
    { type: 'datetimepicker', action_id: 'e', initial_date_time: 1_795_165_200 },
    { type: 'users_select', action_id: 'f', initial_user: 'U0ALICE01' },
    { type: 'conversations_select', action_id: 'g', filter: { include: ['im'] } },
    { type: 'channels_select', action_id: 'h' },
    { type: 'external_select', action_id: 'i', min_query_length: 3 },
    { type: 'multi_static_select', action_id: 'j', options: [option('x')], initial_options: [option('x')] },
    { type: 'checkboxes', action_id: 'k', options: [{ text: mrkdwn('*x*'), value: 'x' }] },
    { type: 'radio_buttons', action_id: 'l', options: [option('x')], initial_option: option('x') },
    { type: 'rich_text_input', action_id: 'm' },
    { type: 'workflow_button', text: plain('Run'), workflow: { trigger: { url: 'https://a.example' } } },
  ),
  { type: 'context', elements: [mrkdwn('*a*'), plain('b'), image('https://a.example/i.png')] },
  {
    type: 'context_actions',
    elements: [
      {
        type: 'feedback_buttons',
        positive_button: { text: plain('Good'), value: '+' },
        negative_button: { text: plain('Bad'), value: '-' },
      },
      { type: 'icon_button', icon: 'trash', text: plain('Delete') },
    ],
  },
  { type: 'divider' },
  { type: 'file', source: 'remote', external_id: 'x' },
  { type: 'header', text: plain('Header'), level: 2 },
  image('https://a.example/i.png'),
  input({ type: 'plain_text_input', multiline: true, min_length: 1, max_length: 10 }),
  { type: 'markdown', text: '**bold**' },
  rich(
    { type: 'text', text: 'x', style: { bold: true, code: true } },
    { type: 'link', url: 'https://a.example', text: 'x' },
    { type: 'user', user_id: 'U0ALICE01' },
    { type: 'usergroup', usergroup_id: 'S0ONCALL01' },
    { type: 'channel', channel_id: 'C0SECURITY' },
    { type: 'team', team_id: 'T0LOCAL001' },
    { type: 'emoji', name: 'wave' },
    { type: 'broadcast', range: 'here' },
    { type: 'color', value: '#a30200' },
    { type: 'date', timestamp: 1_795_165_200, format: '{date}', fallback: 'x' },
  ),
  {
    type: 'section',
    text: mrkdwn('x'),
    fields: [plain('y')],
    accessory: { type: 'static_select', options: [option('x')] },
  },
  {
    type: 'table',
    rows: [[cell('a'), rich({ type: 'text', text: 'b' })]],
    column_settings: [null, { align: 'right' }],
  },
  chart(),
  { ...card, actions: [button('z')] },
  { type: 'carousel', elements: [card] },
  container({ type: 'divider' }, { type: 'header', text: plain('Inside') }),
  {
    type: 'task_card',
    task_id: '1',
    title: 'x',
    status: 'complete',
    details: rich({ type: 'text', text: 'x' }),
  },
  { type: 'plan', title: 'x', tasks: [{ type: 'task_card', task_id: '1', title: 'x', status: 'pending' }] },
  {
    type: 'video',
    alt_text: 'x',
    title: plain('x'),
    video_url: 'https://a.example/v',
    thumbnail_url: 'https://a.example/t.png',
  },
];

function image(url: string): JsonObject {
  return { type: 'image', image_url: url, alt_text: 'x' };
}

/** What the message checker says, as `code pointer`. */
function said(...blocks: Json[]): string[] {
  return checkMessage({ blocks }).map((one) => `${one.code} ${one.pointer}`);
}

describe('the Block Kit checker takes', () => {
  test.each(readdirSync(FOLDER))('the design of %s', (name) => {
    const message = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
    expect(checkMessage(message)).toEqual([]);
    expect(blocksTooLong(message)).toBe(false);
  });

  test.each(EVERY_BLOCK.map((block) => [String(block.type), block]))('a well-made %s block', (_, block) => {
    expect(said(block)).toEqual([]);
  });

  test('a data_table with its header row', () => {
    const rows = [
      [cell('Name'), cell('Calls')],
      [cell('alice'), { type: 'raw_number', value: 3, text: '3' }],
    ];
    expect(said({ type: 'data_table', caption: 'Calls', rows, page_size: 10 })).toEqual([]);
  });

  test('a modal with every kind of input, and a warning', () => {
    const kinds = ['plain_text_input', 'email_text_input', 'url_text_input', 'file_input', 'datepicker'];
    const view = {
      type: 'modal',
      title: plain('Ask'),
      submit: plain('Send'),
      private_metadata: '',
      blocks: [
        { type: 'alert', text: plain('Careful'), level: 'warning' },
        ...kinds.map((type) => input({ type })),
        input({ type: 'number_input', is_decimal_allowed: false, min_value: '1' }),
      ],
    };
    expect(checkView(view, '/view')).toEqual([]);
  });
});

describe('the Block Kit checker refuses', () => {
  const cases: [what: string, blocks: Json[], expected: string][] = [
    ['an unknown block', [{ type: 'sections' }], 'unsupported_type /blocks/0/type'],
    ['a type out of every object', [{ type: 'constructor' }], 'unsupported_type /blocks/0/type'],
    ['a block without type', [{}], 'missing_field /blocks/0'],
    ['what is no object', ['divider'], 'invalid_type /blocks/0'],
    ['an unknown key', [{ type: 'divider', color: 'red' }], 'additional_property /blocks/0'],
    ['a missing key', [{ type: 'header' }], 'missing_field /blocks/0'],
    ['51 blocks', many(51, () => ({ type: 'divider' })), 'too_many_items /blocks'],
    ['empty text', [{ type: 'header', text: plain('') }], 'too_short /blocks/0/text/text'],
    [
      'a header of 151 characters',
      [{ type: 'header', text: plain('x'.repeat(151)) }],
      'too_long /blocks/0/text/text',
    ],
    ['mrkdwn in a header', [{ type: 'header', text: mrkdwn('x') }], 'invalid_value /blocks/0/text/type'],
    [
      'a section of 3,001 characters',
      [{ type: 'section', text: plain('x'.repeat(3001)) }],
      'too_long /blocks/0/text/text',
    ],
    ['a section without content', [{ type: 'section' }], 'missing_field /blocks/0'],
    [
      'eleven fields',
      [{ type: 'section', fields: many(11, () => plain('x')) }],
      'too_many_items /blocks/0/fields',
    ],
    [
      'a field of 2,001 characters',
      [{ type: 'section', fields: [plain('x'.repeat(2001))] }],
      'too_long /blocks/0/fields/0/text',
    ],
    [
      'emoji in mrkdwn',
      [{ type: 'section', text: { ...mrkdwn('x'), emoji: true } }],
      'additional_property /blocks/0/text',
    ],
    [
      'verbatim in plain_text',
      [{ type: 'section', text: { ...plain('x'), verbatim: true } }],
      'additional_property /blocks/0/text',
    ],
    [
      'an emoji flag that is text',
      [{ type: 'section', text: { ...plain('x'), emoji: 'true' } }],
      'invalid_type /blocks/0/text/emoji',
    ],
    [
      'a text input beside a section',
      [{ type: 'section', text: plain('x'), accessory: { type: 'plain_text_input' } }],
      'unsupported_type /blocks/0/accessory/type',
    ],
    ['26 buttons', [actions(...many(26, (i) => button(`b${i}`)))], 'too_many_items /blocks/0/elements'],
    ['an empty actions block', [actions()], 'too_few_items /blocks/0/elements'],
    ['text in an actions block', [actions(plain('x'))], 'unsupported_type /blocks/0/elements/0/type'],
    [
      'the same action_id twice in a block',
      [actions(button('a'), button('a'))],
      'duplicate /blocks/0/elements/1/action_id',
    ],
    [
      'the same block_id twice',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
      'duplicate /blocks/1/block_id',
    ],
    [
      'an action_id of 256 characters',
      [actions(button('x'.repeat(256)))],
      'too_long /blocks/0/elements/0/action_id',
    ],
    [
      'a button of 76 characters',
      [actions(button('a', { text: plain('x'.repeat(76)) }))],
      'too_long /blocks/0/elements/0/text/text',
    ],
    [
      'a value of 2,001 characters',
      [actions(button('a', { value: 'x'.repeat(2001) }))],
      'too_long /blocks/0/elements/0/value',
    ],
    [
      'an unknown style',
      [actions(button('a', { style: 'green' }))],
      'invalid_value /blocks/0/elements/0/style',
    ],
    [
      'a script behind a button',
      [actions(button('a', { url: 'javascript:alert(1)' }))],
      'invalid_url /blocks/0/elements/0/url',
    ],
    ['a relative link', [actions(button('a', { url: '/a' }))], 'invalid_url /blocks/0/elements/0/url'],
    [
      'six options in an overflow menu',
      [actions({ type: 'overflow', options: many(6, (i) => option(`${i}`)) })],
      'too_many_items /blocks/0/elements/0/options',
    ],
    [
      '101 options',
      [actions({ type: 'static_select', options: many(101, (i) => option(`${i}`)) })],
      'too_many_items /blocks/0/elements/0/options',
    ],
    [
      'options and groups together',
      [
        actions({
          type: 'static_select',
          options: [option('x')],
          option_groups: [{ label: plain('g'), options: [option('y')] }],
        }),
      ],
      'one_of /blocks/0/elements/0',
    ],
    [
      'an option of 76 characters',
      [actions({ type: 'static_select', options: [option('x'.repeat(76))] })],
      'too_long /blocks/0/elements/0/options/0/text/text',
    ],
    [
      'a link in a select menu',
      [actions({ type: 'static_select', options: [{ ...option('x'), url: 'https://a.example' }] })],
      'additional_property /blocks/0/elements/0/options/0',
    ],
    [
      'a first choice that is no choice',
      [actions({ type: 'radio_buttons', options: [option('x')], initial_option: option('y') })],
      'invalid_initial_option /blocks/0/elements/0',
    ],
    [
      'eleven boxes',
      [actions({ type: 'checkboxes', options: many(11, (i) => option(`${i}`)) })],
      'too_many_items /blocks/0/elements/0/options',
    ],
    [
      'a date that is none',
      [actions({ type: 'datepicker', initial_date: '20.11.2026' })],
      'invalid_format /blocks/0/elements/0/initial_date',
    ],
    [
      'a placeholder of 151 characters',
      [actions({ type: 'users_select', placeholder: plain('x'.repeat(151)) })],
      'too_long /blocks/0/elements/0/placeholder/text',
    ],
    [
      'a question of 301 characters',
      [actions(button('a', { confirm: { text: plain('x'.repeat(301)) } }))],
      'too_long /blocks/0/elements/0/confirm/text/text',
    ],
    [
      'a button in a context block',
      [{ type: 'context', elements: [button('a')] }],
      'unsupported_type /blocks/0/elements/0/type',
    ],
    [
      'eleven context elements',
      [{ type: 'context', elements: many(11, () => plain('x')) }],
      'too_many_items /blocks/0/elements',
    ],
    [
      'an image without description',
      [{ type: 'image', image_url: 'https://a.example' }],
      'missing_field /blocks/0',
    ],
    [
      'an image from two places',
      [{ ...image('https://a.example'), slack_file: { id: 'F1' } }],
      'one_of /blocks/0',
    ],
    ['an image out of data', [image('data:image/png;base64,AAAA')], 'invalid_url /blocks/0/image_url'],
    [
      'a file upload outside modals',
      [input({ type: 'file_input' })],
      'unsupported_surface /blocks/0/element',
    ],
    [
      'lengths in the wrong order',
      [input({ type: 'plain_text_input', min_length: 9, max_length: 3 })],
      'out_of_range /blocks/0/element/min_length',
    ],
    [
      'an unknown rich text leaf',
      [rich({ type: 'mrkdwn', text: 'x' })],
      'unsupported_type /blocks/0/elements/0/elements/0/type',
    ],
    [
      'rich text without its section',
      [{ type: 'rich_text', elements: [{ type: 'text', text: 'x' }] }],
      'unsupported_type /blocks/0/elements/0/type',
    ],
    [
      'an empty rich text leaf',
      [rich({ type: 'text', text: '' })],
      'too_short /blocks/0/elements/0/elements/0/text',
    ],
    [
      'a mention in preformatted text',
      [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }],
        },
      ],
      'unsupported_type /blocks/0/elements/0/elements/0/type',
    ],
    ['an alert in a message', [{ type: 'alert', text: plain('x') }], 'unsupported_surface /blocks/0/type'],
    ['101 rows', [{ type: 'table', rows: many(101, () => [cell('x')]) }], 'too_many_items /blocks/0/rows'],
    ['21 columns', [{ type: 'table', rows: [many(21, () => cell('x'))] }], 'too_many_items /blocks/0/rows/0'],
    [
      '10,001 characters in a table',
      [{ type: 'table', rows: many(2, () => [cell('x'.repeat(5001))]) }],
      'too_long /blocks/0/rows',
    ],
    ['an empty cell', [{ type: 'table', rows: [[cell('')]] }], 'too_short /blocks/0/rows/0/0/text'],
    ['two tables', many(2, () => ({ type: 'table', rows: [[cell('x')]] })), 'too_many_blocks /blocks/1'],
    [
      'a data_table without rows under its header',
      [{ type: 'data_table', caption: 'x', rows: [[cell('a')]] }],
      'too_few_items /blocks/0/rows',
    ],
    [
      'a data_table row of another width',
      [{ type: 'data_table', caption: 'x', rows: [[cell('a')], [cell('b'), cell('c')]] }],
      'row_width /blocks/0/rows/1',
    ],
    ['three charts', many(3, () => chart()), 'too_many_blocks /blocks/2'],
    [
      'a series without its points',
      [chart({ axis_config: { categories: ['Mon', 'Tue'] } })],
      'points_mismatch /blocks/0/chart/series/0/data',
    ],
    [
      'a slice of nothing',
      [
        {
          type: 'data_visualization',
          title: 'x',
          chart: { type: 'pie', segments: [{ label: 'a', value: 0 }] },
        },
      ],
      'out_of_range /blocks/0/chart/segments/0/value',
    ],
    [
      'seven series',
      [chart({ series: many(7, (i) => ({ name: `s${i}`, data: [{ label: 'Mon', value: 1 }] })) })],
      'too_many_items /blocks/0/chart/series',
    ],
    [
      'a container in a container',
      [container(container({ type: 'divider' }))],
      'unsupported_type /blocks/0/child_blocks/0/type',
    ],
    [
      'eleven children',
      [container(...many(11, () => ({ type: 'divider' })))],
      'too_many_items /blocks/0/child_blocks',
    ],
    [
      'a container without title',
      [{ type: 'container', child_blocks: [{ type: 'divider' }] }],
      'missing_field /blocks/0',
    ],
    ['a card of nothing', [{ type: 'card' }], 'missing_field /blocks/0'],
    [
      'three buttons on a card',
      [{ ...card, actions: many(3, (i) => button(`b${i}`)) }],
      'too_many_items /blocks/0/actions',
    ],
    [
      '12,001 characters of markdown in two blocks',
      [
        { type: 'markdown', text: 'x'.repeat(6001) },
        { type: 'markdown', text: 'x'.repeat(6001) },
      ],
      'too_long /blocks/1/text',
    ],
  ];

  test.each(cases)('%s', (_, blocks, expected) => {
    expect(said(...blocks)).toContain(expected);
  });

  test('blocks in an attachment, with the pointer to it, and colours that are none', () => {
    const attachments = [{ color: 'reddish', blocks: [{ type: 'divider' }, { type: 'nope' }] }];
    expect(checkMessage({ attachments }).map((one) => `${one.code} ${one.pointer}`)).toEqual([
      'invalid_format /attachments/0/color',
      'unsupported_type /attachments/0/blocks/1/type',
    ]);
  });

  test('modals without title, with input but no submit, and titles of 25 characters', () => {
    const blocks = [input({ type: 'plain_text_input', focus_on_load: true })];
    const found = (view: JsonObject) => checkView(view, '/view').map((one) => `${one.code} ${one.pointer}`);
    expect(found({ type: 'modal', blocks: [] })).toEqual(['missing_field /view']);
    expect(found({ type: 'modal', title: plain('x'), blocks })).toEqual(['missing_field /view']);
    expect(found({ type: 'modal', title: plain('x'.repeat(25)), blocks: [] })).toEqual([
      'too_long /view/title/text',
    ]);
    expect(found({ type: 'home', blocks: [{ type: 'table', rows: [[cell('x')]] }] })).toEqual([
      'unsupported_surface /view/blocks/0/type',
    ]);
    expect(found({ type: 'home', blocks: [...blocks, ...blocks] })).toEqual(['duplicate /view/blocks']);
    expect(
      found({ type: 'modal', title: plain('x'), blocks: many(101, () => ({ type: 'divider' })) }),
    ).toEqual(['too_many_items /view/blocks']);
  });

  test('with what was expected and what was there', () => {
    expect(checkMessage({ blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] })).toEqual([
      {
        pointer: '/blocks/0/text/text',
        code: 'too_long',
        message: 'must be less than 151 characters',
        constraint: { type: 'max_length', expected: ['150'], got: '151' },
      },
    ]);
  });

  test('more than 13,200 characters of block text', () => {
    const blocks = (size: number) => [
      ...many(4, () => ({ type: 'section', text: plain('x'.repeat(3000)) })),
      { type: 'section', text: plain('x'.repeat(size)) },
    ];
    expect(blocksTooLong({ blocks: blocks(1200) })).toBe(false);
    expect(blocksTooLong({ blocks: blocks(1201) })).toBe(true);
  });
});

test('a message of the checker never grows without bound', () => {
  const blocks = many(50, () => actions(...many(25, () => ({ type: 'x'.repeat(10_000) }))));
  const found = checkMessage({ blocks });
  expect(found.length).toBeLessThanOrEqual(100);
  expect(JSON.stringify(found.filter(isObject)).length).toBeLessThan(200_000);
});
