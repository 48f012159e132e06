import { describe, expect, it } from 'vitest';
import { startBot } from '../support/bot.ts';
import { alertMessages } from '../support/people.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const places = (bot: Awaited<ReturnType<typeof startBot>>) =>
  alertMessages(bot.workspace).map((message) => [message.channel, message.text.match(/A-\d+/)?.[0]]);

describe('an alert goes where the routes say', () => {
  it('although it was opened for a channel that does not exist: it is posted once that is put right', async () => {
    const folder = temporaryFolder();
    const wrong = await startBot({ folder, yaml: 'routes: { channel: "#typo" }' });
    await wrong.post(envelope(record()));
    await wrong.pass(5);
    expect((await wrong.app.status()).jobs).toMatchObject({ parked: 1 });
    await wrong.stop();
    const right = await startBot({ folder, clock: wrong.clock, yaml: 'routes: { channel: "#cloud-ops" }' });
    await right.pass(5);
    expect(places(right)).toEqual([['C0CLOUDOPS', 'A-1']]);
    await right.post(envelope(record()));
    await right.pass(5);
    expect(places(right)).toEqual([['C0CLOUDOPS', 'A-1']]);
  });

  it('and after a change of the routes new matches go to the new channel, not into the alert of the old', async () => {
    const folder = temporaryFolder();
    const both = await startBot({
      folder,
      yaml: 'routes: { routes: [{ match: ["level>=low"], channel: "#general", continue: true }, { match: ["level>=low"] }] }',
    });
    await both.post(envelope(record()));
    await both.pass(5);
    expect(places(both)).toEqual([
      ['C0GENERAL0', 'A-1'],
      ['C0SECURITY', 'A-2'],
    ]);
    await both.stop();
    const one = await startBot({ folder, clock: both.clock });
    await one.post(envelope(record()));
    await one.pass(60);
    const counts = await one.app.workspace?.waitFor(() =>
      alertMessages(one.workspace).filter((message) => message.text.includes('2 ×')),
    );
    expect(counts?.map((message) => message.channel)).toEqual(['C0SECURITY']);
  });
});
