import type { Place } from './cloud-history.ts';

/** Which places are meant: one, an account in all its regions, or all there are (`*`). */
export interface Scope<T extends Place> {
  readonly account: string;
  readonly region: string;
  /** Those of them that are concerned. */
  readonly members: readonly T[];
  /** How many there are in all. */
  readonly of: number;
}

/**
 * What is wrong with several places at once is one thing and not many: all of them together, else accounts of which
 * every region is concerned, else each by itself.
 */
export function scopesOf<T extends Place>(concerned: readonly T[], all: readonly Place[]): Scope<T>[] {
  if (concerned.length === 0) return [];
  if (all.length > 1 && concerned.length === all.length) {
    return [{ account: '*', region: '*', members: concerned, of: all.length }];
  }
  return [...new Set(concerned.map(({ account }) => account))].flatMap((account) => {
    const members = concerned.filter((one) => one.account === account);
    const of = all.filter((one) => one.account === account).length;
    if (of > 1 && members.length === of) return [{ account, region: '*', members, of }];
    return members.map((one) => ({ account, region: one.region, members: [one], of: 1 }));
  });
}

/** Whether what is said of `outer` is said of `inner`, too. */
export function covers(outer: Place, inner: Place): boolean {
  return (
    (outer.account === '*' || outer.account === inner.account) &&
    (outer.region === '*' || outer.region === inner.region)
  );
}

/** `prod (111122223333) in eu-west-1`, `all 3 regions of prod (111122223333)`, `all 12 places`. */
export function sayScope(
  { account, region, of }: Pick<Scope<Place>, 'account' | 'region' | 'of'>,
  nameOf: (account: string) => string,
): string {
  if (account === '*') return of > 1 ? `all ${of} places` : 'everywhere';
  const name = nameOf(account);
  const said = name === account ? account : `${name} (${account})`;
  if (region !== '*') return `${said} in ${region}`;
  return of > 1 ? `all ${of} regions of ${said}` : said;
}
