import type { IncomingMessage } from 'node:http';
import { isObject } from '../kernel/json.ts';
import { type Args, readJson } from './args.ts';
import { Denied } from './denied.ts';

/** The whole body; throws 413 when it is longer than `most` bytes. */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > most)
        throw new Denied('request_too_large', { status: 413, headers: { connection: 'close' } });
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Denied ? error : new Denied('request_aborted', { status: 400 });
  }
  return Buffer.concat(chunks);
}

/** Arguments out of a form, a JSON object or a multipart form; throws Slack's errors for what is none of these. */
export async function parseArgs(contentType: string, body: Buffer): Promise<Args> {
  if (body.length === 0) return {};
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') {
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  }
  if (type === 'application/json') return jsonArgs(body.toString('utf8'));
  if (type === 'multipart/form-data') {
    const fields = await multipart(contentType, body);
    return Object.fromEntries(
      fields.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    );
  }
  throw new Denied(type ? 'invalid_post_type' : 'missing_post_type');
}

function jsonArgs(text: string): Args {
  const value = readJson(text);
  if (value === undefined) throw new Denied('invalid_json');
  if (!isObject(value)) throw new Denied('json_not_object');
  return value;
}

async function multipart(contentType: string, body: Buffer): Promise<[string, string | File][]> {
  try {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    const fields: [string, string | File][] = [];
    form.forEach((value, key) => {
      fields.push([key, value]);
    });
    return fields;
  } catch {
    throw new Denied('invalid_form_data');
  }
}

/** The bytes of an upload: the first file of a multipart form, or the body itself. */
export async function uploadedBytes(contentType: string, body: Buffer): Promise<Buffer> {
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) return body;
  for (const [, value] of await multipart(contentType, body)) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  }
  throw new Denied('no_file_data', { status: 400 });
}
