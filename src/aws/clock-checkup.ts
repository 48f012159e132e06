import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { Checkup, Diagnosis } from '../work/doctor/checkup.ts';
import { judgeClock } from '../work/doctor/clock.ts';
import { createAccounts } from './accounts.ts';
import { type Credentials, createClients, hearDates } from './clients.ts';

interface ClockOptions {
  /** A region of the partition in use. */
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly credentials?: Credentials | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const AREA = 'aws';
const CHECK = 'aws-clock';

/** Whether this machine's clock agrees with that of AWS, which refuses signatures that are five minutes off. */
export function awsClockCheckup(options: ClockOptions): Checkup {
  return {
    area: AREA,
    check: CHECK,
    async look(signal) {
      const clients = createClients(options.endpoint, options.region);
      const { clock, log, credentials: given } = options;
      const accounts = createAccounts({ clients, clock, log, closing: signal, roles: new Map(), given });
      try {
        const sts = await clients.sts(accounts.own);
        // Finding credentials may take longer than the answer.
        await accounts.own().catch(() => undefined);
        const asked = clock.now();
        let answer: { readonly date: string | undefined; readonly came: number } | undefined;
        hearDates(sts, (date) => {
          answer = { date, came: clock.now() };
        });
        // A refusal tells the time as well; without an answer another check says what is wrong.
        await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }).catch(() => undefined);
        return answer ? [diagnosed({ ...answer, asked })] : [];
      } finally {
        clients.close();
      }
    },
  };
}

function diagnosed(heard: Parameters<typeof judgeClock>[1]): Diagnosis {
  return { area: AREA, check: CHECK, ...judgeClock('AWS', heard) };
}
