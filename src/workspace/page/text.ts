import { el, fragment } from './dom.ts';
import { withEmoji } from './emoji.ts';
import { mrkdwn } from './mrkdwn.ts';
import { fields, text } from './read.ts';
import type { Reader } from './reader.ts';

/** A text object of Slack: `mrkdwn` is formatted, anything else is shown letter by letter. */
export function drawText(value: unknown, reader: Reader): DocumentFragment {
  const object = fields(value);
  if (object.type === 'mrkdwn') return mrkdwn(text(object.text), reader, object.verbatim === true);
  return fragment(plainText(value));
}

/** The letters of a plain_text object; `:names:` become emoji unless `emoji` is false. */
export function plainText(value: unknown): string {
  const object = fields(value);
  return object.emoji === false ? text(object.text) : withEmoji(text(object.text));
}

/** The letters that a reader would see of a mrkdwn text: for labels and screen readers. */
export function spoken(source: string, reader: Reader): string {
  return el('div', {}, mrkdwn(source, reader)).textContent.replace(/\s+/g, ' ').trim();
}
