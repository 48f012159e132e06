import { type Args, flagArg, textArg } from './args.ts';
import { readContent, refuseEmpty } from './content.ts';
import type { Core } from './core.ts';
import { Denied } from './denied.ts';
import type { StoredMessage } from './message.ts';
import { BOT } from './people.ts';
import { post } from './posting.ts';
import type { ResponseUrl } from './response-urls.ts';

/** One answer through a `response_url`: replaces or deletes the original, or is a new message. */
export function respond(core: Core, secret: string, args: Args): void {
  const url = core.responseUrls.use(secret);
  const original = url.original === undefined ? undefined : core.messages.find(url.channel, url.original);
  if (flagArg(args, 'delete_original')) {
    if (original) core.messages.remove(original.channel, original.ts);
    return;
  }
  answer(core, url, original, args);
}

/** What a slash command's own HTTP answer says, which is a first answer through its `response_url`. */
export function answer(core: Core, url: ResponseUrl, original: StoredMessage | undefined, args: Args): void {
  const kind = textArg(args, 'response_type') ?? 'ephemeral';
  if (kind !== 'ephemeral' && kind !== 'in_channel') throw denied('invalid_response_type');
  const content = checked(core, args);
  if (original && flagArg(args, 'replace_original')) {
    const { blocks: _, attachments: __, ...kept } = original;
    core.messages.replace({ ...kept, text: '', ...content, edited: original.ephemeralTo === undefined });
    return;
  }
  const thread = textArg(args, 'thread_ts');
  const parent = thread === undefined ? undefined : core.messages.find(url.channel, thread);
  if (thread !== undefined && !parent) throw denied('thread_not_found');
  const message = post(core, {
    channel: url.channel,
    user: BOT.id,
    text: '',
    ...content,
    ...(kind === 'ephemeral' ? { ephemeralTo: url.user } : {}),
    ...(parent ? { threadTs: parent.threadTs ?? parent.ts } : {}),
  });
  if (!url.pressed) url.original = message.ts;
}

/** Mistakes in an answer are HTTP errors here, not `ok: false`. */
function checked(core: Core, args: Args): ReturnType<typeof readContent> {
  try {
    const content = readContent(core, args);
    refuseEmpty(content);
    return content;
  } catch (error) {
    if (error instanceof Denied) throw denied(error.code, error.details);
    throw error;
  }
}

function denied(code: string, details: Readonly<Record<string, unknown>> = {}): Denied {
  return new Denied(code, { status: 400, details: { ...details } });
}
