import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { Trails } from '../work/verify/trails.ts';
import type { AwsStandIn } from './cloud.ts';

interface TrailTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly standIn?: AwsStandIn | undefined;
}

/** The way to the trails of all accounts that the configuration names; nothing of AWS is loaded before. */
export async function openTrails(
  config: Config,
  { clock, log, standIn }: TrailTools,
): Promise<Trails & { close(): void }> {
  const { createTrails } = await import('../aws/trails.ts');
  const roles = [...config.history.readerRoles];
  return createTrails({
    accounts: new Map(roles.map(([id, readerRole]) => [id, { readerRole }])),
    regions: config.history.regions,
    clock,
    log,
    ...standIn,
  });
}
