import { drawChart } from './chart.ts';
import { el, freshId } from './dom.ts';
import { drawElement, drawImage } from './elements.ts';
import { markdown } from './markdown.ts';
import { type Fields, fields, items, text } from './read.ts';
import { richText, unsupported } from './rich-text.ts';
import type { Place, Surface } from './surface.ts';
import { drawDataTable, drawTable } from './tables.ts';
import { drawText, plainText } from './text.ts';

type Draw = (block: Fields, surface: Surface, id: string) => HTMLElement;

const BLOCKS: Readonly<Record<string, Draw>> = {
  header: drawHeader,
  section: drawSection,
  context: drawContext,
  divider: () => el('hr', { class: 'divider' }),
  actions: drawActions,
  rich_text: (block, surface) => richText(block, surface.reader),
  image: drawImageBlock,
  input: drawInput,
  table: (block, surface) => drawTable(block, surface.reader),
  data_table: (block, surface) => drawDataTable(block, surface.reader),
  data_visualization: drawChart,
  container: drawContainer,
  markdown: (block) => el('div', { class: 'markdown' }, markdown(text(block.text))),
  alert: drawAlert,
  card: drawCard,
  carousel: drawCarousel,
};

/**
 * Slack's blocks, one below the other. A block that this page does not know says so. A block without a block_id
 * goes by its position after `prefix`.
 */
export function drawBlocks(blocks: unknown, surface: Surface, prefix = ''): HTMLElement[] {
  return items(blocks).map((block, at) => drawBlock(block, surface, `${prefix}${at}`));
}

function drawBlock(block: Fields, surface: Surface, position: string): HTMLElement {
  const type = text(block.type);
  const draw = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  const id = text(block.block_id) || position;
  const inside = draw === undefined ? unsupported(type) : draw(block, surface, id);
  return el(
    'div',
    { class: `block block-${draw === undefined ? 'unknown' : type}`, 'data-block': id },
    inside,
  );
}

function drawHeader(block: Fields): HTMLElement {
  const level = typeof block.level === 'number' && block.level >= 1 && block.level <= 4 ? block.level : 1;
  const attributes = { class: `heading level-${level}`, role: 'heading', 'aria-level': level + 2 };
  return el('div', attributes, plainText(block.text));
}

function drawSection(block: Fields, surface: Surface, id: string): HTMLElement {
  const words = el('div', { class: 'section-words' });
  if (block.text !== undefined) {
    words.append(el('div', { class: 'mrkdwn' }, drawText(block.text, surface.reader)));
  }
  const pairs = items(block.fields);
  if (pairs.length > 0) {
    const drawn = pairs.map((pair) => el('div', { class: 'mrkdwn' }, drawText(pair, surface.reader)));
    words.append(el('div', { class: 'section-fields' }, ...drawn));
  }
  const section = el('div', { class: 'section' }, words);
  if (block.accessory !== undefined) {
    const accessory = drawElement(fields(block.accessory), { surface, blockId: id, sends: true });
    section.append(el('div', { class: 'accessory' }, accessory));
  }
  return section;
}

function drawContext(block: Fields, surface: Surface): HTMLElement {
  const parts = items(block.elements).map((part) =>
    part.type === 'image' ? drawImage(part) : el('span', { class: 'mrkdwn' }, drawText(part, surface.reader)),
  );
  return el('div', { class: 'context' }, ...parts);
}

function drawActions(block: Fields, surface: Surface, id: string): HTMLElement {
  const place: Place = { surface, blockId: id, sends: true };
  return el(
    'div',
    { class: 'actions' },
    ...items(block.elements).map((element) => drawElement(element, place)),
  );
}

function drawImageBlock(block: Fields): HTMLElement {
  const title = plainText(block.title);
  return el('div', {}, title === '' ? null : el('div', { class: 'image-title' }, title), drawImage(block));
}

function drawInput(block: Fields, surface: Surface, id: string): HTMLElement {
  const [labelId, hintId] = [freshId(), freshId()];
  const hint = plainText(block.hint);
  const mistakeId = freshId();
  const control = drawElement(fields(block.element), {
    surface,
    blockId: id,
    sends: block.dispatch_action === true,
    labelledBy: labelId,
    describedBy: `${hint === '' ? '' : `${hintId} `}${mistakeId}`,
  });
  const label = el('div', { class: 'label' }, el('span', { id: labelId }, plainText(block.label)));
  if (block.optional === true) label.append(el('span', { class: 'optional' }, ' (optional)'));
  label.addEventListener('click', () => {
    control.querySelector<HTMLElement>('button, input')?.focus();
    if (control.matches('input, textarea')) control.focus();
  });
  return el(
    'div',
    { class: 'input' },
    label,
    control,
    el('div', { id: mistakeId, class: 'mistake', hidden: true }),
    hint === '' ? null : el('div', { id: hintId, class: 'hint' }, hint),
  );
}

function drawContainer(block: Fields, surface: Surface, id: string): HTMLElement {
  const title =
    block.title === undefined
      ? richText(fields(block.rich_text_title), surface.reader)
      : el('span', {}, plainText(block.title));
  const subtitle =
    block.subtitle === undefined
      ? null
      : el('small', { class: 'mrkdwn' }, drawText(block.subtitle, surface.reader));
  const heading = el('span', { class: 'container-title' }, title, subtitle);
  const children = items(block.child_blocks).map((child, at) => drawBlock(child, surface, `${id}.${at}`));
  const body = el('div', { class: 'container-body' }, ...children);
  if (block.is_collapsible !== true) return el('div', { class: 'container' }, heading, body);
  const open = block.default_collapsed !== true;
  return el('details', { class: 'container', open }, el('summary', {}, heading), body);
}

function drawAlert(block: Fields, surface: Surface): HTMLElement {
  const level = text(block.level) || 'default';
  const known = ['default', 'info', 'warning', 'error', 'success'].includes(level) ? level : 'default';
  return el('div', { class: `alert ${known} mrkdwn`, role: 'note' }, drawText(block.text, surface.reader));
}

function drawCard(block: Fields, surface: Surface, id: string): HTMLElement {
  const place: Place = { surface, blockId: id, sends: true };
  const line = (value: unknown, look: string) =>
    value === undefined ? null : el('div', { class: `mrkdwn ${look}` }, drawText(value, surface.reader));
  const buttons = items(block.actions).map((button) => drawElement(button, place));
  return el(
    'div',
    { class: 'card' },
    block.hero_image === undefined ? null : drawImage(fields(block.hero_image)),
    line(block.title, 'card-title'),
    line(block.subtitle, 'card-subtitle'),
    line(block.body, 'card-body'),
    buttons.length === 0 ? null : el('div', { class: 'actions' }, ...buttons),
  );
}

function drawCarousel(block: Fields, surface: Surface, id: string): HTMLElement {
  const cards = items(block.elements).map((card, at) => drawBlock(card, surface, `${id}.${at}`));
  return el('div', { class: 'carousel', tabindex: 0, role: 'region', 'aria-label': 'Cards' }, ...cards);
}
