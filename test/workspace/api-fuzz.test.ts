import fc from 'fast-check';
import { expect, test } from 'vitest';
import { METHODS } from '../../src/workspace/api/methods.ts';
import { ALICE, BOT_TOKEN, buttons, call, SECURITY, startStage } from './stage.ts';

const KEYS = [
  'channel',
  'channel_id',
  'text',
  'blocks',
  'attachments',
  'metadata',
  'view',
  'ts',
  'thread_ts',
  'user',
  'users',
  'usergroup',
  'view_id',
  'external_id',
  'trigger_id',
  'user_id',
  'hash',
  'filename',
  'length',
  'files',
  'file',
  'name',
  'timestamp',
  'limit',
  'cursor',
  'oldest',
  'latest',
  'title',
  'type',
  'link',
  'bookmark_id',
  'email',
  'markdown_text',
  'response_type',
  'replace_original',
  'delete_original',
  'message',
  'message_ts',
  'bot',
  'types',
  '__proto__',
  'constructor',
  'error',
];
const VALUES = [
  SECURITY,
  ALICE,
  '#general',
  'S0ONCALL01',
  '2051319845.000000',
  '',
  '[]',
  '{}',
  '[{"type":"divider"}]',
  '{"type":"home","blocks":[]}',
  '{"type":"modal"}',
  'null',
  '1',
  'true',
  'link',
  'https://a.example',
  'eyes',
  '[{"id":"F1"}]',
  '[['.repeat(5000),
  'im,mpim',
  '\u0000',
  '\ud800',
];

const args = fc
  .array(
    fc.tuple(fc.constantFrom(...KEYS), fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 3 }))),
    { maxLength: 8 },
  )
  .map((entries) => Object.fromEntries(entries));

test('every method answers every payload with ok or with an error, and never breaks', async () => {
  const { workspace } = await startStage({ rateLimit: false });
  await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'x', blocks: [buttons('ack')] });
  const methods = fc.constantFrom(...METHODS.keys());
  await fc.assert(
    fc.asyncProperty(methods, args, async (method, given) => {
      const answer = await call(workspace, method, given);
      if (!answer.ok) expect(answer.error).toMatch(/./);
      expect(answer.error).not.toBe('fatal_error');
    }),
    { numRuns: 1200 },
  );
  expect(await call(workspace, 'auth.test')).toMatchObject({ ok: true });
}, 30_000);

test('every body under every content type is answered', async () => {
  const { workspace } = await startStage();
  const types = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'text/plain',
    '',
  );
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .constantFrom(
        '--x\r\n',
        '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
        `${'['.repeat(50_000)}`,
      )
      .map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(types, bodies, async (type, body) => {
      const response = await fetch(`${workspace.apiUrl}api.test`, {
        method: 'POST',
        headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': type },
        body: new Uint8Array(body),
      });
      expect(response.status).toBe(200);
      expect(await response.json()).toHaveProperty('ok');
    }),
    { numRuns: 300 },
  );
});

test('whatever a page or a response_url is sent, the workspace lives on', async () => {
  const { workspace } = await startStage();
  await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'x', blocks: [buttons('ack')] });
  const origin = workspace.url.slice(0, -1);
  const acts = fc.record(
    {
      act: fc.constantFrom('say', 'press', 'submit', 'close', 'home', 'x'),
      as: fc.constantFrom(ALICE, 'U1'),
      channel: fc.constantFrom(SECURITY, 'C1'),
      text: fc.string(),
      threadTs: fc.constantFrom('1.1', '2051319845.000000'),
      view: fc.string(),
      from: fc.oneof(
        fc.jsonValue(),
        fc.constant({ message: { channel: SECURITY, ts: '2051319845.000000' } }),
      ),
      action: fc.oneof(
        fc.jsonValue(),
        fc.constant({ type: 'button', action_id: 'do_ack', value: '__proto__' }),
      ),
      values: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (body) => {
      const response = await fetch(`${workspace.url}client/act`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect([200, 400]).toContain(response.status);
      expect(await response.json()).toHaveProperty('ok');
    }),
    { numRuns: 300 },
  );
});
