import type { Conversation } from '../channels.ts';
import { canSee } from '../channels.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../deliver.ts';
import { Denied } from '../denied.ts';
import type { Person } from '../page-api.ts';
import { BOT, findPerson } from '../people.ts';

/** How it went: fine, or in words for the person who did it. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly error: string };

/** The person who acts; the bot cannot be played. */
export function neededPerson(id: string): Person {
  const person = findPerson(id);
  if (!person || person.isBot) throw new Denied('There is no such person here.');
  return person;
}

/** A conversation that the person is in. */
export function neededConversation(core: Core, person: Person, id: string): Conversation {
  const found = core.channels.byId(id);
  if (!found || !canSee(found, person.id)) throw new Denied('There is no such channel here.');
  return found;
}

/** Slack's name for what went wrong with a delivery; `undefined` when the app has taken it. */
export function failureCode(outcome: Outcome): string | undefined {
  if (outcome.kind === 'timeout') return 'operation_timeout';
  if (outcome.kind === 'unreachable') return 'dispatch_failed';
  if (outcome.status >= 200 && outcome.status < 300) return undefined;
  return outcome.status >= 500 ? 'http_service_error' : 'http_client_error';
}

/** Tells the person, and nobody else, in Slack's words. */
export function fail(core: Core, to: string, channel: string, text: string): Answer {
  core.changes.publish({ kind: 'failure', failure: { to, channel, text } });
  return { ok: false, error: text };
}

/** When a button, menu or shortcut did not get through. */
export function notResponding(code: string): string {
  return `${BOT.realName} is not responding. Try again later. (${code})`;
}
