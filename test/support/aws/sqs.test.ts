import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SECOND } from '../../../src/kernel/time.ts';
import { fakeClock } from '../clock.ts';
import { startFakeAws } from './fake-aws.ts';
import { fakeQueues } from './sqs.ts';

async function start() {
  const clock = fakeClock();
  const queues = fakeQueues({ clock });
  const aws = await startFakeAws({ now: clock.now, services: [queues.service] });
  const { url: endpoint, credentials } = aws;
  const sqs = new SQSClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 });
  onTestFinished(() => sqs.destroy());
  const url = queues.create('events');
  const receive = async (more: object = {}) => {
    const said = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, ...more }),
    );
    return said.Messages ?? [];
  };
  return { clock, queues, aws, sqs, url, receive };
}

describe('queues', () => {
  it('are made twice with the same attributes, and refused with others', async () => {
    const { sqs } = await start();
    const make = (seconds: string) =>
      sqs.send(new CreateQueueCommand({ QueueName: 'mine', Attributes: { VisibilityTimeout: seconds } }));
    const { QueueUrl } = await make('60');
    expect(QueueUrl).toBe('https://sqs.us-east-1.amazonaws.com/111122223333/mine');
    expect((await make('60')).QueueUrl).toBe(QueueUrl);
    await expect(make('90')).rejects.toMatchObject({ name: 'QueueNameExists', Code: 'QueueAlreadyExists' });
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'mine' }))).QueueUrl).toBe(QueueUrl);
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'mi' }))).QueueUrls).toEqual([QueueUrl]);
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { by: 'trailbot' } }));
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ by: 'trailbot' });
  });

  it('that are not there are told apart by the SDK', async () => {
    const { sqs, url, receive, clock } = await start();
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    const error = await receive().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueueDoesNotExist);
    expect(error).toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue' });
    const again = () => sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
    await expect(again()).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
    await clock.advance(60 * SECOND);
    expect((await again()).QueueUrl).toBe(url);
  });

  it('refuse attributes that SQS does not know or take', async () => {
    const { sqs, url } = await start();
    const set = (Attributes: Record<string, string>) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    await expect(set({ Colour: 'red' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
    await expect(set({ VisibilityTimeout: '50000' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
    });
    await expect(set({ Policy: '{' })).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
    await set({ VisibilityTimeout: '60' });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      VisibilityTimeout: '60',
      ApproximateNumberOfMessages: '0',
      QueueArn: 'arn:aws:sqs:us-east-1:111122223333:events',
    });
  });
});

describe('messages', () => {
  it('are invisible after a receipt, come back when that time is over, and end when they are deleted', async () => {
    const { clock, sqs, url, receive } = await start();
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'Grüße' }));
    const [first] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(first).toMatchObject({ Body: 'Grüße', Attributes: { ApproximateReceiveCount: '1' } });
    expect(await receive()).toEqual([]);
    await clock.advance(30 * SECOND);
    const [second] = await receive();
    const remove = (ReceiptHandle: string | undefined) =>
      sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    await remove(first?.ReceiptHandle);
    await clock.advance(30 * SECOND);
    expect(await receive()).toHaveLength(1);
    await remove(second?.ReceiptHandle);
    await expect(remove('rubbish')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('stay invisible for longer when asked, and come back at once when told to', async () => {
    const { clock, sqs, url, queues, receive } = await start();
    queues.send(url, 'one');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(120);
    await clock.advance(100 * SECOND);
    expect(await receive()).toEqual([]);
    await change(0);
    await expect(change(10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await receive()).toHaveLength(1);
    await expect(change(10)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('end a long poll as soon as one is sent, and an empty one ends when its time is over', async () => {
    const { clock, queues, url, receive } = await start();
    const polled = receive({ WaitTimeSeconds: 20 });
    await clock.untilSleeping();
    queues.send(url, 'one');
    expect(await polled).toHaveLength(1);
    const empty = receive({ WaitTimeSeconds: 20, VisibilityTimeout: 60 });
    await clock.untilSleeping();
    await clock.advance(20 * SECOND);
    expect(await empty).toEqual([]);
  });

  it('are moved to the dead-letter queue when they were received too often', async () => {
    const { clock, sqs, url, queues, receive } = await start();
    const dead = queues.create('dead');
    const redrive = JSON.stringify({ deadLetterTargetArn: queues.arn(dead), maxReceiveCount: 2 });
    const Attributes = { RedrivePolicy: redrive };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    queues.send(url, 'poison');
    for (const count of [1, 1, 0]) {
      expect(await receive()).toHaveLength(count);
      await clock.advance(30 * SECOND);
    }
    expect(queues.messages(url)).toEqual([]);
    expect(queues.messages(dead)).toMatchObject([{ body: 'poison', from: queues.arn(url) }]);
  });

  it('are sent and deleted in batches, in which each fails for itself', async () => {
    const { sqs, url, queues, receive } = await start();
    const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: `body ${Id}` }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    queues.duplicate(url);
    const messages = await receive();
    expect(messages).toHaveLength(2);
    expect(await receive()).toHaveLength(1);
    const handles = ['rubbish', messages[1]?.ReceiptHandle];
    const said = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    expect(said.Successful).toEqual([{ Id: '1' }]);
    expect(said.Failed).toMatchObject([{ Id: '0', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
    const purge = () => sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    await purge();
    expect(queues.messages(url)).toEqual([]);
    await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  });
});
