import { expect } from 'vitest';

type Node = Readonly<Record<string, unknown>>;

/** Every object inside a message or view, however deep. */
export function nodes(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodes);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Node;
  return [node, ...Object.values(node).flatMap(nodes)];
}

/** What a person reads in it, in order. */
export function visible(message: unknown): string {
  return nodes(message)
    .map((node) => (typeof node.text === 'string' && node.type !== undefined ? node.text : ''))
    .filter((text) => text !== '')
    .join('|');
}

/** The controls, as `label → value`. */
export function controls(message: unknown): string[] {
  return nodes(message)
    .filter((node) => node.action_id !== undefined)
    .map((node) => {
      const label = (node.text ?? node.placeholder ?? { text: 'More' }) as { text: string };
      const values = [node.value, ...((node.options as { value: string }[]) ?? []).map((one) => one.value)];
      return `${label.text} → ${values.filter((one) => one !== undefined).join(' ')}`;
    });
}

/** The strings that Slack reads as markup. */
export function markupOf(message: unknown): string[] {
  return nodes(message)
    .filter((node) => node.type === 'mrkdwn' || node.type === 'markdown')
    .map((node) => String(node.text));
}

/** Fails where Slack would refuse the message, or cut it. Limits: Slack, "Block Kit reference". */
export function expectInsideLimits(message: {
  text: string;
  blocks: unknown[];
  attachments?: unknown[];
}): void {
  const all = nodes([message.blocks, message.attachments ?? []]);
  const total = all.reduce((sum, node) => sum + (typeof node.text === 'string' ? node.text.length : 0), 0);
  expect(total).toBeLessThanOrEqual(11_000);
  expect(message.blocks.length).toBeLessThanOrEqual(50);
  expect(message.text.length).toBeGreaterThan(0);
  for (const node of all) {
    const size = typeof node.text === 'string' ? node.text.length : undefined;
    if (size !== undefined && node.type !== undefined) expect(size, JSON.stringify(node)).toBeGreaterThan(0);
    if (node.type === 'header') expect((node.text as { text: string }).text.length).toBeLessThanOrEqual(150);
    if (node.type === 'mrkdwn') expect(size).toBeLessThanOrEqual(3000);
    if (node.type === 'actions') expect((node.elements as unknown[]).length).toBeLessThanOrEqual(5);
    if (node.type === 'context') expect((node.elements as unknown[]).length).toBeLessThanOrEqual(10);
    if (node.type === 'table') expect(JSON.stringify(node).length).toBeLessThanOrEqual(10_000);
    if (node.type === 'button') expect((node.text as { text: string }).text.length).toBeLessThanOrEqual(75);
    if (typeof node.value === 'string') expect(node.value.length).toBeLessThanOrEqual(75);
    if (typeof node.block_id === 'string') expect(node.block_id.length).toBeLessThanOrEqual(255);
  }
  const ids = all.map((node) => node.block_id).filter((id) => id !== undefined);
  expect(new Set(ids).size).toBe(ids.length);
}
