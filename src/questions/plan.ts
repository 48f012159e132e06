import { parseArn } from '../cloudtrail/arn.ts';
import { MINUTE, type Millis } from '../kernel/time.ts';
import type { Call } from './call.ts';
import { endsBefore } from './coverage.ts';
import { partsOf } from './names.ts';
import { inScope } from './narrow.ts';
import { canonicalAddress } from './networks.ts';
import { type ActivityQuestion, type Attribute, EVENT_HISTORY_DAYS, type Scope } from './question.ts';
import type { StoredQuery } from './stored-query.ts';

/** How a question is asked of both sources, and what of their answers belongs to it. */
export interface Plan {
  readonly stored: readonly StoredQuery[];
  /**
   * What LookupEvents is asked in each region of an account, all of it: the most selective attribute that the
   * question has; `undefined` reads everything. Empty where the account cannot have any of it. `partition`: of the
   * region, `aws` unless given.
   */
  readonly lookups: (account: string, partition?: string) => readonly (Attribute | undefined)[];
  readonly keep: (call: Call) => boolean;
  /** What LookupEvents cannot find for this question, each one sentence. */
  readonly blind: readonly string[];
}

/** What one kind of question asks, before its scope narrows it. */
interface Asking {
  readonly stored: readonly (StoredQuery['by'] & { readonly account?: string | undefined })[];
  readonly lookups: Plan['lookups'];
  readonly keep?: (call: Call) => boolean;
  readonly blind: readonly string[];
}

export const NO_DATA_EVENTS =
  'AWS event history has management events only: work on S3 objects, table items and other data is seen only where those events are sent to Trailbot.';

export function planOf(question: ActivityQuestion): Plan {
  const { scope } = question;
  const { stored, lookups, keep, blind } = ASKING[question.kind](question.value, scope);
  return {
    stored: stored.flatMap(({ account, ...by }) => {
      const both = account !== undefined && scope.account !== undefined && account !== scope.account;
      return both ? [] : [storedQuery(by, scope, account)];
    }),
    lookups: (account, partition) =>
      scope.account === undefined || scope.account === account ? lookups(account, partition) : [],
    keep: (call) => inScope(call, scope) && (keep?.(call) ?? true),
    blind,
  };
}

/** What LookupEvents cannot know of this period at `now`: what is too old, and what has only just happened. */
export function blindIn(scope: Scope, now: Millis): string[] {
  const { from, to } = scope.period;
  return [
    ...(endsBefore(from, now)
      ? [
          `AWS event history ends ${EVENT_HISTORY_DAYS} days back: what is older comes from the own store alone.`,
        ]
      : []),
    ...(to > now - 15 * MINUTE ? ['AWS shows a call 5 to 15 minutes late: the newest may be missing.'] : []),
  ];
}

const ASKING: Readonly<Record<ActivityQuestion['kind'], (value: string, scope: Scope) => Asking>> = {
  // Who made or changed the key is another question (`resource KEY`), so that these are all calls signed with it.
  key: (keyId) => ({
    stored: [{ column: 'keyId', value: keyId }],
    lookups: () => [{ key: 'AccessKeyId', value: keyId }],
    keep: (call) => call.keyId === keyId,
    blind: [NO_DATA_EVENTS],
  }),
  user,
  role,
  resource,
  anything,
  address(typed, scope) {
    const address = canonicalAddress(typed);
    return {
      stored: [{ column: 'address', value: address }],
      lookups: () => everything(scope),
      keep: (call) => call.address === address,
      blind: [unasked('by address'), NO_DATA_EVENTS],
    };
  },
  errors: (_, scope) => ({
    stored: [{ column: 'failed', value: '' }],
    lookups: () => everything(scope),
    keep: (call) => call.errorCode !== undefined,
    blind: [unasked('for failed calls'), NO_DATA_EVENTS],
  }),
  // Every region has a sign-in endpoint of its own.
  logins: () => ({
    stored: [{ column: 'eventSource', value: SIGN_IN }],
    lookups: () => [{ key: 'EventSource', value: SIGN_IN }],
    keep: (call) => call.source === SIGN_IN,
    blind: ['Credentials for programs (AssumeRole, GetSessionToken) are not sign-ins and not shown here.'],
  }),
  root: () => ({
    stored: [{ column: 'kind', value: 'root' }],
    lookups: () => [{ key: 'Username', value: 'root' }],
    keep: (call) => call.actor.kind === 'root',
    blind: [NO_DATA_EVENTS],
  }),
};

