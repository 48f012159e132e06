import type { Answer } from '../../src/workspace/acts/act.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';

export const ALICE = 'U0ALICE01';
export const BOB = 'U0BOB00001';

interface Element {
  readonly type: string;
  readonly action_id: string;
  readonly block: string;
  readonly value: string;
  readonly label: string;
  readonly options: readonly { text: { text: string }; value: string }[];
}

type Loose = Readonly<Record<string, unknown>>;

/** Every button and menu of a message, as it stands now. */
/** An overflow menu is three dots. */
function labelOf({ type, text, placeholder }: Loose): string {
  if (type === 'overflow') return 'More';
  return String(((text ?? placeholder) as { text?: string } | undefined)?.text ?? '');
}

function elementsOf(message: StoredMessage): Element[] {
  const blocks = [
    ...(message.blocks ?? []),
    ...(message.attachments ?? []).flatMap((one) => one.blocks ?? []),
  ];
  return blocks.flatMap((block) =>
    ((block.elements ?? []) as Loose[])
      .filter((element) => typeof element.action_id === 'string')
      .map((element) => ({
        type: String(element.type),
        action_id: String(element.action_id),
        block: String(block.block_id ?? ''),
        value: String(element.value ?? ''),
        label: labelOf(element),
        options: (element.options ?? []) as Element['options'],
      })),
  );
}

export function labelsOf(message: StoredMessage): string[] {
  return elementsOf(message).map((element) => element.label);
}

/** Someone presses the button with this label, on the message as it is drawn in `message`. */
export function pressButton(
  workspace: Workspace,
  as: string,
  message: StoredMessage,
  label: string,
): Promise<Answer> {
  const element = elementsOf(message).find((one) => one.label === label);
  if (!element) throw new Error(`no button "${label}" among ${labelsOf(message).join(', ')}`);
  const { type, action_id, value, block } = element;
  return workspace.press({
    as,
    from: { message: { channel: message.channel, ts: message.ts } },
    action: { type, action_id, block_id: block, value, text: { type: 'plain_text', text: label } },
    values: {},
  });
}

/** Someone chooses an option of the menu with this label. */
export function choose(
  workspace: Workspace,
  as: string,
  message: StoredMessage,
  label: string,
  option: string,
): Promise<Answer> {
  const element = elementsOf(message).find((one) => one.label === label);
  const selected = element?.options.find((one) => one.text.text === option);
  if (!element || !selected) throw new Error(`no option "${option}" in "${label}"`);
  return workspace.press({
    as,
    from: { message: { channel: message.channel, ts: message.ts } },
    action: {
      type: element.type,
      action_id: element.action_id,
      block_id: element.block,
      selected_option: selected,
    },
    values: {},
  });
}

/** What only this person saw, oldest first. */
export function ephemerals(workspace: Workspace, person: string): StoredMessage[] {
  return workspace.messages().filter((message) => message.ephemeralTo === person);
}

/** Messages about alerts in the channels, without replies and ephemerals. */
export function alertMessages(workspace: Workspace): StoredMessage[] {
  return workspace
    .messages()
    .filter(
      (message) =>
        message.threadTs === undefined && message.ephemeralTo === undefined && message.user === 'U0TRAILBOT',
    );
}

/** All text that a reader of the message can see. */
export function textIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(textIn).join(' ');
  if (typeof value !== 'object' || value === null) return '';
  const { text, fallback, ...rest } = value as Loose;
  const own = typeof text === 'string' ? text : textIn(text);
  return [own, typeof fallback === 'string' ? fallback : '', ...Object.values(rest).map(textIn)].join(' ');
}
