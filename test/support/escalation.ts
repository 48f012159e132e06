import type { StoredMessage } from '../../src/workspace/message.ts';
import type { Bot } from './bot.ts';
import { fakeClock } from './clock.ts';
import { directMessages, threadOf, withAlert } from './operating.ts';
import { ALICE, BOB, textIn } from './people.ts';

export const CARLA = 'U0CARLA001';

/** Alice, five minutes later Bob, five minutes later Carla. */
export const steps = (over = '') => `
escalations:
  security:
    steps:
      - { page: [${ALICE}], wait: 5m }
      - { page: [${BOB}], wait: 5m${over} }
      - { page: [${CARLA}], wait: 5m }
routes: { escalation: security, repeat: never }
`;

/** How many alerts each was paged of: Alice, Bob, Carla. */
export const pages = (bot: Bot): number[] =>
  [ALICE, BOB, CARLA].map((one) => directMessages(bot, one).length);

/** What was said in the alert's thread, each as one text. */
export const thread = (bot: Bot): string[] =>
  threadOf(bot).map((one) => textIn(one.blocks).replace(/\s+/g, ' ').trim());

/** A bot whose alert pages by this configuration. */
export const bellOf = (yaml = steps()) => withAlert({ clock: fakeClock(), yaml });

/** The latest direct message to a person. */
export function page(bot: Bot, person: string): StoredMessage {
  const message = directMessages(bot, person).at(-1);
  if (!message) throw new Error(`${person} was not paged`);
  return message;
}