const SIGN_IN = 'signin.amazonaws.com';

function user(value: string): Asking {
  const arn = parseArn(value);
  // The last part of a role session's ARN is the session.
  const name = partsOf(value).at(-1) ?? value;
  const account = arn?.account || undefined;
  return {
    stored: [{ column: 'actorName', value: name, account }],
    lookups: (asked) => only(account, asked, [{ key: 'Username', value: name }]),
    blind: [
      `What ${name} did through roles is found only where the session has this name; the roles themselves stand among the calls as AssumeRole.`,
      NO_DATA_EVENTS,
    ],
  };
}

function role(value: string): Asking {
  const arn = parseArn(value);
  const name = partsOf(value)[0] ?? value;
  const account = arn?.account || undefined;
  const changes: Attribute = { key: 'ResourceName', value: name };
  // A role that is assumed is listed by its ARN, a role that is changed mostly by its name.
  const assumed = (asked: string, partition = 'aws'): Attribute => ({
    key: 'ResourceName',
    value: arn?.service === 'iam' ? value : `arn:${partition}:iam::${account ?? asked}:role/${name}`,
  });
  return {
    stored: [
      { column: 'role', value: name, account },
      // What assumes a role names its ARN, what changes it mostly its name.
      ...(arn ? [{ column: 'named' as const, value }] : []),
      { column: 'named', value: name, account },
    ],
    lookups: (asked, partition) => [assumed(asked, partition), ...only(account, asked, [changes])],
    blind: [
      'AWS can be asked who assumed or changed a role, not what its sessions did: that comes from the own store alone.',
      ...(arn ? [] : ['Of a role with a path AWS finds the sessions only by its ARN.']),
      NO_DATA_EVENTS,
    ],
  };
}

function resource(value: string): Asking {
  return {
    stored: [{ column: 'named', value }, ...lastParts(value)],
    lookups: (asked) => resourceLookups(value, asked),
    blind: ['AWS finds a resource only under the exact name that a service reported.', NO_DATA_EVENTS],
  };
}

function anything(value: string): Asking {
  const name = partsOf(value).at(-1) ?? value;
  const account = parseArn(value)?.account || undefined;
  return {
    stored: [
      { column: 'named', value },
      ...lastParts(value),
      { column: 'actorName', value: name, account },
      { column: 'role', value: partsOf(value)[0] ?? value, account },
    ],
    lookups: (asked) => [
      ...resourceLookups(value, asked),
      ...only(account, asked, [{ key: 'Username', value: name } as const]),
    ],
    blind: [
      'AWS was asked for it as a name of a user, a session and a resource; what sessions of a role did comes from the own store alone.',
      NO_DATA_EVENTS,
    ],
  };
}

/** An ARN also by its last part, which other resources may share: only in the account that the ARN names. */
function lastParts(value: string): Asking['stored'] {
  const account = parseArn(value)?.account || undefined;
  return partsOf(value).map((name) => ({ column: 'named', value: name, account }));
}

function resourceLookups(value: string, asked: string): Attribute[] {
  const account = parseArn(value)?.account || undefined;
  const last = partsOf(value).at(-1);
  const names: Attribute[] = last === undefined ? [] : [{ key: 'ResourceName', value: last }];
  return [{ key: 'ResourceName', value }, ...only(account, asked, names)];
}

function only(
  account: string | undefined,
  asked: string,
  lookups: readonly Attribute[],
): readonly Attribute[] {
  return account === undefined || account === asked ? lookups : [];
}

function everything(scope: Scope): (Attribute | undefined)[] {
  if (scope.access === undefined) return [undefined];
  return [{ key: 'ReadOnly', value: scope.access === 'reads' ? 'true' : 'false' }];
}

function unasked(what: string): string {
  return `AWS cannot be asked ${what}: all events of the period are read there, newest first, as far as time allows.`;
}

function storedQuery(by: StoredQuery['by'], scope: Scope, account: string | undefined): StoredQuery {
  return {
    by,
    from: scope.period.from,
    to: scope.period.to,
    account: scope.account ?? account,
    region: scope.region,
    access: scope.access,
    failed: scope.failed,
  };
}
