import { isObject, type JsonObject } from '../kernel/json.ts';
import type { Block, Message } from './page-api.ts';

export type Attachment = NonNullable<Message['attachments']>[number];

/** A message with what only the Web API shows of it. */
export interface StoredMessage extends Message {
  readonly metadata?: JsonObject;
  readonly editedTs?: string;
  readonly reactions?: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly fileIds?: readonly string[];
  /** A reply that also stands in the channel. */
  readonly broadcast?: boolean;
}

/** A message before it has its place in the channel. */
export type Draft = Omit<StoredMessage, 'ts'>;

/** A `ts` as Slack writes it: seconds, a dot, six digits. */
export function stampOf(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

/** Microseconds of a `ts`; 0 when it is not one. */
export function microsOf(ts: string): number {
  const parts = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(ts);
  if (!parts) return 0;
  return Number(parts[1]) * 1_000_000 + Number((parts[2] ?? '').padEnd(6, '0'));
}

export function compareStamps(a: string, b: string): number {
  return microsOf(a) - microsOf(b);
}

/** Narrows what the checker has accepted. */
export function isBlock(value: unknown): value is Block {
  return isObject(value) && typeof value.type === 'string';
}

/** The blocks among what the checker has accepted. */
export function blocksIn(values: readonly unknown[]): Block[] {
  return values.filter(isBlock);
}

/** The attachments among what the checker has accepted. */
export function attachmentsIn(values: readonly unknown[]): Attachment[] {
  return values.filter(isAttachment);
}

/** Narrows what the checker has accepted. */
export function isAttachment(value: unknown): value is Attachment {
  if (!isObject(value)) return false;
  const { color, fallback, text, blocks } = value;
  const texts = [color, fallback, text].every((one) => one === undefined || typeof one === 'string');
  return texts && (blocks === undefined || (Array.isArray(blocks) && blocks.every(isBlock)));
}
