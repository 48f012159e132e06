import type { TrailFiles } from '../work/trail-files.ts';
import type { Queue } from '../work/ways/queue.ts';
import { createAccounts } from './accounts.ts';
import { createClients } from './clients.ts';
import type { AwsOptions } from './cloud-history.ts';
import { createQueue, readQueueUrl } from './queue.ts';
import { createFileBudget, createTrailFiles } from './trail-files.ts';

/** Queues and files, read through the AWS SDK. Nothing is asked before it is needed. */
export interface AwsWays {
  queue(url: string): Queue;
  /** `region` is where the buckets most likely are. */
  files(region: string): TrailFiles;
  /** The files that the messages of this queue point to. */
  filesFor(queueUrl: string): TrailFiles;
  close(): void;
}

export function createAwsWays(options: Omit<AwsOptions, 'regions' | 'rate' | 'paceOf'>): AwsWays {
  const { clock, log } = options;
  const closing = new AbortController();
  const clients = createClients(options.endpoint, undefined);
  const shared = { clients, clock, log, closing: closing.signal };
  const accounts = createAccounts({ ...shared, roles: options.accounts, given: options.credentials });
  const tools = { accounts, clients, budget: createFileBudget(), clock };
  // A bucket of another account is often closed to the bot's own role, and open to its reader role there.
  const files = (region: string) => createTrailFiles(tools, { accounts: accounts.all, region });
  return {
    queue: (url) => createQueue(tools, url),
    files,
    filesFor: (queueUrl) => files(readQueueUrl(queueUrl).region),
    close() {
      closing.abort();
      clients.close();
    },
  };
}
