import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { Clock } from '../../kernel/time.ts';
import { createAccounts } from '../accounts.ts';
import { type Credentials, createClients } from '../clients.ts';
import { createRegions } from '../regions.ts';
import { type CarriedOut, carryOut } from './carry-out.ts';
import type { ConnectOptions } from './options.ts';
import { type Plan, planConnection } from './plan.ts';
import type { Step } from './step.ts';

export interface ConnectTools {
  /** Takes the place of the address of every service. */
  readonly endpoint?: string | undefined;
  /** Instead of what the SDK finds in environment, profile and metadata service. */
  readonly credentials?: Credentials | undefined;
  /** The roles to look by, by account, for whoever changes nothing; the set-up role unless given. */
  readonly readers?: ReadonlyMap<string, { readonly readerRole?: string | undefined }> | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
}

/** Looks at what there is in AWS, and changes it. */
export interface Connector {
  /** Changes nothing. Throws LookupTrouble when the home place cannot be read. */
  plan(wanted: 'everything' | 'nothing', hear?: (done: number, all: number) => void): Promise<Plan>;
  carryOut(plan: Plan, hear: (step: Step, done: number) => void): Promise<CarriedOut>;
  close(): void;
}

export function createConnector(options: ConnectOptions, tools: ConnectTools): Connector {
  const { clock, log, random, signal } = tools;
  const clients = createClients(tools.endpoint, options.region);
  const shared = { clients, clock, log, closing: signal };
  const accounts = createAccounts({
    ...shared,
    roles: tools.readers ?? new Map(),
    instead: tools.readers ? undefined : { role: options.setupRole, key: 'aws.setup_role' },
    given: tools.credentials,
  });
  const regions = createRegions({ ...shared, accounts, configured: 'enabled' });
  const control = { accounts, clients, clock, random, signal };
  return {
    plan: (wanted, hear) => planConnection({ control, options, regions, hear }, wanted),
    carryOut: (plan, hear) => carryOut(plan, control, hear),
    close: () => clients.close(),
  };
}
