import type { Channel, Person } from '../page-api.ts';
import type { TimeStyle } from './dates.ts';

/** The person in front of the page: whom ids stand for, and how they see time. */
export interface Reader {
  /** User id. */
  readonly me: string;
  person(id: string): Person | undefined;
  channel(id: string): Channel | undefined;
  timeStyle(): TimeStyle;
}

/** What a person is called in a message. */
export function personName(reader: Reader, id: string): string {
  const person = reader.person(id);
  return person?.realName || person?.name || id;
}

/** `#security-alerts`, or the other side's name in a direct message. */
export function channelName(reader: Reader, channel: Channel): string {
  return channel.kind === 'im' ? personName(reader, channel.name) : channel.name;
}
