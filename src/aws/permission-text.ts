import type { Trouble } from '../questions/coverage.ts';
import type { Diagnosis, Verdict } from '../work/doctor/checkup.ts';
import type { Site } from './connect/wanted.ts';
import type { Tried } from './permission-outcome.ts';

/** Whose permissions are told. */
interface Where {
  readonly site: Site;
  /** The bot's own account. */
  readonly home: string;
}

/** Without these everything is seen all the same; only less is said of it. */
const COMFORTS = new Set([
  'iam:GetAccessKeyLastUsed',
  'iam:ListAccountAliases',
  's3:GetBucketLocation',
  'sts:GetAccessKeyInfo',
]);

/** An action with the reason for what became of it. */
interface Reasoned extends Pick<Tried, 'action' | 'on'> {
  readonly trouble: Trouble;
}

/** One line for a place, what is denied first. */
export function sayPermissions(where: Where, tried: readonly Tried[]): Diagnosis {
  const { account, region } = where.site;
  const allowed = tried.filter(({ outcome }) => outcome.kind === 'allowed');
  const denied = reasoned(tried, 'denied');
  const failed = reasoned(tried, 'failed');
  const untold = tried.flatMap(({ outcome, ...one }) =>
    outcome.kind === 'not told' ? [{ ...one, why: outcome.why }] : [],
  );
  const parts = [
    sayPart('denied', denied.map(sayDenied)),
    sayPart('not known', sayReasons(failed.map(({ trouble, ...one }) => ({ ...one, why: trouble.what })))),
    sayPart('allowed', sayServices(allowed)),
    sayPart('not tried', sayReasons(untold)),
  ];
  const says = `permissions in ${account} (${region}): ${parts.filter((part) => part !== '').join('; ')}`;
  const told = { area: 'aws', check: 'aws-permissions', verdict: verdictOf(denied, failed), says };
  const remedies = [...remediesFor(where, denied), ...failed.map(({ trouble }) => trouble.remedy)];
  return remedies.length === 0 ? told : { ...told, remedy: [...new Set(remedies)].join('; ') };
}

function reasoned(tried: readonly Tried[], kind: 'denied' | 'failed'): Reasoned[] {
  return tried.flatMap(({ outcome, ...one }) =>
    outcome.kind === kind ? [{ ...one, trouble: outcome.trouble }] : [],
  );
}

function verdictOf(denied: readonly Reasoned[], failed: readonly Reasoned[]): Verdict {
  if (denied.some(({ action }) => !COMFORTS.has(action))) return 'fault';
  if (denied.length > 0) return 'doubt';
  return failed.length > 0 ? 'unknown' : 'fine';
}

function sayPart(label: string, said: readonly string[]): string {
  return said.length === 0 ? '' : `${label}: ${said.join(', ')}`;
}

/** The policy of somebody above, which no policy of the bot's own can mend. */
const DENIED_BY = /: (a .+ denies it.*)$/;

function sayDenied(one: Reasoned): string {
  const [, by] = DENIED_BY.exec(one.trouble.what) ?? [];
  return by === undefined ? sayAction(one) : `${sayAction(one)} (${by})`;
}

function sayAction({ action, on }: Pick<Tried, 'action' | 'on'>): string {
  return on === undefined ? action : `${action} on ${on}`;
}

/** `kms:Decrypt (an encrypted file shows it)`; what has the same reason stands together. */
function sayReasons(all: readonly (Pick<Tried, 'action' | 'on'> & { readonly why: string })[]): string[] {
  const groups = Map.groupBy(all, ({ why }) => why);
  return [...groups].map(([why, those]) => `${[...new Set(those.map(sayAction))].join(', ')} (${why})`);
}

/** `iam (GetRole, GetRolePolicy)`. */
function sayServices(all: readonly Pick<Tried, 'action'>[]): string[] {
  const names = [...new Set(all.map(({ action }) => action))].sort();
  const services = Map.groupBy(names, (action) => action.split(':')[0] ?? '');
  return [...services].map(
    ([service, those]) => `${service} (${those.map((action) => action.split(':')[1]).join(', ')})`,
  );
}

function remediesFor({ site: { account }, home }: Where, denied: readonly Reasoned[]): string[] {
  if (denied.length === 0) return [];
  const [first] = denied;
  if (first?.action === 'sts:AssumeRole') {
    return [first.trouble.remedy, `"trailbot aws policy trust --account ${home}" prints that trust policy`];
  }
  const own =
    account === home
      ? 'give the bot’s role what "trailbot aws policy run" prints'
      : `give the reader role of ${account} what "trailbot aws policy reader" prints`;
  const byOthers = denied.filter(({ trouble }) => DENIED_BY.test(trouble.what));
  return [
    ...(byOthers.length < denied.length ? [own] : []),
    ...byOthers.map(({ trouble }) => trouble.remedy),
  ];
}
