import type { ModalView } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { ALICE, ALICE_DM, BOB, BOT, buttons, SECURITY, section, startBolt } from './stage.ts';

const NOTE: ModalView = {
  type: 'modal',
  callback_id: 'resolve',
  private_metadata: 'A-1:1',
  title: { type: 'plain_text', text: 'Resolve' },
  submit: { type: 'plain_text', text: 'Resolve' },
  blocks: [
    {
      type: 'input',
      block_id: 'note',
      label: { type: 'plain_text', text: 'Note' },
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};

describe('Bolt, unmodified', () => {
  test('answers a slash command for the person alone, and edits the answer in place', async () => {
    const { workspace } = await startBolt((app) => {
      app.command('/trail', async ({ ack, command, respond }) => {
        await ack();
        await respond({ text: `Looking for ${command.text} …` });
        await respond({ text: `Nothing about ${command.text}.`, replace_original: true });
      });
    });
    const said = workspace.say({ as: ALICE, channel: SECURITY, text: '/trail who <root> @bob #general' });
    expect(await said).toEqual({ ok: true });
    const answer = await workspace.waitFor((one) => one.messages().find((m) => m.text.startsWith('Nothing')));
    expect(answer).toMatchObject({
      text: 'Nothing about who &lt;root&gt; <@U0BOB00001|bob> <#C0GENERAL0|general>.',
      ephemeralTo: ALICE,
      user: BOT,
    });
    expect(workspace.messages()).toHaveLength(1);
    expect(workspace.pushes()).toEqual([]);
  });

  test('shows what comes with the acknowledgement of a slash command', async () => {
    const { workspace } = await startBolt((app) => {
      app.command('/trail', ({ ack }) => ack({ response_type: 'in_channel', text: 'At once' }));
    });
    await workspace.say({ as: ALICE, channel: SECURITY, text: '/trail help' });
    expect(workspace.messages(SECURITY)).toMatchObject([{ text: 'At once', user: BOT }]);
    expect(workspace.messages(SECURITY)[0]?.ephemeralTo).toBeUndefined();
  });

  test('gets a press with the message, its state and a response_url, and updates the message', async () => {
    const { workspace, app } = await startBolt((bolt) => {
      bolt.action('do_ack', async ({ ack, action, body, client, respond }) => {
        await ack();
        if (body.type !== 'block_actions' || !body.message || action.type !== 'button') return;
        const text = `Acknowledged ${action.value} by <@${body.user.id}>`;
        await client.chat.update({ channel: SECURITY, ts: body.message.ts, text, blocks: [] });
        await respond({ text: 'Thank you', replace_original: false });
      });
    });
    const { ts = '' } = await app.client.chat.postMessage({
      channel: '#security-alerts',
      text: 'HIGH: something',
      blocks: [section('Something'), buttons('ack:1', 'resolve:1')],
    });
    const from = { message: { channel: SECURITY, ts } };
    const action = { type: 'button', action_id: 'do_ack' };
    expect(await workspace.press({ as: BOB, from, action, values: {} })).toEqual({ ok: true });
    await workspace.waitFor((one) => one.messages().find((message) => message.ephemeralTo === BOB));
    expect(workspace.messages(SECURITY)).toMatchObject([
      { text: `Acknowledged ack:1 by <@${BOB}>`, edited: true, blocks: [] },
      { text: 'Thank you', ephemeralTo: BOB },
    ]);
  });

  test('opens a modal, refuses its input with words, takes it the second time', async () => {
    const submitted: string[] = [];
    const { workspace, app } = await startBolt((bolt) => {
      bolt.action('do_resolve', async ({ ack, body, client }) => {
        await ack();
        if (body.type === 'block_actions')
          await client.views.open({ trigger_id: body.trigger_id, view: NOTE });
      });
      bolt.view('resolve', async ({ ack, view }) => {
        const note = view.state.values.note?.text?.value ?? '';
        submitted.push(`${view.private_metadata} ${note}`);
        if (note.length < 5) await ack({ response_action: 'errors', errors: { note: 'Say a little more.' } });
        else await ack();
      });
    });
    const { ts = '' } = await app.client.chat.postMessage({
      channel: SECURITY,
      text: 'x',
      blocks: [buttons('resolve')],
    });
    const from = { message: { channel: SECURITY, ts } };
    await workspace.press({
      as: ALICE,
      from,
      action: { type: 'button', action_id: 'do_resolve' },
      values: {},
    });
    const modal = await workspace.waitFor((one) => one.modals(ALICE)[0]);
    const submit = (value: string) =>
      workspace.submit({
        as: ALICE,
        view: modal.id,
        values: { note: { text: { type: 'plain_text_input', value } } },
      });
    expect(await submit('')).toEqual({ ok: false, error: 'Please complete this required field.' });
    expect(submitted).toEqual([]);
    expect(await submit('ok')).toEqual({ ok: true });
    expect(workspace.modals(ALICE)).toMatchObject([{ errors: { note: 'Say a little more.' } }]);
    expect(await submit('A drill, see the change')).toEqual({ ok: true });
    expect(workspace.modals(ALICE)).toEqual([]);
    expect(submitted).toEqual(['A-1:1 ok', 'A-1:1 A drill, see the change']);
  });

  test('may push up to three modals, update, and clear them all with its answers', async () => {
    const view = (title: string): ModalView => ({ ...NOTE, title: { type: 'plain_text', text: title } });
    const answers = [
      { response_action: 'push', view: view('Two') },
      { response_action: 'push', view: view('Three') },
      { response_action: 'push', view: view('Four') },
      { response_action: 'update', view: view('Three, again') },
      { response_action: 'clear' },
    ] as const;
    let next = 0;
    const { workspace } = await startBolt((bolt) => {
      bolt.shortcut('look', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: view('One') });
      });
      bolt.view('resolve', async ({ ack }) => {
        const answer = answers[next++];
        if (answer) await ack(answer);
      });
    });
    const { ts } = await firstMessage(workspace);
    await workspace.shortcut({ as: ALICE, channel: SECURITY, ts, callbackId: 'look' });
    await workspace.waitFor((one) => one.modals(ALICE).length === 1);
    const titles = () =>
      workspace.modals(ALICE).map((one) => {
        const title = one.definition.title;
        return typeof title === 'object' && title !== null && 'text' in title ? title.text : '';
      });
    const submit = () =>
      workspace.submit({
        as: ALICE,
        view: workspace.modals(ALICE).at(-1)?.id ?? '',
        values: { note: { text: { type: 'plain_text_input', value: 'noted' } } },
      });
    await submit();
    await submit();
    expect(titles()).toEqual(['One', 'Two', 'Three']);
    expect(await submit()).toEqual({
      ok: false,
      error: 'We had some trouble connecting. Try again? (push_limit_reached)',
    });
    await submit();
    expect(titles()).toEqual(['One', 'Two', 'Three, again']);
    await submit();
    expect(titles()).toEqual([]);
  });

  test('publishes the Home tab when it is opened', async () => {
    const { workspace } = await startBolt((bolt) => {
      bolt.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({
          user_id: event.user,
          view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'On call' } }] },
        });
      });
    });
    expect(await workspace.openHome(ALICE)).toEqual({ ok: true });
    const home = await workspace.waitFor((one) => one.home(ALICE));
    expect(home.blocks).toMatchObject([{ type: 'header', text: { text: 'On call' } }]);
    expect(workspace.home(BOB)).toBeUndefined();
  });

  test('hears mentions in channels and messages in its direct messages, nothing else', async () => {
    const heard: string[] = [];
    const { workspace } = await startBolt((bolt) => {
      bolt.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`));
      bolt.message(async ({ message }) => {
        if (message.subtype === undefined) heard.push(`${message.channel_type} ${message.text}`);
      });
    });
    await workspace.say({ as: ALICE, channel: SECURITY, text: 'just talking' });
    await workspace.say({ as: ALICE, channel: SECURITY, text: '@trailbot who is on call?' });
    await workspace.say({ as: ALICE, channel: ALICE_DM, text: 'help' });
    expect(heard).toEqual(['mention <@U0TRAILBOT> who is on call?', 'im help']);
  });

  test('uploads a file and shares it', async () => {
    const { workspace, app } = await startBolt(() => {});
    const answer = await app.client.filesUploadV2({
      channel_id: SECURITY,
      file: Buffer.from('time,call\n'),
      filename: 'calls.csv',
      initial_comment: 'All calls',
    });
    const url = answer.files[0]?.files?.[0]?.url_private ?? '';
    expect(workspace.messages(SECURITY)).toMatchObject([{ text: 'All calls' }]);
    const refused = await fetch(url);
    expect(refused.status).toBe(403);
    const served = await fetch(url, { headers: { authorization: 'Bearer xoxb-local-test' } });
    expect(await served.text()).toBe('time,call\n');
    expect(served.headers.get('content-disposition')).toBe('attachment');
  });
});

async function firstMessage(
  workspace: Awaited<ReturnType<typeof startBolt>>['workspace'],
): Promise<{ ts: string }> {
  await workspace.say({ as: ALICE, channel: SECURITY, text: 'look at this' });
  return workspace.waitFor((one) => one.messages(SECURITY)[0]);
}
