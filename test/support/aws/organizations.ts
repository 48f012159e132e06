import type { JsonObject } from '../../../src/kernel/json.ts';
import { elements, Refusal, text } from './refusal.ts';
import type { Call, FakeService } from './services.ts';

/** One account of the organization, as AWS lists it. */
export interface ListedAccount {
  readonly id: string;
  readonly name: string;
  /** In milliseconds; long ago unless said. */
  readonly joinedAt?: number;
  /** `ACTIVE` unless said otherwise. */
  readonly state?: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';
}

export interface FakeOrganizationOptions {
  /** Read anew for each request; `undefined`: the caller's account is in no organization. */
  readonly accounts: () => readonly ListedAccount[] | undefined;
  /** Accounts that may list the others: the management account and delegated administrators. */
  readonly listers: readonly string[];
  /** Every page is followed by one without accounts, as AWS sometimes does. */
  readonly emptyPages?: boolean;
}

/** AWS Organizations. Source: Organizations API reference, `ListAccounts` (since `Status` was retired). */
export function fakeOrganizations(options: FakeOrganizationOptions): FakeService {
  return {
    name: 'organizations',
    wire: 'json-1.1',
    operations: { ListAccounts: (call) => listAccounts(options, call) },
  };
}

const MOST = 20;

function listAccounts(
  { accounts, listers, emptyPages = false }: FakeOrganizationOptions,
  { caller, params, emptyPage }: Call,
): JsonObject {
  const all = accounts();
  if (!all) {
    throw new Refusal(
      'AWSOrganizationsNotInUseException',
      'Your account is not a member of an organization.',
    );
  }
  if (!listers.includes(caller.account)) {
    throw new Refusal('AccessDeniedException', "You don't have permissions to access this resource.");
  }
  const { MaxResults: most = MOST, NextToken: token = '0' } = params;
  if (typeof most !== 'number' || most < 1 || most > MOST) {
    throw new Refusal('InvalidInputException', 'You provided an invalid value: MaxResults.');
  }
  const [, at = '', empty] = /^(\d+)(e?)$/.exec(String(token)) ?? [];
  if (at === '') throw new Refusal('InvalidInputException', 'You specified an invalid value for nextToken.');
  const start = Number(at);
  if (emptyPage || empty === 'e') return { Accounts: [], NextToken: at };
  const page = all.slice(start, start + most).map((one) => listed(one, caller.account));
  const next = start + most;
  if (next >= all.length) return { Accounts: page };
  return { Accounts: page, NextToken: emptyPages ? `${next}e` : `${next}` };
}

function listed({ id, name, state = 'ACTIVE', joinedAt }: ListedAccount, management: string): JsonObject {
  return {
    Id: id,
    Arn: `arn:aws:organizations::${management}:account/o-a1b2c3d4e5/${id}`,
    Email: `aws+${id}@example.com`,
    Name: name,
    State: state,
    JoinedMethod: 'CREATED',
    JoinedTimestamp: joinedAt === undefined ? 1_700_000_000 : joinedAt / 1000,
  };
}

/** IAM's own name of the account, of which there is none or one. Source: IAM API reference, `ListAccountAliases`. */
export function fakeAccountAlias(alias: string | undefined): FakeService {
  const member = alias === undefined ? undefined : elements({ member: text(alias) });
  return {
    name: 'iam',
    wire: 'query',
    operations: { ListAccountAliases: () => ({ AccountAliases: member ?? '', IsTruncated: 'false' }) },
  };
}
