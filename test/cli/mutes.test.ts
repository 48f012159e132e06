import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { muteChoices, termsOf } from '../../src/alerts/mute-choices.ts';
import { insertMute } from '../../src/store/mutes.ts';
import { openStore } from '../../src/store/open.ts';
import { record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

/** The shipped rule for a key that somebody makes for somebody else. */
const RULE = '91eb4db9-fb03-4a43-b8e3-1d2de0cfdae9';

async function folderWith(fields: readonly string[]): Promise<string> {
  const folder = temporaryFolder();
  const db = await openStore(folder);
  const body = record();
  await db.run(
    `insert into alerts (id, fingerprint, rule_id, rule_name, title, level, quiet_for, facts, state, version, match_count,
      first_at, last_at, opened_at, channel, group_wait) values ('A-1', 'f', $1, 'n', 't', 'high', 0, '{}', 'firing', 1, 1,
      0, 0, 0, '#c', 0)`,
    [RULE],
  );
  await insertMute(db, {
    id: 'M-1',
    ruleId: RULE,
    ruleTitle: 'Access key created for another user',
    terms: termsOf(muteChoices(body, { fields: [], groupBy: undefined }), fields),
    reason: 'key rotation',
    madeBy: 'U0ALICE01',
    madeByName: 'Alice Martin',
    madeAt: 0,
    until: 1,
    alertId: 'A-1',
    sample: JSON.stringify(body),
    endedAt: undefined,
    endedBy: undefined,
  });
  await db.close();
  return folder;
}

it('a mute is printed as a filter that "rules check" takes beside the rules, tests and all', async () => {
  const folder = await folderWith(['userIdentity.arn', 'sourceIPAddress']);
  const { code, out } = await call(['mutes', 'export', 'm-1', '--data', '.'], { folder });
  expect(code).toBe(0);
  writeFileSync(join(folder, 'filter.yml'), out);
  const checked = await call(['rules', 'check', 'builtin', 'filter.yml'], { folder });
  expect(checked.out + checked.err).not.toMatch(/filter\.yml/);
  expect(checked.code).toBe(0);
});

it('what cannot be a filter, or is not there, is said in one sentence', async () => {
  const whole = await call(['mutes', 'export', '--data', '.'], { folder: await folderWith([]) });
  expect(whole.code).toBe(1);
  expect(whole.err).toContain('rules.disabled');
  const none = await call(['mutes', 'export', 'M-9', '--data', '.'], { folder: await folderWith([]) });
  expect(none).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no mute M-9; these hold now: M-1.'),
  });
});
