import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import type { Queue, QueueMessage } from '../work/ways/queue.ts';
import type { Accounts } from './accounts.ts';
import type { Clients } from './clients.ts';
import { patiently } from './patience.ts';

interface QueueTools {
  readonly accounts: Pick<Accounts, 'own' | 'home' | 'renew'>;
  readonly clients: Pick<Clients, 'sqs'>;
  readonly clock: Clock;
}

/** Where a queue is, as its URL says. */
export interface QueuePlace {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** The longest that SQS waits for a message, in seconds. Source: SQS API reference, `ReceiveMessage`. */
const LONGEST_WAIT = 20;

/** A queue of SQS, read with the bot's own credentials; the policy of a queue of another account lets them in. */
export function createQueue(tools: QueueTools, url: string): Queue {
  const { accounts, clients, clock } = tools;
  const place = readQueueUrl(url);
  const never = new AbortController().signal;

  async function call<T>(
    action: string,
    signal: AbortSignal,
    send: (client: SQSClient, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const client = clients.sqs(place, accounts.own);
    const once = () =>
      patiently(clock, { action, region: place.region }, signal, (stop) => send(client, stop));
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof LookupTrouble) || error.trouble.kind !== 'expired') throw error;
      const { account } = await accounts.home();
      await accounts.renew(account);
      return once();
    }
  }

  return {
    name: place.name,
    async receive({ most, hidden, wait }, signal) {
      const request = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: most,
        VisibilityTimeout: hidden / SECOND,
        WaitTimeSeconds: wait ? LONGEST_WAIT : 0,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      const { Messages: messages = [] } = await call('sqs:ReceiveMessage', signal, (client, abortSignal) =>
        client.send(request, { abortSignal }),
      );
      return messages.map(({ MessageId = '', Body = '', ReceiptHandle = '', Attributes }) => ({
        id: MessageId,
        body: Body,
        receipt: ReceiptHandle,
        receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
      }));
    },
    async remove(messages) {
      const request = new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entriesOf(messages) });
      refuseFailed(await call('sqs:DeleteMessage', never, (client) => client.send(request)));
    },
    async hide(messages, hidden: Millis) {
      const seconds = Math.round(hidden / SECOND);
      const entries = entriesOf(messages).map((entry) => ({ ...entry, VisibilityTimeout: seconds }));
      const request = new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries });
      refuseFailed(await call('sqs:ChangeMessageVisibility', never, (client) => client.send(request)));
    },
  };
}

/** A batch is answered with 200 whatever became of its members. Source: SQS API, `DeleteMessageBatch`. */
function refuseFailed({
  Failed: failed = [],
}: {
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined;
}): void {
  const [first] = failed;
  if (!first) return;
  const what =
    `${failed.length} of its messages were refused: ${first.Code ?? 'no code'} ${first.Message ?? ''}`.trim();
  throw new LookupTrouble({
    kind: 'refused',
    what,
    remedy: 'they come again by themselves; a code that stays is explained in the SQS API',
  });
}

function entriesOf(messages: readonly QueueMessage[]): { Id: string; ReceiptHandle: string }[] {
  return messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
}

/**
 * `https://sqs.eu-west-1.amazonaws.com/111122223333/trailbot` in its parts; also the older and the dual-stack
 * addresses and those of VPC endpoints. Source: AWS General Reference, "Amazon SQS endpoints and quotas".
 */
export function readQueueUrl(url: string): QueuePlace {
  const { hostname, pathname } = new URL(url);
  const [, account = '', name = ''] = /^\/(\d{12})\/([\w.-]+)$/.exec(pathname) ?? [];
  const [, region, older] =
    /(?:^|\.)sqs(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.|^([a-z]{2}(?:-[a-z]+)+-\d)\.queue\./.exec(hostname) ??
    [];
  return { account, region: region ?? older ?? 'us-east-1', name };
}
