import type { HashedFile } from '../../cloudtrail/digest.ts';
import type { Trouble } from '../../questions/coverage.ts';
import { LookupTrouble } from '../cloud-history.ts';
import type { TrailFiles } from '../trail-files.ts';
import { createTurns } from '../ways/turns.ts';
import { verifyChain } from './chain.ts';
import { type Chosen, chainsOf, isWanted, noSuchTrail, type Wanted } from './choose.ts';
import { createCounting, type VerifyState } from './counting.ts';
import { createKeyRing } from './keys.ts';
import { judgeMembers } from './members.ts';
import { judgeEnd } from './newest.ts';
import { type Chain, type ChainReport, emptyReport } from './report.ts';
import { nameSwapped } from './swapped.ts';
import type { Period, Trail, TrailState, Trails } from './trails.ts';
import { countUnreferenced, nameIn } from './unreferenced.ts';

/** What was verified. */
export interface Verified {
  readonly period: Period;
  readonly trails: readonly Trail[];
  readonly chains: readonly ChainReport[];
  /** Accounts, regions and trails of which nothing, or not all, could be learnt. */
  readonly troubles: readonly { readonly place: string; readonly trouble: Trouble }[];
}

interface VerifyTools {
  readonly trails: Trails;
  readonly signal: AbortSignal;
  /** Files that are read at the same time. */
  readonly together: number;
  readonly hear?: ((state: VerifyState) => void) | undefined;
}

/** Chains that are followed at the same time. */
const CHAINS_TOGETHER = 6;

/**
 * Verifies every chain of the trails that are wanted. What could not be asked is in the answer, with the reason.
 * Throws LookupTrouble when nothing can be asked at all, or there is no such trail.
 */
export async function verifyTrails(tools: VerifyTools, wanted: Wanted): Promise<Verified> {
  const { trails, signal } = tools;
  const { trails: known, troubles } = await trails.all(signal);
  const chosen = known.filter((trail) => isWanted(wanted, trail));
  if (wanted.trail !== undefined && chosen.length === 0) {
    // A place that does not tell may be the one that has it.
    throw troubles[0] ? new LookupTrouble(troubles[0].trouble) : noSuchTrail(wanted.trail, known);
  }
  const all: Chosen[] = [];
  // Where the trail was found, it does not matter who else does not tell of theirs.
  const failed = wanted.trail === undefined ? [...troubles] : [];
  for (const trail of chosen) {
    try {
      const one = await chainsOf(trails, trail, wanted, signal);
      all.push(one);
      if (one.trouble) failed.push({ place: trail.name, trouble: one.trouble });
    } catch (error) {
      failed.push({ place: trail.name, trouble: troubleOf(error) });
    }
  }
  const reports = await verifyAll(
    tools,
    all.flatMap(({ chains }) => chains),
    wanted,
  );
  for (const { chains, members } of all) {
    const own = reports.filter(({ chain }) => chains.includes(chain));
    judgeMembers(own, { period: wanted.period, named: wanted.accounts !== undefined, members });
  }
  return { period: wanted.period, trails: chosen, chains: reports, troubles: failed };
}

async function verifyAll(
  tools: VerifyTools,
  chains: readonly Chain[],
  { period, unreferenced }: Wanted,
): Promise<ChainReport[]> {
  const begin = createCounting(chains.length, period, tools.hear);
  const chainTurns = createTurns(CHAINS_TOGETHER);
  const keysOf = createKeyRing(tools.trails, tools.signal);
  const files = filesByTrail(tools, chains);

  async function verifyOne(chain: Chain, own: TrailFiles): Promise<ChainReport> {
    const report = emptyReport(chain);
    const count = begin();
    const place = { account: chain.trail.seenBy[0] ?? chain.trail.account, region: chain.source.region };
    const named = unreferenced ? new Set<string>() : undefined;
    const chainTools = {
      files: own,
      keys: keysOf(place, period),
      signal: tools.signal,
      hear: count.hear,
      named: named && ((log: HashedFile) => named.add(nameIn(log.key))),
    };
    try {
      await verifyChain(chainTools, report, period);
      if (named) report.unreferenced = await countUnreferenced(chainTools, report, named);
      judgeEnd(report, await stateOf(tools, chain), period);
    } catch (error) {
      report.trouble = troubleOf(error);
    }
    count.end();
    return report;
  }

  const reports: ChainReport[] = [];
  for (const [arn, own] of files) {
    const ofTrail = chains.filter(({ trail }) => trail.arn === arn);
    const told = await Promise.all(ofTrail.map((chain) => chainTurns(() => verifyOne(chain, own))));
    await tellSwapped({ files: own, signal: tools.signal }, told, period);
    reports.push(...told);
  }
  return reports;
}

/** Each trail's files are read as its accounts may; all wait for the same turns. */
function filesByTrail({ trails, together }: VerifyTools, chains: readonly Chain[]): Map<string, TrailFiles> {
  const turns = createTurns(together);
  return new Map(
    [...new Map(chains.map(({ trail }) => [trail.arn, trail]))].map(([arn, trail]) => {
      const { get, list } = trails.files(trail);
      return [arn, { list, get: (...asked) => turns(() => get(...asked)) }];
    }),
  );
}

async function tellSwapped(
  tools: Parameters<typeof nameSwapped>[0],
  reports: readonly ChainReport[],
  period: Period,
): Promise<void> {
  try {
    await nameSwapped(tools, reports, period);
  } catch (error) {
    // That the files were changed is told in any case; only the other file stays unknown.
    troubleOf(error);
  }
}

/** CloudTrail tells the state of a trail to the account that owns it, and nobody tells that of a member. */
async function stateOf(
  { trails, signal }: VerifyTools,
  { trail, source }: Chain,
): Promise<TrailState | undefined> {
  if (source.account !== trail.account) return undefined;
  try {
    return await trails.state(trail, source.region, signal);
  } catch (error) {
    // Only a hint: the files are what counts.
    troubleOf(error);
    return undefined;
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof LookupTrouble) return error.trouble;
  throw error;
}
