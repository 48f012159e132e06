import { WebClient } from '@slack/web-api';
import type { Log } from '../../kernel/log.ts';
import { SECOND } from '../../kernel/time.ts';
import type { Checkup } from '../../work/doctor/checkup.ts';
import { boltLog } from '../bolt-log.ts';
import { classifyOpening } from './classify-opening.ts';

export interface SocketCheckupOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
}

/** Whether Slack would give the bot a socket. None is opened: Slack would send it what the bot should get. */
export function socketCheckup({ appToken, apiUrl, log }: SocketCheckupOptions): Checkup {
  const about = { area: 'slack', check: 'slack-socket' } as const;
  return {
    ...about,
    async look() {
      const client = new WebClient(appToken, {
        slackApiUrl: apiUrl,
        timeout: 10 * SECOND,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        logger: boltLog(log),
      });
      const said = await client.apps.connections.open({}).catch((error: unknown) => classifyOpening(error));
      if (!(said instanceof Error)) {
        return [{ ...about, verdict: 'fine', says: 'Slack gives the bot sockets for Socket Mode' }];
      }
      const [says = '', ...remedies] = said.message.split('; ');
      const remedy = remedies.join('; ') || 'check the network and any proxy';
      return [{ ...about, verdict: 'fault', says, remedy }];
    },
  };
}
