import type { Call } from './call.ts';
import type { Material } from './material.ts';
import type { Period, Scope } from './question.ts';

/** Whether a question of this scope is about this call. */
export function inScope(call: Call, scope: Scope): boolean {
  if (call.at < scope.period.from || call.at > scope.period.to) return false;
  if (scope.account !== undefined && call.account !== scope.account) return false;
  if (scope.region !== undefined && call.region !== scope.region) return false;
  if (scope.failed === true && call.errorCode === undefined) return false;
  return scope.access === undefined || fits(call.readOnly, scope.access);
}

/** A call that does not say counts as a write, so that none is overlooked. */
function fits(readOnly: boolean | undefined, access: 'reads' | 'writes'): boolean {
  return (access === 'reads') === (readOnly === true);
}

/**
 * The same material within a smaller scope, without asking again. It cannot find what was never asked for: where
 * `scope` reaches further than before, the coverage says so.
 */
export function narrow(material: Material, scope: Partial<Scope>): Material {
  const { coverage } = material;
  const before = coverage.scope;
  const now: Scope = {
    period: scope.period ? common(before.period, scope.period) : before.period,
    account: scope.account ?? before.account,
    region: scope.region ?? before.region,
    access: scope.access ?? before.access,
    failed: scope.failed === true || before.failed,
  };
  const calls = material.calls.filter((call) => inScope(call, now));
  const blind = wider(before, scope)
    ? [...coverage.blind, 'Some of this lies outside of what was asked at first: ask again to see all of it.']
    : coverage.blind;
  return { ...material, calls, coverage: { ...coverage, scope: now, blind } };
}

function common(before: Period, now: Period): Period {
  return { ...now, from: Math.max(before.from, now.from), to: Math.min(before.to, now.to) };
}

function wider(before: Scope, asked: Partial<Scope>): boolean {
  const { period } = asked;
  const members = ['account', 'region', 'access'] as const;
  return (
    (period !== undefined && (period.from < before.period.from || period.to > before.period.to)) ||
    members.some(
      (member) =>
        before[member] !== undefined && asked[member] !== undefined && before[member] !== asked[member],
    )
  );
}
