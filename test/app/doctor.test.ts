import { describe, expect, test } from 'vitest';
import { checkupsFor } from '../../src/app/doctor.ts';
import { rulesOf } from '../../src/app/rulebook.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { HOUR, MINUTE, systemClock } from '../../src/kernel/time.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import type { AccountNamesState } from '../../src/work/account-names.ts';
import { type Diagnosis, examine } from '../../src/work/doctor/checkup.ts';
import { heardCheckups } from '../../src/work/doctor/data.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeAccountAlias, fakeOrganizations } from '../support/aws/organizations.ts';
import { startBot } from '../support/bot.ts';
import { fakeClock } from '../support/clock.ts';
import { ALICE, ephemerals, pressButton, textIn } from '../support/people.ts';

async function told(all: AsyncIterable<Diagnosis>): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  for await (const diagnosis of all) found.push(diagnosis);
  return found;
}

describe('the doctor', () => {
  test('tells from what came whether Slack reaches the bot; a button under /trail status tests the buttons', async () => {
    const bot = await startBot();
    const heard = async () => {
      const sql = await openStoreForReading(bot.folder);
      if (!sql) throw new Error('no database');
      const found = await told(examine(heardCheckups(sql, bot.clock), bot.clock));
      await sql.close();
      return found.map(({ check, verdict }) => `${check} ${verdict}`);
    };
    expect(await heard()).toEqual(['slack-requests unknown', 'slack-interactivity unknown']);

    await bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: '/trail status' });
    const status = await bot.workspace.waitFor(() => ephemerals(bot.workspace, ALICE)[0]);
    expect(await heard()).toEqual(['slack-requests fine', 'slack-interactivity unknown']);

    await pressButton(bot.workspace, ALICE, status, 'Test the buttons');
    await bot.workspace.waitFor(() =>
      ephemerals(bot.workspace, ALICE).find((one) => textIn([one.blocks]).includes('The buttons work')),
    );
    expect(await heard()).toEqual(['slack-requests fine', 'slack-interactivity fine']);
  });

  test('looks at the database, the disk and the rules that can never fire', async () => {
    const bot = await startBot();
    const sql = await openStoreForReading(bot.folder);
    const read = readConfig({ text: 'sources: { data: [] }\n', file: 'trailbot.yaml', env: {} });
    if ('problems' in read) throw new Error('the configuration is wrong');
    const config = { ...read.config, dataDir: bot.folder };
    const { compiled } = rulesOf(config, bot.folder).ruleset;
    const { clock } = bot;
    const { signal } = new AbortController();
    const checkups = await checkupsFor({ config, compiled, sql, clock, log: createLog('silent'), signal });
    const found = await told(examine(checkups.all, clock));
    await sql?.close();
    expect(
      found.filter(({ area }) => area === 'data').map(({ check, verdict }) => `${check} ${verdict}`),
    ).toEqual(['database fine', 'disk fine', 'audit fine']);
    const rules = found.filter(({ area }) => area === 'rules');
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.every(({ verdict, remedy }) => verdict === 'fine' || remedy !== undefined)).toBe(true);
  });

  test('goes round by itself, and /trail status says what it found', async () => {
    const bot = await startBot({ yaml: 'sources: { insights: false }\n' });
    await bot.pass(2 * 60 + 2);
    await bot.workspace.say({ as: ALICE, channel: 'C0SECURITY', text: '/trail status' });
    const status = textIn([(await bot.workspace.waitFor(() => ephemerals(bot.workspace, ALICE)[0])).blocks]);
    expect(status).toMatch(/Doctor\s+0 faults, \d+ doubts?, /);
    expect(status).toMatch(/Doubt\s.*To do: /);
  });

  test('says when accounts are shown by their ids, because AWS Organizations does not name them', async () => {
    const listers = ['111122223333'];
    const accounts = () => [{ id: '111122223333', name: 'Security' }];
    const service = fakeOrganizations({ accounts, listers });
    const aws = await startFakeAws({ services: [service, fakeAccountAlias(undefined)] });
    const read = readConfig({ text: 'organization: { names: true }\n', file: 'trailbot.yaml', env: {} });
    if ('problems' in read) throw new Error('the configuration is wrong');
    const { config } = read;
    const tools = { clock: systemClock, log: createLog('silent'), signal: new AbortController().signal };
    const standIn = { endpoint: aws.url, credentials: aws.credentials };
    const look = async (names?: { state(): AccountNamesState }) => {
      const checkups = await checkupsFor({ ...tools, config, compiled: [], sql: undefined, standIn, names });
      const named = checkups.all.filter(({ check }) => check === 'aws-names');
      return (await told(examine(named, systemClock))).map(({ verdict, says }) => `${verdict}: ${says}`);
    };
    expect(await look()).toEqual(['fine: AWS Organizations names 1 account']);
    listers.pop();
    expect(await look()).toEqual([
      'doubt: accounts are shown by their ids: not allowed to call organizations:ListAccounts',
    ]);
    const trouble = { kind: 'denied', what: 'not allowed', remedy: 'allow it' } as const;
    const readAt = systemClock.now() - 3 * HOUR;
    expect(await look({ state: () => ({ known: 4, readAt, trouble }) })).toEqual([
      'doubt: accounts are shown by the names of 3 h ago: not allowed',
    ]);
    expect(await look({ state: () => ({ known: 0, readAt: undefined, trouble: undefined }) })).toEqual([
      'unknown: the names of accounts were not read yet',
    ]);
  });

  test('what hangs is told as unknown, and keeps nothing else from being told', async () => {
    const clock = fakeClock(HOUR);
    const fine: Diagnosis = { area: 'machine', check: 'b', verdict: 'fine', says: 'it is' };
    const hangs = { area: 'machine', check: 'a', look: () => new Promise<Diagnosis[]>(() => undefined) };
    const found = told(examine([hangs, { area: 'machine', check: 'b', look: async () => [fine] }], clock));
    await clock.advance(MINUTE);
    expect((await found).map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(['a unknown', 'b fine']);
  });
});
