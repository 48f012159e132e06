import { isObject, type Json, type JsonObject } from '../kernel/json.ts';

/** One element that a person can act on, with the block it stands in. */
export interface Placed {
  readonly block: JsonObject;
  readonly element: JsonObject;
}

/** Elements of a context block have no `action_id`. */
const PASSIVE = new Set(['image', 'mrkdwn', 'plain_text']);

/** Every interactive element of a list of blocks, those inside containers and carousels too. */
export function placedElements(blocks: readonly unknown[]): Placed[] {
  return blocks.filter(isObject).flatMap((block) => {
    const nested = [block.child_blocks, block.type === 'carousel' ? block.elements : undefined];
    const own = [block.element, block.accessory, ...listOf(block.actions)];
    if (block.type === 'actions' || block.type === 'context_actions') own.push(...listOf(block.elements));
    const placed = own
      .filter(isObject)
      .filter((element) => typeof element.type === 'string' && !PASSIVE.has(element.type))
      .map((element) => ({ block, element }));
    return [...placed, ...nested.flatMap((inner) => placedElements(listOf(inner)))];
  });
}

/**
 * A copy in which every block has a `block_id` and every interactive element an `action_id`: Slack makes them
 * up where the app gave none, and interactions carry them. `prefix` keeps the made-up ids of several lists apart.
 */
export function identify(blocks: readonly Json[], prefix = 'b'): Json[] {
  const copy = structuredClone([...blocks]);
  const taken = new Set(copy.map((block) => (isObject(block) ? block.block_id : undefined)));
  let count = 0;
  const fresh = (): string => {
    count += 1;
    const id = `${prefix}${count.toString(36)}`;
    return taken.has(id) ? fresh() : id;
  };
  const name = (block: Json | undefined): void => {
    if (!isObject(block)) return;
    block.block_id ??= fresh();
    listOf(block.child_blocks).forEach(name);
    if (block.type === 'carousel') listOf(block.elements).forEach(name);
  };
  copy.forEach(name);
  for (const [index, { element }] of placedElements(copy).entries()) element.action_id ??= `a${index + 1}`;
  return copy;
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
