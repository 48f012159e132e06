import type { WebClient } from '@slack/web-api';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { AskGate } from './ask/ask-gate.ts';
import type { NewBlocks } from './ask/new-blocks.ts';
import type { Running } from './ask/running.ts';
import type { Desk } from './desk.ts';
import type { People } from './people.ts';
import type { SocketState } from './socket/keeper.ts';

/** What Slack's listeners work with. */
export interface SlackTools {
  readonly desk: Desk;
  readonly client: WebClient;
  readonly people: People;
  readonly gate: AskGate;
  /** Questions that are being answered. */
  readonly running: Running;
  readonly newBlocks: NewBlocks;
  readonly clock: Clock;
  readonly log: Log;
  readonly publicUrl: string | undefined;
  /** How the sockets are; absent without Socket Mode. */
  readonly sockets?: (() => SocketState) | undefined;
}
