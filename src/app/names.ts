import type { AwsOptions } from '../aws/cloud-history.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, HOUR, type Millis } from '../kernel/time.ts';
import type { Names } from '../questions/material.ts';
import { networkNames } from '../questions/networks.ts';
import { type AccountNames, type AccountNamesState, createAccountNames } from '../work/account-names.ts';
import { startLoop } from '../work/loop.ts';

/** What accounts and networks are called, and where links lead, from the configuration. */
export function namesOf(config: Config): Names {
  return {
    account: (id) => config.accounts.get(id)?.name ?? id,
    networks: networkNames(config.lists),
    portal: config.identityCenter,
  };
}

/** The names of accounts from AWS Organizations, kept fresh in the background. */
export interface OrganizationNames {
  /**
   * The configuration with the names that are known by now; its own names go first. For what is shown and asked:
   * which accounts the bot is connected to says the configuration alone.
   */
  withNames(config: Config): Config;
  /** `undefined` while the configuration does not want them. */
  state(): AccountNamesState | undefined;
  /** The configuration may be another. */
  wake(): void;
  stop(): Promise<void>;
}

/** How long nothing is done while the names are not wanted; a reload wakes it. */
const OFF: Millis = HOUR;

interface NameTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly standIn?: Pick<AwsOptions, 'endpoint' | 'credentials'> | undefined;
}

async function openNames(
  config: Config,
  { clock, log, standIn }: NameTools,
): Promise<{ readonly names: AccountNames; close(): void }> {
  const { createOrganization } = await import('../aws/organization.ts');
  const source = createOrganization({ region: regionOf(config), clock, log, ...standIn });
  return { names: createAccountNames({ source, clock, log }), close: source.close };
}

/** How the names stand where no bot runs: read now, and let go. */
export async function readNamesOnce(
  config: Config,
  { signal, ...tools }: NameTools & { readonly signal: AbortSignal },
): Promise<AccountNamesState> {
  const { names, close } = await openNames(config, tools);
  try {
    await names.refresh(signal);
    return names.state();
  } finally {
    close();
  }
}

/** Nothing of AWS is loaded or called unless the configuration says `organization.names`. */
export function startOrganizationNames(
  tools: NameTools & { readonly settings: () => Config },
): OrganizationNames {
  const { settings, clock, log } = tools;
  const closing = new AbortController();
  let open: Awaited<ReturnType<typeof openNames>> | undefined;

  async function step(): Promise<Millis> {
    if (!settings().organizationNames) return OFF;
    open ??= await openNames(settings(), tools);
    return open.names.refresh(closing.signal);
  }

  const loop = startLoop('account names', step, clock, log);
  return {
    withNames: createMerge(() => open?.names.known()),
    state: () => (settings().organizationNames ? open?.names.state() : undefined),
    wake: loop.wake,
    async stop() {
      closing.abort();
      open?.close();
      await loop.stop();
    },
  };
}

function regionOf({ aws, history }: Config): string | undefined {
  return aws?.region ?? (history.regions === 'enabled' ? undefined : history.regions[0]);
}

/** The same object for the same names, so that asking for each event costs nothing. */
function createMerge(known: () => ReadonlyMap<string, string> | undefined): (config: Config) => Config {
  let merged: { config: Config; names: ReadonlyMap<string, string>; result: Config } | undefined;
  return (config) => {
    const names = known();
    if (!config.organizationNames || !names || names.size === 0) return config;
    if (merged?.config !== config || merged.names !== names) {
      const others = [...names].map(([id, name]) => [id, { name, environment: undefined }] as const);
      const accounts = new Map([...others, ...config.accounts]);
      merged = { config, names, result: { ...config, accounts } };
    }
    return merged.result;
  };
}
