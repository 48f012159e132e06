import { describe, expect, it, onTestFinished } from 'vitest';
import { namesOf, type OrganizationNames, startOrganizationNames } from '../../src/app/names.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { HOUR, MINUTE } from '../../src/kernel/time.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeAccountAlias, fakeOrganizations, type ListedAccount } from '../support/aws/organizations.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';

const HOME = '111122223333';

function configOf(text: string): Config {
  const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems[0]?.what);
  return read.config;
}

const WANTED = configOf(`
organization: { names: true }
accounts:
  '444455556666': { name: payments, environment: production }
`);
const UNWANTED = configOf("accounts: { '444455556666': { name: payments } }");

interface Stage {
  readonly names: OrganizationNames;
  readonly clock: FakeClock;
  readonly lines: string[];
  readonly set: { accounts: readonly ListedAccount[] | undefined; config: Config };
  readonly requests: () => number;
}

async function start(config = WANTED): Promise<Stage> {
  const set: Stage['set'] = {
    config,
    accounts: [
      { id: HOME, name: 'Security' },
      { id: '444455556666', name: 'AWS Payments (old name)' },
      { id: '777788889999', name: 'Sandbox' },
    ],
  };
  const service = fakeOrganizations({ accounts: () => set.accounts, listers: [HOME] });
  const aws = await startFakeAws({ services: [service, fakeAccountAlias(undefined)] });
  const clock = fakeClock();
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => lines.push(line) });
  const standIn = { endpoint: aws.url, credentials: aws.credentials };
  const names = startOrganizationNames({ settings: () => set.config, clock, log, standIn });
  onTestFinished(() => names.stop());
  return { names, clock, lines, set, requests: () => aws.requests.length };
}

const account = ({ names, set }: Stage, id: string) => namesOf(names.withNames(set.config)).account(id);

describe('what accounts are called', () => {
  it('comes from the configuration first, then from AWS Organizations, and is the id until that is known', async () => {
    const stage = await start();
    expect(account(stage, '777788889999')).toBe('777788889999');
    expect(account(stage, '444455556666')).toBe('payments');
    await stage.clock.untilSleeping();
    expect(account(stage, '777788889999')).toBe('Sandbox');
    expect(account(stage, '444455556666')).toBe('payments');
    expect(account(stage, '123456789012')).toBe('123456789012');
    const named = stage.names.withNames(stage.set.config);
    expect(stage.names.withNames(stage.set.config)).toBe(named);
    expect(named.accounts.get('777788889999')).toEqual({ name: 'Sandbox', environment: undefined });
    expect(named.accounts.get('444455556666')).toEqual({ name: 'payments', environment: 'production' });
    expect(stage.names.state()).toEqual({ known: 3, readAt: stage.clock.now(), trouble: undefined });
  });

  it('is read again after some hours', async () => {
    const stage = await start();
    await stage.clock.untilSleeping();
    stage.set.accounts = [{ id: '777788889999', name: 'Playground' }];
    const before = stage.requests();
    await stage.clock.advance(5 * HOUR);
    expect(stage.requests()).toBe(before);
    await stage.clock.advance(2 * HOUR);
    await stage.clock.untilSleeping();
    expect(account(stage, '777788889999')).toBe('Playground');
  });

  it('is not asked of AWS where the configuration does not say so; a reload is heard at once', async () => {
    const stage = await start(UNWANTED);
    await stage.clock.untilSleeping();
    expect(stage.requests()).toBe(0);
    expect(stage.names.withNames(stage.set.config)).toBe(stage.set.config);
    expect(stage.names.state()).toBeUndefined();
    stage.set.config = WANTED;
    stage.names.wake();
    await stage.clock.untilSleeping();
    expect(account(stage, HOME)).toBe('Security');
    stage.set.config = UNWANTED;
    expect(account(stage, HOME)).toBe(HOME);
  });

  it('stays as it was when AWS refuses; that is said once, with what to do', async () => {
    const stage = await start();
    await stage.clock.untilSleeping();
    stage.set.accounts = undefined;
    for (let hours = 0; hours < 8; hours++) {
      await stage.clock.advance(HOUR);
      await stage.clock.untilSleeping();
    }
    expect(account(stage, '777788889999')).toBe('Sandbox');
    expect(stage.names.state()?.trouble?.what).toBe('the account is in no organization');
    const warnings = stage.lines.filter((line) => line.includes('"level":40'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('set organization.names to false');
    stage.set.accounts = [{ id: '777788889999', name: 'Sandbox' }];
    await stage.clock.advance(15 * MINUTE);
    await stage.clock.untilSleeping();
    expect(stage.names.state()?.trouble).toBeUndefined();
  });
});
