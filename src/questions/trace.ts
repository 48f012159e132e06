import type { Millis } from '../kernel/time.ts';

/** How a session came to be: one call that issued credentials, or one step that leads on. */
export interface Hop {
  /** The key that this hop made; `undefined` where the record has none. */
  readonly keyId: string | undefined;
  /** `sts:AssumeRole`, `sts:GetSessionToken`, `signin:GetSigninToken` … */
  readonly action: string;
  readonly at: Millis;
  readonly account: string;
  readonly region: string;
  readonly eventId: string;
  /** Role that was assumed; `undefined` where none was. */
  readonly role: string | undefined;
  readonly session: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly mfa: boolean | undefined;
  readonly address: string | undefined;
  readonly client: string | undefined;
  /** Who made the call, as a label. */
  readonly caller: string;
  /** The key it was signed with. */
  readonly callerKeyId: string | undefined;
  /** `role switched in the console`, `matched in the caller's account by sharedEventID`, `guessed by time` … */
  readonly notes: readonly string[];
}

/** Where the walk ends, and why. */
export type Origin = {
  readonly kind:
    | 'user'
    | 'root'
    | 'console'
    | 'federated'
    | 'saml'
    | 'web identity'
    | 'identity center'
    | 'service'
    | 'instance'
    | 'function'
    | 'other account'
    | 'not found'
    | 'stopped';
  /** One sentence for people: `IAM user alice of Production, signed in to the console with MFA from 192.0.2.10.` */
  readonly said: string;
};

/** The way back from a temporary key: hops newest first, and the end of the walk. */
export interface Trace {
  readonly keyId: string;
  readonly hops: readonly Hop[];
  readonly origin: Origin;
  /** What the walk assumed or could not look at, each one sentence. */
  readonly caveats: readonly string[];
  /** Lookups it has cost. */
  readonly lookups: number;
}
