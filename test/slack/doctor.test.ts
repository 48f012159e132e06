import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { MINUTE, systemClock } from '../../src/kernel/time.ts';
import { type SlackDoctorOptions, slackCheckups } from '../../src/slack/doctor.ts';
import { type Diagnosis, examine } from '../../src/work/doctor/checkup.ts';
import { startWorkspace, type Workspace } from '../../src/workspace/workspace.ts';
import { fakeClock } from '../support/clock.ts';

let workspace: Workspace;

beforeEach(async () => {
  workspace = await startWorkspace({
    clock: systemClock,
    random: systemRandom,
    botToken: 'xoxb-local-test',
    signingSecret: 'secret',
    port: 0,
    requestUrl: () => 'http://127.0.0.1:9/slack/events',
  });
  onTestFinished(() => workspace.stop());
});

async function look(options: Partial<SlackDoctorOptions> = {}): Promise<Diagnosis[]> {
  const checkups = slackCheckups({
    token: 'xoxb-local-test',
    apiUrl: workspace.apiUrl,
    teamId: undefined,
    userGroups: false,
    channels: ['#security-alerts'],
    clock: systemClock,
    log: createLog('silent'),
    ...options,
  });
  const found: Diagnosis[] = [];
  for await (const diagnosis of examine(checkups, systemClock)) found.push(diagnosis);
  return found;
}

function said(found: readonly Diagnosis[], check: string): Diagnosis | undefined {
  return found.find((one) => one.check === check);
}

describe('what Slack says of the bot', () => {
  test('all is well: one line for each check, in its order', async () => {
    expect((await look()).map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'slack-token fine',
      'slack-scopes fine',
      'slack-channel fine',
      'clock fine',
    ]);
  });

  test('a token that Slack does not know is a fault that names the variable', async () => {
    const found = await look({ token: 'xoxb-other' });
    expect(said(found, 'slack-token')).toMatchObject({
      verdict: 'fault',
      remedy: expect.stringContaining('SLACK_BOT_TOKEN'),
    });
  });

  test('a scope that is missing is named with what it is for', async () => {
    workspace.grant(['chat:write', 'commands', 'channels:read', 'groups:read']);
    const scopes = said(await look(), 'slack-scopes');
    expect(scopes?.verdict).toBe('fault');
    expect(scopes?.says).toContain('users:read (the names of those who act on alerts');
    expect(scopes?.says).not.toContain('chat:write');
  });

  test.each([
    ['the bot is not in it', { botIn: false }, /not in #security-alerts/, /invite @trailbot/],
    ['it is archived', { archived: true }, /is archived/, /unarchive/],
    ['it is gone', { name: 'renamed' }, /shows no channel/, /correct routes/],
  ])('a channel to which no alert can be posted: %s', async (_name, change, says, remedy) => {
    workspace.changeChannel('C0SECURITY', change);
    const channel = said(await look(), 'slack-channel');
    expect(channel?.verdict).toBe('fault');
    expect(channel?.says).toMatch(says);
    expect(channel?.remedy).toMatch(remedy);
  });

  test('the workspace of the token must be the one that the configuration names', async () => {
    const token = said(await look({ teamId: 'T0OTHER00' }), 'slack-token');
    expect(token).toMatchObject({ verdict: 'fault' });
    expect(token?.remedy).toContain('access.team');
  });

  test('a clock that is off is told with by how much', async () => {
    const found = await look({ clock: fakeClock(systemClock.now() - 10 * MINUTE) });
    expect(said(found, 'clock')?.verdict).toBe('fault');
    expect(said(found, 'clock')?.says).toMatch(/(10 min|9 min 59 s)/);
  });

  test('where Slack cannot be reached every check says so, and none hangs', async () => {
    const { apiUrl } = workspace;
    await workspace.stop();
    const found = await look({ apiUrl });
    expect(found.map(({ verdict }) => verdict)).not.toContain('fine');
    expect(said(found, 'slack-token')?.says).toMatch(/cannot be reached/);
  });
});
