import type { Trouble } from '../coverage.ts';

/** A place that could not be asked, or not all of it. */
interface Missed {
  readonly account: string;
  /** `undefined` when it concerns the account as a whole. */
  readonly region: string | undefined;
  readonly trouble: Trouble;
}

const MOST_NAMED = 3;

/** One sentence for each reason, with where and what to do: the answer may lie in one of these places. */
export function sayMissed(missed: readonly Missed[]): string[] {
  const groups = new Map<string, Missed[]>();
  for (const one of missed) {
    const reason = [one.account, one.trouble.what, one.trouble.remedy].join('\n');
    groups.set(reason, [...(groups.get(reason) ?? []), one]);
  }
  return [...groups.values()].map(sayGroup);
}

function sayGroup(group: readonly Missed[]): string {
  const [first] = group;
  if (!first) return '';
  const { account, trouble } = first;
  const regions = group.flatMap(({ region }) => (region === undefined ? [] : [region]));
  const named = regions.length === 0 ? '' : ` in ${regions.slice(0, MOST_NAMED).join(', ')}`;
  const left = regions.length - MOST_NAMED;
  const more = left > 0 ? ` and ${left} more ${left === 1 ? 'region' : 'regions'}` : '';
  const remedy = trouble.remedy === '' ? '' : `; ${trouble.remedy}`;
  return `Not looked through: account ${account}${named}${more}: ${trouble.what}${remedy}.`;
}
