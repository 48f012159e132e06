import { randomBytes } from 'node:crypto';
import type { Millis } from '../../../src/kernel/time.ts';
import { Refusal } from './refusal.ts';

/** One account of the fake. */
export interface FakeAccount {
  /** Enabled regions; the 17 that every account has unless said otherwise. */
  readonly regions?: readonly string[];
  /** Name or ARN of the role that the home account may assume; nobody may enter without one. */
  readonly readerRole?: string;
  /** Names of further roles that the home account may assume. */
  readonly roles?: readonly string[];
  /** Long-term keys of the account's users, by access key id. */
  readonly keys?: Readonly<Record<string, FakeKey>>;
}

export interface FakeKey {
  readonly userName: string;
  readonly lastUsed?: { readonly at: Millis; readonly service: string; readonly region: string };
}

export interface FakeCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Who has signed a request. */
export interface Caller {
  readonly keyId: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** Set for sessions of a role. */
  readonly session: { readonly token: string; readonly until: Millis } | undefined;
  readonly secret: string;
}

/** The regions that every account has from the start. Source: AWS Account Management guide, "Enable or disable AWS Regions". */
export const DEFAULT_REGIONS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id of the form that AWS issues today: prefix, account, and a number that makes it one of its kind. */
export function keyIdOf(prefix: 'AKIA' | 'ASIA', account: string, number: number): string {
  // 80 bits, 5 to a character: a one, the account in 40 bits, the rest.
  let bits = (1n << 79n) | (BigInt(account) << 39n) | (BigInt(number) & ((1n << 39n) - 1n));
  let id = '';
  for (let i = 0; i < 16; i += 1) {
    id = `${ALPHABET[Number(bits & 31n)]}${id}`;
    bits >>= 5n;
  }
  return prefix + id;
}

function accountIn(keyId: string): string | undefined {
  if (!/^[A-Z]{4}[Q-Z2-7][A-Z2-7]{15}$/.test(keyId)) return undefined;
  let bits = 0n;
  for (const character of keyId.slice(4)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  const account = (bits >> 39n) & ((1n << 40n) - 1n);
  return account < 1_000_000_000_000n ? String(account).padStart(12, '0') : undefined;
}

/** Accounts, who may enter them, and the keys that have been issued. */
export class Accounts {
  readonly home: string;
  readonly credentials: FakeCredentials;
  readonly #accounts: ReadonlyMap<string, FakeAccount>;
  readonly #now: () => Millis;
  readonly #callers = new Map<string, Caller>();
  #issued = 0;

  constructor(accounts: Readonly<Record<string, FakeAccount>>, home: string, now: () => Millis) {
    this.#accounts = new Map(Object.entries(accounts));
    if (!this.#accounts.has(home)) throw new Error(`the home account ${home} is not among the accounts`);
    this.home = home;
    this.#now = now;
    const secretAccessKey = randomBytes(30).toString('base64');
    this.credentials = { accessKeyId: keyIdOf('AKIA', home, 1), secretAccessKey };
    const { accessKeyId: keyId } = this.credentials;
    this.#callers.set(keyId, {
      keyId,
      account: home,
      arn: `arn:aws:iam::${home}:user/trailbot`,
      userId: 'AIDAQFAKEUSEROFTRAILB',
      session: undefined,
      secret: secretAccessKey,
    });
  }

  has(account: string): boolean {
    return this.#accounts.has(account);
  }

  regionsOf(account: string): readonly string[] {
    return this.#accounts.get(account)?.regions ?? DEFAULT_REGIONS;
  }

  /** The caller whose key it is; throws what AWS says to anybody else. */
  caller(keyId: string, token: string | undefined): Caller {
    const caller = this.#callers.get(keyId);
    if (!caller || caller.session?.token !== token) {
      throw new Refusal(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    if (caller.session && caller.session.until <= this.#now()) throw expired();
    return caller;
  }

  /** The account that a key belongs to, whoever owns it; `undefined` for ids that say nothing and are not known. */
  accountOf(keyId: string): string | undefined {
    return this.ownerOf(keyId) ?? accountIn(keyId);
  }

  /** The same, of keys that the fake itself has. */
  ownerOf(keyId: string): string | undefined {
    const listed = [...this.#accounts].find(([, { keys }]) => keys && Object.hasOwn(keys, keyId));
    return this.#callers.get(keyId)?.account ?? listed?.[0];
  }

  /** The user's key in that account. */
  keyOf(account: string, keyId: string): FakeKey | undefined {
    const { keys } = this.#accounts.get(account) ?? {};
    if (keys && Object.hasOwn(keys, keyId)) return keys[keyId];
    return keyId === this.credentials.accessKeyId && account === this.home
      ? { userName: 'trailbot' }
      : undefined;
  }

  /** New credentials for a session of the role; throws AccessDenied unless the account lets the home account in by it. */
  assume(caller: Caller, roleArn: string, sessionName: string, seconds: number): Caller {
    const [, account = '', role = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
    const { readerRole, roles = [] } = this.#accounts.get(account) ?? {};
    const known = [...roles, ...(readerRole === undefined ? [] : [readerRole])];
    const mayEnter = known.some((name) => name === role || name === roleArn);
    if (!mayEnter || caller.account !== this.home) {
      const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
      throw new Refusal('AccessDeniedException', message, 403);
    }
    this.#issued += 1;
    const session: Caller = {
      keyId: keyIdOf('ASIA', account, this.#issued),
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1)}/${sessionName}`,
      userId: `AROAQFAKEROLEREADER00:${sessionName}`,
      session: { token: randomBytes(48).toString('base64'), until: this.#now() + seconds * 1000 },
      secret: randomBytes(30).toString('base64'),
    };
    this.#callers.set(session.keyId, session);
    return session;
  }
}

export function expired(): Refusal {
  return new Refusal('ExpiredTokenException', 'The security token included in the request is expired');
}
