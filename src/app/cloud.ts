import type { AwsOptions } from '../aws/cloud-history.ts';
import type { Paces } from '../aws/pace.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { CloudHistory } from '../work/cloud-history.ts';

/** Where AWS answers instead of its own addresses, and with which keys: for tests and stand-ins. */
export type AwsStandIn = Pick<AwsOptions, 'endpoint' | 'credentials' | 'rate'>;

/** The way to CloudTrail's event history, as the configuration has it at the moment. */
export interface Cloud {
  /** `off`: why it is not asked, as a sentence. */
  history(config: Config): Promise<CloudHistory | { readonly off: string }>;
  close(): void;
}

const OFF = 'history.lookup_events is false in the configuration.';

/**
 * Nothing of AWS is loaded or called before the first question. Its memory of accounts, regions and rates is kept
 * as long as the configuration says the same.
 */
export function createCloud(tools: { clock: Clock; log: Log; standIn?: AwsStandIn | undefined }): Cloud {
  const made = new Map<string, ReturnType<typeof make>>();

  // AWS counts requests of the account, whatever our configuration was when they were made.
  let paceOf: Paces | undefined;

  async function make(config: Config) {
    const { createCloudHistory } = await import('../aws/cloud-history.ts');
    const { createPaces } = await import('../aws/pace.ts');
    paceOf ??= createPaces(tools.clock, tools.standIn?.rate);
    const roles = [...config.history.readerRoles];
    return createCloudHistory({
      accounts: new Map(roles.map(([id, readerRole]) => [id, { readerRole }])),
      regions: config.history.regions,
      clock: tools.clock,
      log: tools.log,
      paceOf,
      ...tools.standIn,
    });
  }

  return {
    async history(config) {
      if (!config.history.lookupEvents) return { off: OFF };
      const key = JSON.stringify([[...config.history.readerRoles], config.history.regions]);
      const found = made.get(key) ?? make(config);
      made.set(key, found);
      return found;
    },
    close() {
      for (const history of made.values()) void history.then((one) => one.close());
    },
  };
}
