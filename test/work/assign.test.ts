import { expect, it } from 'vitest';
import { insertAlert } from '../../src/store/alerts.ts';
import { type Post, postsOfAlert } from '../../src/store/posts.ts';
import { sayUnreached } from '../../src/work/assign.ts';
import { anAlert, T0 } from '../support/alerts.ts';
import { temporaryStore } from '../support/store.ts';

it('a direct message that Slack will never take is told in the thread, once', async () => {
  const db = await temporaryStore();
  await insertAlert(db, anAlert());
  const post: Post = {
    id: 'alert_assigned:A-7:2:U0GONE001',
    kind: 'alert_assigned',
    place: 'U0GONE001',
    alertId: 'A-7',
    inThread: false,
    broadcast: false,
    content: {},
  };
  await sayUnreached(db, post, 'cannot_dm_bot', T0);
  await sayUnreached(db, post, 'cannot_dm_bot', T0);
  await sayUnreached(db, { ...post, id: 'other', kind: 'escalation_page' }, 'cannot_dm_bot', T0);
  expect(await postsOfAlert(db, 'A-7')).toMatchObject([
    { kind: 'alert_unreached', inThread: true, content: { userId: 'U0GONE001', reason: 'cannot_dm_bot' } },
  ]);
});
