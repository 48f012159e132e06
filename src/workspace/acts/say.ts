import { isObject } from '../../kernel/json.ts';
import type { Args } from '../args.ts';
import { readJson } from '../args.ts';
import type { Conversation } from '../channels.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../deliver.ts';
import { Denied } from '../denied.ts';
import type { PageRequest, Person } from '../page-api.ts';
import { slashFields } from '../payloads.ts';
import { EVERYBODY, SLASH_COMMAND } from '../people.ts';
import { post } from '../posting.ts';
import { answer } from '../respond.ts';
import { type Answer, fail, failureCode, neededConversation, neededPerson } from './act.ts';
import { tellApp } from './events.ts';

export type Say = Omit<Extract<PageRequest, { act: 'say' }>, 'act'>;

const LONGEST_SAID = 4000;

/** Types into the message box: a slash command goes to the app, anything else into the channel. */
export async function say(core: Core, request: Say): Promise<Answer> {
  const person = neededPerson(request.as);
  const conversation = neededConversation(core, person, request.channel);
  const text = request.text.trim();
  if (text === '') throw new Denied('There is nothing to send.');
  if (text.length > LONGEST_SAID) throw new Denied(`A message is at most ${LONGEST_SAID} characters.`);
  if (conversation.kind === 'im' && core.readOnlyMessages) {
    throw new Denied('Sending messages to this app has been turned off.');
  }
  const command = /^\/\S*/.exec(text)?.[0];
  if (command !== undefined) return slash(core, person, conversation, request, command);
  if (conversation.archived) throw new Denied('This channel is archived.');
  const parent = request.threadTs ? core.messages.find(conversation.id, request.threadTs) : undefined;
  if (request.threadTs && !parent) throw new Denied('There is no such thread any more.');
  const message = post(core, {
    channel: conversation.id,
    user: person.id,
    text: escapeTyped(core, text, false),
    ...(parent ? { threadTs: parent.threadTs ?? parent.ts } : {}),
  });
  await tellApp(core, message);
  return { ok: true };
}

async function slash(
  core: Core,
  person: Person,
  conversation: Conversation,
  request: Say,
  command: string,
): Promise<Answer> {
  const failed = (text: string) => fail(core, person.id, conversation.id, text);
  if (command !== SLASH_COMMAND) return failed(`${command.slice(0, 50)} is not a valid command.`);
  if (request.threadTs) return failed(`${command} is not supported in threads. Sorry!`);
  const text = escapeTyped(core, request.text.trim().slice(command.length).trim(), true);
  const secret = core.responseUrls.mint(person.id, conversation.id);
  const outcome = await core.deliver.command(slashFields(core, person, conversation, text, secret));
  const code = failureCode(outcome);
  if (code) return failed(`${command} failed with the error "${code}"`);
  try {
    showAnswer(core, secret, outcome);
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    return failed(`${command} failed with the error "${error.code}"`);
  }
}

/** The acknowledgement may carry a message: JSON or plain text. */
function showAnswer(core: Core, secret: string, outcome: Outcome): void {
  const url = core.responseUrls.peek(secret);
  const body = outcome.kind === 'answered' ? outcome.body.trim() : '';
  if (!url || body === '') return;
  const parsed = readJson(body);
  const args: Args = isObject(parsed) ? parsed : { text: body };
  if (Object.keys(args).length > 0) answer(core, url, undefined, args);
}

/**
 * Typed text as Slack passes it on: `&`, `<` and `>` escaped, @names and #channels as references. A slash
 * command (`should_escape: true`) also carries the name that was typed.
 */
function escapeTyped(core: Core, text: string, withNames: boolean): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(/(^|[\s(])([@#])([a-z][a-z0-9-]*)/g, (whole, before, sign, name) => {
    const label = withNames ? `|${name}` : '';
    const person = sign === '@' ? EVERYBODY.find((one) => one.name === name) : undefined;
    if (person) return `${before}<@${person.id}${label}>`;
    if (sign === '@' && ['channel', 'here', 'everyone'].includes(name)) return `${before}<!${name}>`;
    const channel = sign === '#' ? core.channels.find(`#${name}`) : undefined;
    return channel ? `${before}<#${channel.id}|${name}>` : whole;
  });
}
