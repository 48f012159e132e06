import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { parseArn } from '../cloudtrail/arn.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, HOUR, MINUTE, type Millis } from '../kernel/time.ts';
import type { Trouble } from '../questions/coverage.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import type { Clients, CredentialSource, Credentials } from './clients.ts';
import { patiently } from './patience.ts';
import { type Lasting, remember } from './remember.ts';

/** Whose credentials the bot has. */
interface Home {
  readonly account: string;
  readonly partition: string;
}

/** The accounts that can be entered, and the credentials to do it with. */
export interface Accounts {
  /** Throws LookupTrouble. */
  home(): Promise<Home>;
  /** The bot's own account first. Throws LookupTrouble. */
  all(): Promise<readonly string[]>;
  /** Credentials for one account: the bot's own, or those of its reader role. They throw LookupTrouble. */
  credentials(account: string): CredentialSource;
  /** The bot's own. */
  readonly own: CredentialSource;
  /** AWS says that the credentials have expired before their time: the next request gets new ones. */
  renew(account: string): Promise<void>;
}

interface AccountTools {
  readonly roles: ReadonlyMap<string, { readonly readerRole?: string | undefined }>;
  /** The role to enter every account by instead, and what the configuration calls it. */
  readonly instead?: { readonly role: string | undefined; readonly key: string } | undefined;
  readonly given: Credentials | undefined;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends what is under way when the program does. */
  readonly closing: AbortSignal;
}

const SESSION = 'trailbot';
/** The most that a role assumed by a role may have. Source: STS API, `AssumeRole`, role chaining. */
const SESSION_SECONDS = 3600;
/** Renewed this long before AWS refuses it. */
const SPARE: Millis = 5 * MINUTE;

export function createAccounts(tools: AccountTools): Accounts {
  const { clients, clock, closing, roles } = tools;
  const own = ownCredentials(tools.given);
  const home = remember(clock, async (): Promise<Lasting<Home>> => {
    const asked = { action: 'sts:GetCallerIdentity' };
    const said = await patiently(clock, asked, closing, async (abortSignal) => {
      const sts = await clients.sts(own);
      return sts.send(new GetCallerIdentityCommand({}), { abortSignal });
    });
    const { Account: account = '', Arn: arn } = said;
    return { value: { account, partition: parseArn(arn)?.partition ?? 'aws' }, until: clock.now() + HOUR };
  });
  const sessions = remember(clock, (account) => assume(account));

  async function assume(account: string): Promise<Lasting<Credentials>> {
    const { partition } = await home.get('home');
    const named = tools.instead ?? {
      role: roles.get(account)?.readerRole,
      key: `accounts.${account}.reader_role`,
    };
    const role = roleOf(account, partition, named);
    const asked = { action: 'sts:AssumeRole', role };
    const said = await patiently(clock, asked, closing, async (abortSignal) => {
      const sts = await clients.sts(own);
      const request = { RoleArn: role, RoleSessionName: SESSION, DurationSeconds: SESSION_SECONDS };
      return sts.send(new AssumeRoleCommand(request), { abortSignal });
    });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = said.Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined) {
      throw new LookupTrouble(trouble('refused', `AWS gave no credentials for ${role}`, 'ask again'));
    }
    tools.log.debug({ account, role }, 'assumed the reader role');
    return {
      value: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        ...(SessionToken && { sessionToken: SessionToken }),
      },
      until: (Expiration?.getTime() ?? clock.now()) - SPARE,
    };
  }

  return {
    own,
    home: () => home.get('home'),
    async all() {
      const { account } = await home.get('home');
      return [...new Set([account, ...roles.keys()])];
    },
    credentials: (account) => async () => {
      const { account: here } = await home.get('home');
      return account === here ? own() : sessions.get(account);
    },
    async renew(account) {
      const { account: here } = await home.get('home');
      if (account === here) await own.renew();
      else sessions.forget(account);
    },
  };
}

/** A laptop has no metadata service, and must not wait for it long. */
const METADATA = { timeout: 750, maxRetries: 0 };

/** Given ones, else what the SDK's chain finds: environment, profile, pod, task or instance role. */
function ownCredentials(given: Credentials | undefined): CredentialSource & { renew(): Promise<void> } {
  if (given !== undefined) return Object.assign(async () => given, { renew: async () => undefined });
  const chain = fromNodeProviderChain(METADATA);
  return Object.assign(() => chain(), {
    renew: async () => {
      await chain({ forceRefresh: true });
    },
  });
}

/** `TrailbotReader` or a whole ARN, as an ARN of that account. */
function roleOf(
  account: string,
  partition: string,
  { role, key }: { readonly role: string | undefined; readonly key: string },
): string {
  if (role === undefined) {
    const remedy = `name a role of that account that the bot may assume: ${key}`;
    const what = `no ${key.endsWith('setup_role') ? 'setup' : 'reader'} role is configured`;
    throw new LookupTrouble(trouble('no credentials', what, remedy));
  }
  const owner = parseArn(role)?.account;
  if (owner === undefined) return `arn:${partition}:iam::${account}:role/${role}`;
  if (owner === account) return role;
  const what = `its reader role belongs to another account (${owner})`;
  throw new LookupTrouble(trouble('refused', what, `correct ${key}`));
}

function trouble(kind: Trouble['kind'], what: string, remedy: string): Trouble {
  return { kind, what, remedy };
}
