import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { Changes } from './changes.ts';
import type { Channels } from './channels.ts';
import type { Deliver } from './deliver.ts';
import type { FaultPlan } from './faults.ts';
import type { Files } from './files.ts';
import type { Groups } from './groups.ts';
import type { Messages } from './messages.ts';
import type { Standings } from './people.ts';
import type { Rate } from './rate.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Sockets } from './socket/sockets.ts';
import type { Triggers } from './triggers.ts';
import type { Views } from './views.ts';

/** The parts of a running workspace, for everything that acts in it. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  /** People can only read what the app writes to them directly. */
  readonly readOnlyMessages: boolean;
  readonly changes: Changes;
  readonly channels: Channels;
  readonly standings: Standings;
  readonly messages: Messages;
  readonly views: Views;
  readonly groups: Groups;
  readonly files: Files;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly rate: Rate;
  readonly deliver: Deliver;
  readonly sockets: Sockets;
  readonly faults: FaultPlan;
}
