import type { Call } from '../call.ts';

/** The same call several times in a row, as one. */
export interface Run {
  /** The newest of them. */
  readonly call: Call;
  readonly count: number;
  /** Newest first. */
  readonly calls: readonly Call[];
}

/** Consecutive calls with the same action, actor, address and error count together. */
export function runsOf(calls: readonly Call[]): Run[] {
  const runs: Call[][] = [];
  let before = '';
  for (const call of calls) {
    const sameness = JSON.stringify([
      call.source,
      call.name,
      call.actor.label,
      call.address,
      call.errorCode,
      call.account,
      call.alsoIn,
    ]);
    if (sameness === before) runs.at(-1)?.push(call);
    else runs.push([call]);
    before = sameness;
  }
  return runs.flatMap((run) => (run[0] ? [{ call: run[0], count: run.length, calls: run }] : []));
}
