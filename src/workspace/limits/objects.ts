import type { Check } from './inspection.ts';
import { byType, choice, flag, link, list, oneOf, shape, someOf, text, WEB_SCHEMES } from './shape.ts';

// Composition objects: https://docs.slack.dev/reference/block-kit/composition-objects

/** Longest `action_id`, `block_id`, `callback_id`. */
export const ID_LENGTH = 255;

/** `{type: "plain_text"}`; only this text object may carry `emoji`. */
export function plainText(max: number, min = 1): Check {
  return shape({ type: choice('plain_text'), text: text(max, min) }, { emoji: flag });
}

/** `{type: "mrkdwn"}`; only this text object may carry `verbatim`. */
export function mrkdwn(max: number): Check {
  return shape({ type: choice('mrkdwn'), text: text(max) }, { verbatim: flag });
}

/** The kinds of text object, by type. */
export function textKinds(max: number): [string, Check][] {
  return [
    ['plain_text', plainText(max)],
    ['mrkdwn', mrkdwn(max)],
  ];
}

export function anyText(max: number): Check {
  return byType(new Map(textKinds(max)));
}

export const placeholder = plainText(150);
export const colourScheme = choice('primary', 'danger');

export const confirm = shape(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: colourScheme },
);

const OPTION_TEXT = 75;
// Slack's own sources differ (75 or 150); the lower one holds on both.
const OPTION_VALUE = 75;

/** One choice of a select menu. */
export const option = shape(
  { text: plainText(OPTION_TEXT), value: text(OPTION_VALUE) },
  { description: plainText(OPTION_TEXT) },
);

/** Radio buttons and check boxes may be written in mrkdwn. */
export const boxOption = shape(
  { text: anyText(OPTION_TEXT), value: text(OPTION_VALUE) },
  { description: anyText(OPTION_TEXT) },
);

/** Only overflow menus may link. */
export const overflowOption = shape(
  { text: plainText(OPTION_TEXT), value: text(OPTION_VALUE) },
  { description: plainText(OPTION_TEXT), url: link(3000) },
);

export const optionGroup = shape({ label: plainText(75), options: list(option, 100) });

const conversationKind = choice('im', 'mpim', 'private', 'public');

export const conversationFilter = shape(
  {},
  { include: list(conversationKind, 4), exclude_external_shared_channels: flag, exclude_bot_users: flag },
  someOf('include', 'exclude_external_shared_channels', 'exclude_bot_users'),
);

export const dispatchConfig = shape(
  {},
  { trigger_actions_on: list(choice('on_enter_pressed', 'on_character_entered'), 2) },
);

const slackFile = shape(
  {},
  { id: text(ID_LENGTH), url: link(3000, WEB_SCHEMES) },
  oneOf(['id', 'url'], true),
);

/** The two ways to name a picture; exactly one must be used. */
export const imageSource = { image_url: link(3000, WEB_SCHEMES), slack_file: slackFile };
export const oneImageSource = oneOf(['image_url', 'slack_file'], true);

export const imageElement = shape(
  { type: choice('image'), alt_text: text(2000) },
  imageSource,
  oneImageSource,
);
