import { DAY, type Millis } from '../../kernel/time.ts';
import type { Trouble } from '../../questions/coverage.ts';
import { allSweeps, type Sweep } from '../../store/gaps.ts';
import { countLate } from '../../store/gaps-late.ts';
import { allSources } from '../../store/silence.ts';
import type { Sql } from '../../store/sql.ts';
import type { Place } from '../cloud-history.ts';

/** What the sweep and the silence watch know of a place. */
export interface PlaceStatus {
  /** `*` for all of them, with the region `*`. */
  readonly account: string;
  /** `*` for an account as a whole. */
  readonly region: string;
  /** Everything up to here was compared or given up; `undefined` before the first comparison. */
  readonly sweptUntil: Millis | undefined;
  /** Events that did not arrive by themselves, in the last seven days. */
  readonly missing: number;
  /** Why it is not compared to the end, and what is left out. */
  readonly uncovered: readonly Uncovered[];
  readonly silentSince: Millis | undefined;
}

/** What is switched off says nothing any more. */
export interface Watched {
  readonly sweep?: boolean;
  readonly silence?: boolean;
}

interface Uncovered {
  readonly kind: 'changes' | 'reads';
  readonly trouble: Trouble | undefined;
  /** The latest period that will not be compared any more. */
  readonly period: { readonly from: Millis; readonly to: Millis } | undefined;
}

/** Late events are counted for so long. */
const RECENT: Millis = 7 * DAY;

/** Every place that the sweep has asked, and every source that is silent. */
export async function readPlaceStatus(
  sql: Sql,
  now: Millis,
  { sweep = true, silence = true }: Watched = {},
): Promise<PlaceStatus[]> {
  const sweeps = sweep ? await allSweeps(sql) : [];
  const late = await countLate(sql, now - RECENT);
  const sources = silence ? await allSources(sql) : [];
  const silent = sources.filter(({ silentSince }) => silentSince !== undefined);
  const ids = new Set([...sweeps, ...late, ...silent].map(({ account, region }) => `${account}|${region}`));
  return [...ids].sort().map((id) => {
    const [account = '', region = ''] = id.split('|');
    const isHere = (one: { account: string; region: string }): boolean =>
      one.account === account && one.region === region;
    const here = sweeps.filter(isHere);
    return {
      account,
      region,
      sweptUntil: sweptUntil(here),
      missing: late.find(isHere)?.events ?? 0,
      uncovered: here.flatMap((sweep) => uncoveredOf(sweep, now)),
      silentSince: silent.find(isHere)?.silentSince,
    };
  });
}

/** What was compared of all kinds. */
function sweptUntil(sweeps: readonly Sweep[]): Millis | undefined {
  const compared = sweeps.filter(({ region, sweptAt }) => region !== '*' && sweptAt !== undefined);
  return compared.length === 0 ? undefined : Math.min(...compared.map((one) => one.sweptUntil));
}

function uncoveredOf({ kind, trouble, uncovered }: Sweep, now: Millis): Uncovered[] {
  const period = uncovered && uncovered.to > now - RECENT ? uncovered : undefined;
  if (trouble === undefined && !period) return [];
  return [{ kind, trouble: trouble === undefined ? undefined : (JSON.parse(trouble) as Trouble), period }];
}

/** `account 111122223333 in eu-west-1`. */
export function sayWhere({ account, region }: Place): string {
  if (account === '*') return 'all accounts';
  return region === '*' ? `account ${account}` : `account ${account} in ${region}`;
}
