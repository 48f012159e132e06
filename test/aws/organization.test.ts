import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrganization } from '../../src/aws/organization.ts';
import { createLog } from '../../src/kernel/log.ts';
import { LookupTrouble } from '../../src/work/cloud-history.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import {
  type FakeOrganizationOptions,
  fakeAccountAlias,
  fakeOrganizations,
  type ListedAccount,
} from '../support/aws/organizations.ts';
import { fakeClock } from '../support/clock.ts';

const HOME = '111122223333';
const never = new AbortController().signal;

function many(count: number): ListedAccount[] {
  return Array.from({ length: count }, (_, at) => ({
    id: String(at + 1).padStart(12, '0'),
    name: `team-${at + 1}`,
  }));
}

async function organization(
  options: Partial<FakeOrganizationOptions>,
  alias?: string,
): Promise<{ aws: FakeAws; names: (signal?: AbortSignal) => Promise<ReadonlyMap<string, string>> }> {
  const service = fakeOrganizations({ accounts: () => [], listers: [HOME], ...options });
  const aws = await startFakeAws({ services: [service, fakeAccountAlias(alias)] });
  const { url: endpoint, credentials } = aws;
  const source = createOrganization({ endpoint, credentials, clock: fakeClock(), log: createLog('silent') });
  onTestFinished(() => source.close());
  return { aws, names: (signal = never) => source.names(signal) };
}

const troubleOf = async (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => (error instanceof LookupTrouble ? error.trouble : error),
  );

describe('the names of an organization’s accounts', () => {
  it('are read page by page to the end, empty pages and all', async () => {
    const accounts = [...many(45), { id: HOME, name: 'Security' }];
    const { aws, names } = await organization({ accounts: () => accounts, emptyPages: true });
    aws.fault({ operation: 'ListAccounts', kind: 'empty page', times: 1 });
    const read = await names();
    expect(read.size).toBe(46);
    expect([read.get('000000000045'), read.get(HOME)]).toEqual(['team-45', 'Security']);
    const listed = aws.requests.filter(({ operation }) => operation === 'ListAccounts');
    expect(listed.every(({ params, region }) => params.MaxResults === 20 && region === 'us-east-1')).toBe(
      true,
    );
    expect(listed).toHaveLength(6);
  });

  it('are kept for accounts that are closed or suspended', async () => {
    const states = ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'] as const;
    const accounts = states.map((state, at) => ({ id: `99988887777${at}`, name: `old ${state}`, state }));
    const { names } = await organization({ accounts: () => accounts });
    expect((await names()).get('999888877774')).toBe('old CLOSED');
    expect((await names()).size).toBe(5);
  });

  it('have the own account’s alias where no name is known for it', async () => {
    const { names } = await organization({ accounts: () => many(1) }, 'acme-main');
    expect((await names()).get(HOME)).toBe('acme-main');
    const without = await organization({ accounts: () => many(1) });
    expect((await without.names()).has(HOME)).toBe(false);
  });

  it('are refused with what to do', async () => {
    const alone = await organization({ accounts: () => undefined });
    expect(await troubleOf(alone.names())).toEqual({
      kind: 'refused',
      what: 'the account is in no organization',
      remedy: 'name the accounts under accounts, and set organization.names to false',
    });
    const member = await organization({ listers: ['999999999999'] });
    expect(await troubleOf(member.names())).toEqual({
      kind: 'denied',
      what: 'not allowed to call organizations:ListAccounts',
      remedy:
        'allow organizations:ListAccounts to the role or user that asks there, and run the bot in the organization’s management account or in a delegated administrator’s; or name the accounts under accounts and set organization.names to false',
    });
  });

  it('are asked for again after a passing failure, and given up when the program ends', async () => {
    const service = fakeOrganizations({ accounts: () => many(3), listers: [HOME] });
    const aws = await startFakeAws({ services: [service, fakeAccountAlias(undefined)] });
    const clock = fakeClock();
    const { url: endpoint, credentials } = aws;
    const source = createOrganization({ endpoint, credentials, clock, log: createLog('silent') });
    aws.fault({ operation: 'ListAccounts', kind: 'throttle', times: 1 });
    const names = source.names(never);
    await clock.untilSleeping();
    await clock.advance(1000);
    expect((await names).size).toBe(3);
    aws.fault({ operation: 'ListAccounts', kind: 'hang', times: 1 });
    const cut = troubleOf(source.names(never));
    await aws.untilRequests(aws.requests.length + 1);
    source.close();
    expect(await cut).toMatchObject({ kind: 'cancelled' });
  });
});
