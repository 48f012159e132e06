import type { Place } from './cloud-history.ts';

/** Which places are meant: one, an account in all its regions, a region in all accounts, or all there are (`*`). */
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
 * every region is concerned and regions of which every account is, else each by itself.
 */
export function scopesOf<T extends Place>(concerned: readonly T[], all: readonly Place[]): Scope<T>[] {
  if (concerned.length === 0) return [];
  if (all.length > 1 && concerned.length === all.length) {
    return [{ account: '*', region: '*', members: concerned, of: all.length }];
  }
  const whole = (account: string, region: string): Scope<T>[] => {
    const members = concerned.filter((one) => covers({ account, region }, one));
    const of = all.filter((one) => covers({ account, region }, one)).length;
    return of > 1 && members.length === of ? [{ account, region, members, of }] : [];
  };
  const accounts = [...new Set(concerned.map(({ account }) => account))].flatMap((one) => whole(one, '*'));
  const others = concerned.filter((one) => !accounts.some((scope) => covers(scope, one)));
  const regions = [...new Set(others.map(({ region }) => region))].flatMap((one) => whole('*', one));
  const single = others.filter((one) => !regions.some((scope) => covers(scope, one)));
  return [
    ...accounts,
    ...regions,
    ...single.map((one) => ({ account: one.account, region: one.region, members: [one], of: 1 })),
  ];
}

/** Whether what is said of `outer` is said of `inner`, too. */
export function covers(outer: Place, inner: Place): boolean {
  return (
    (outer.account === '*' || outer.account === inner.account) &&
    (outer.region === '*' || outer.region === inner.region)
  );
}

/** `prod (111122223333) in eu-west-1`, `all 3 regions of prod (111122223333)`, `eu-west-1 in all 4 accounts`, `all 12 places`. */
export function sayScope(
  { account, region, of }: Pick<Scope<Place>, 'account' | 'region' | 'of'>,
  nameOf: (account: string) => string,
): string {
  if (account === '*' && region !== '*') return `${region} in all ${of} accounts`;
  if (account === '*') return of > 1 ? `all ${of} places` : 'everywhere';
  const name = nameOf(account);
  const said = name === account ? account : `${name} (${account})`;
  if (region !== '*') return `${said} in ${region}`;
  return of > 1 ? `all ${of} regions of ${said}` : said;
}
