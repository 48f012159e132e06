import { isObject, type JsonObject, textOf } from '../../kernel/json.ts';
import { type Args, jsonArg, neededText, textArg } from '../args.ts';
import type { Core } from '../core.ts';
import { badArguments, Denied } from '../denied.ts';
import { fileWire, type StoredFile } from '../files.ts';
import { BOT } from '../people.ts';
import { post } from '../posting.ts';
import type { Wire } from '../wire.ts';
import { type Methods, threadParent, writableChannel } from './method.ts';

function getUploadURL(core: Core, args: Args): Wire {
  const name = neededText(args, 'filename');
  const length = Number(neededText(args, 'length'));
  if (!Number.isSafeInteger(length) || length <= 0) throw badArguments('length must be more than 0');
  const file = core.files.begin(name.slice(0, 255));
  return { upload_url: `${core.origin}/upload/${file.ticket}`, file_id: file.id };
}

function uploaded(core: Core, entry: JsonObject): StoredFile {
  const file = core.files.find(textOf(entry, 'id') ?? '');
  if (!file?.content || file.complete) throw new Denied('file_not_found');
  return { ...file, title: textOf(entry, 'title') ?? file.title, complete: true };
}

/** Shares what was uploaded; without a channel the files stay private. */
function complete(core: Core, args: Args): Wire {
  const list = jsonArg(args, 'files', 'invalid_arguments');
  if (!Array.isArray(list) || list.length === 0) throw badArguments('missing required field: files');
  const files = list.map((entry) => uploaded(core, isObject(entry) ? entry : {}));
  const reference = textArg(args, 'channel_id') ?? textArg(args, 'channels')?.split(',')[0];
  if (reference === undefined) return finish(core, files);
  const channel = writableChannel(core, { channel: reference });
  const thread = textArg(args, 'thread_ts');
  const threadTs = thread ? threadParent(core, channel, thread) : undefined;
  const answer = finish(
    core,
    files.map((file) => ({ ...file, channels: [channel.id] })),
  );
  post(core, {
    channel: channel.id,
    user: BOT.id,
    text: textArg(args, 'initial_comment') ?? '',
    fileIds: files.map((file) => file.id),
    ...(threadTs ? { threadTs } : {}),
  });
  return answer;
}

function finish(core: Core, files: readonly StoredFile[]): Wire {
  for (const file of files) core.files.set(file);
  return { files: files.map((file) => fileWire(file, core.origin)) };
}

function info(core: Core, args: Args): Wire {
  const file = core.files.find(neededText(args, 'file'));
  if (!file?.complete) throw new Denied('file_not_found');
  return { file: fileWire(file, core.origin), comments: [], response_metadata: { next_cursor: '' } };
}

export const fileMethods: Methods = {
  'files.getUploadURLExternal': getUploadURL,
  'files.completeUploadExternal': complete,
  'files.info': info,
};
