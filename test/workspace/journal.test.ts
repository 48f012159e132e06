import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/store.ts';
import { ALICE, BOB, call, SECURITY, section, startStage } from './stage.ts';

async function withHistory(journal: string): Promise<{ kept: unknown; last: string }> {
  const { workspace } = await startStage({ journal, rateLimit: false });
  const one = await call(workspace, 'chat.postMessage', {
    channel: SECURITY,
    text: 'one',
    metadata: { event_type: 'trail_alert', event_payload: { intent: 'i-1' } },
  });
  const two = await call(workspace, 'chat.postMessage', {
    channel: SECURITY,
    text: 'two',
    blocks: [section('two')],
  });
  await call(workspace, 'chat.update', { channel: SECURITY, ts: two.ts, text: 'two, edited' });
  const three = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'three' });
  await call(workspace, 'chat.delete', { channel: SECURITY, ts: three.ts });
  await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'a reply', thread_ts: one.ts });
  await call(workspace, 'chat.postEphemeral', { channel: SECURITY, user: BOB, text: 'for Bob' });
  await workspace.say({ as: ALICE, channel: SECURITY, text: 'hello' });
  await call(workspace, 'views.publish', {
    user_id: ALICE,
    view: { type: 'home', blocks: [section('home')] },
  });
  await call(workspace, 'usergroups.users.update', { usergroup: 'S0ONCALL01', users: BOB });
  const kept = workspace.messages().filter((message) => !message.ephemeralTo);
  await workspace.stop();
  return { kept, last: String(kept.at(-1)?.ts) };
}

describe('after a restart', () => {
  test('messages, Home tabs and groups are there as they were; ephemerals are not', async () => {
    const journal = join(temporaryFolder(), 'data', 'workspace.ndjson');
    const { kept, last } = await withHistory(journal);
    const { workspace } = await startStage({ journal });
    expect(workspace.messages()).toEqual(kept);
    expect(workspace.messages().map((one) => one.text)).toEqual(['one', 'two, edited', 'a reply', 'hello']);
    expect(workspace.home(ALICE)?.blocks).toMatchObject([{ type: 'section' }]);
    expect(await call(workspace, 'usergroups.users.list', { usergroup: 'S0ONCALL01' })).toMatchObject({
      users: [BOB],
    });
    const history = await call(workspace, 'conversations.history', {
      channel: SECURITY,
      include_all_metadata: true,
    });
    expect(JSON.stringify(history)).toContain('"intent":"i-1"');
    const { ts } = await call(workspace, 'chat.postMessage', { channel: SECURITY, text: 'next' });
    expect(Number(ts)).toBeGreaterThan(Number(last));
    expect(workspace.pushes().map((push) => push.body)).toEqual(['next', 'next', 'next']);
  });

  test('a torn last line costs only itself, and swallows nothing that follows', async () => {
    const journal = join(temporaryFolder(), 'workspace.ndjson');
    const { kept } = await withHistory(journal);
    appendFileSync(journal, '{"kind":"message","message":{"channel":"C0SECURITY","ts":"20');
    const second = await startStage({ journal });
    expect(second.workspace.messages()).toEqual(kept);
    await call(second.workspace, 'chat.postMessage', { channel: SECURITY, text: 'after' });
    await second.workspace.stop();
    const third = await startStage({ journal });
    expect(third.workspace.messages().at(-1)?.text).toBe('after');
  });

  test('lines that are no changes are passed over', async () => {
    const journal = join(temporaryFolder(), 'workspace.ndjson');
    const { kept } = await withHistory(journal);
    const lines = [
      'null',
      '[]',
      '{}',
      'x',
      '{"kind":"message","message":{"channel":1}}',
      '{"kind":"home","view":{}}',
    ];
    appendFileSync(journal, `${lines.join('\n')}\n`);
    const { workspace } = await startStage({ journal });
    expect(workspace.messages()).toEqual(kept);
  });

  test('a file that cannot be opened is named in one sentence', async () => {
    const journal = temporaryFolder();
    await expect(startStage({ journal })).rejects.toThrow(`cannot keep its messages in ${journal}: EISDIR`);
  });

  test('a long file is written anew with the latest state', async () => {
    const journal = join(temporaryFolder(), 'workspace.ndjson');
    const { kept } = await withHistory(journal);
    const [line = ''] = readFileSync(journal, 'utf8').split('\n');
    appendFileSync(journal, `${line}\n`.repeat(Math.ceil(2_100_000 / line.length)));
    const { workspace } = await startStage({ journal });
    expect(workspace.messages()).toEqual(kept);
    expect(statSync(journal).size).toBeLessThan(10_000);
  });
});
