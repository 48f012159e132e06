import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createByteBudget } from '../../src/aws/byte-budget.ts';
import { createClients } from '../../src/aws/clients.ts';
import { createFileBudget, createTrailFiles } from '../../src/aws/trail-files.ts';
import { nextTurn, systemClock } from '../../src/kernel/time.ts';
import {
  LargeTrailFile,
  MissingTrailFile,
  MOST_BYTES,
  type TrailFile,
  type TrailFiles,
} from '../../src/work/trail-files.ts';
import { type FakeAws, startFakeAws } from '../support/aws/fake-aws.ts';
import { type FakeBucket, type FakeS3, fakeS3 } from '../support/aws/s3.ts';

const HOME = '111122223333';
const OTHER = '444455556666';
const { signal } = new AbortController();
const whole = async (file: TrailFile) => file;

/** A bucket, and the way to it for these accounts; all have the same credentials, those of the home account. */
async function reading(
  bucket: FakeBucket = {},
  budget = createFileBudget(),
): Promise<{ files: TrailFiles; s3: FakeS3; aws: FakeAws }> {
  const s3 = fakeS3({ acme: bucket }, 3);
  const aws = await startFakeAws({ services: [s3.service] });
  const clients = createClients(aws.url, 'eu-west-1');
  onTestFinished(() => clients.close());
  const files = createTrailFiles(
    { accounts: { credentials: () => async () => aws.credentials }, clients, budget, clock: systemClock },
    { accounts: async () => [HOME], region: 'eu-west-1' },
  );
  return { files, s3, aws };
}

async function keysIn(files: TrailFiles, prefix: string, after?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of files.list({ bucket: 'acme', prefix, after }, signal)) keys.push(key);
  return keys;
}

it('gets a file as it lies there, with what its writer said of it', async () => {
  const { files, s3 } = await reading();
  const bytes = Buffer.from([0x1f, 0x8b, 0, 255, 128]);
  s3.put('acme', 'a folder/ä+1.json.gz', bytes, { signature: '0f', 'signature-algorithm': 'SHA256withRSA' });
  const file = await files.get({ bucket: 'acme', key: 'a folder/ä+1.json.gz' }, signal, whole);
  expect(file.bytes.equals(bytes)).toBe(true);
  expect(Object.fromEntries(file.metadata)).toEqual({
    signature: '0f',
    'signature-algorithm': 'SHA256withRSA',
  });
});

it('tells a file that is not there from one that may not be read', async () => {
  const { files, aws } = await reading();
  const at = { bucket: 'acme', key: 'gone.json.gz' };
  await expect(files.get(at, signal, whole)).rejects.toThrow(MissingTrailFile);
  await expect(files.get(at, signal, whole)).rejects.toMatchObject({
    trouble: { what: 'there is no object s3://acme/gone.json.gz' },
  });
  aws.fault({ kind: 'deny', operation: 'GetObject', times: 1 });
  const denied = files.get(at, signal, whole);
  await expect(denied).rejects.not.toThrow(MissingTrailFile);
  await expect(denied).rejects.toMatchObject({ trouble: { kind: 'denied' } });
  await expect(files.get({ bucket: 'never', key: 'a' }, signal, whole)).rejects.toMatchObject({
    trouble: { what: 'the bucket does not exist any more' },
  });
});

it('lists page by page, from behind a key on', async () => {
  const { files, s3, aws } = await reading();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) s3.put('acme', `x/${name}`, Buffer.from(name));
  s3.put('acme', 'y/a', Buffer.from('a'));
  expect(await keysIn(files, 'x/')).toEqual(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `x/${name}`),
  );
  expect(aws.requests.filter(({ operation }) => operation === 'ListObjectsV2')).toHaveLength(3);
  expect(await keysIn(files, 'x/', 'x/e')).toEqual(['x/f', 'x/g', 'x/h']);
  expect(await keysIn(files, 'z/')).toEqual([]);
});

it('asks once where a bucket is, and is sent on where it may not ask', async () => {
  const { files, s3, aws } = await reading({ region: 'ap-south-1' });
  for (const key of ['a', 'b']) s3.put('acme', key, Buffer.from(key));
  for (const key of ['a', 'b']) await files.get({ bucket: 'acme', key }, signal, whole);
  expect(aws.requests.map(({ operation, region }) => `${operation} ${region}`)).toEqual([
    'GetBucketLocation eu-west-1',
    'GetObject ap-south-1',
    'GetObject ap-south-1',
  ]);
  const other = await reading({ region: 'ap-south-1' });
  other.aws.fault({ kind: 'deny', operation: 'GetBucketLocation' });
  other.s3.put('acme', 'a', Buffer.from('a'));
  expect(String((await other.files.get({ bucket: 'acme', key: 'a' }, signal, whole)).bytes)).toBe('a');
});

it('tries again what passes by', async () => {
  const { files, s3, aws } = await reading();
  s3.put('acme', 'a', Buffer.from('a'));
  aws.fault({ kind: 'throttle', operation: 'GetObject', times: 1 });
  expect(String((await files.get({ bucket: 'acme', key: 'a' }, signal, whole)).bytes)).toBe('a');
});

it('reads as the first of several accounts that may, and asks the others no more', async () => {
  const s3 = fakeS3({ acme: { open: [HOME] } });
  const aws = await startFakeAws({
    services: [s3.service],
    accounts: { [HOME]: {}, [OTHER]: { readerRole: 'Reader' } },
  });
  const clients = createClients(aws.url, 'us-east-1');
  onTestFinished(() => clients.close());
  const outsider = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' };
  const files = createTrailFiles(
    {
      accounts: { credentials: (account) => async () => (account === HOME ? aws.credentials : outsider) },
      clients,
      budget: createFileBudget(),
      clock: systemClock,
    },
    { accounts: async () => [OTHER, HOME], region: 'us-east-1' },
  );
  for (const key of ['a', 'b']) s3.put('acme', key, Buffer.from(key));
  for (const key of ['a', 'b']) await files.get({ bucket: 'acme', key }, signal, whole);
  const gets = aws.requests.filter(({ operation }) => operation === 'GetObject');
  expect(gets.map(({ keyId }) => keyId === outsider.accessKeyId)).toEqual([true, false, false]);
});

/** An S3 that sends a megabyte as often as somebody takes it; resolves when the connection has ended. */
async function sendingWithoutEnd(headers: Readonly<Record<string, string>>) {
  const piece = Buffer.alloc(1024 * 1024);
  const ended = Promise.withResolvers<void>();
  let sent = 0;
  const server = createServer((request, response) => {
    if (request.url?.includes('location')) return void response.writeHead(403).end();
    response.writeHead(200, headers).on('close', ended.resolve);
    const send = (): void => {
      do sent += piece.length;
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', send);
    send();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const clients = createClients(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'eu-west-1');
  onTestFinished(() => clients.close());
  const credentials = () => async () => ({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' });
  const files = createTrailFiles(
    { accounts: { credentials }, clients, budget: createFileBudget(), clock: systemClock },
    { accounts: async () => [HOME], region: 'eu-west-1' },
  );
  return { files, ended: ended.promise, sent: () => sent };
}

it('fetches nothing of a file that is larger than any of a trail', async () => {
  const { files, ended, sent } = await sendingWithoutEnd({ 'content-length': String(MOST_BYTES + 1) });
  await expect(files.get({ bucket: 'acme', key: 'a' }, signal, whole)).rejects.toThrow(LargeTrailFile);
  await ended;
  expect(sent()).toBeLessThan(MOST_BYTES / 4);
});

it('lets go of a file that turns out to be larger than any of a trail', async () => {
  const { files, ended, sent } = await sendingWithoutEnd({});
  await expect(files.get({ bucket: 'acme', key: 'a' }, signal, whole)).rejects.toThrow(LargeTrailFile);
  await ended;
  expect(sent()).toBeLessThan(MOST_BYTES * 1.25);
});

it('has no more bytes in use at once than it may, however many large files are asked for', async () => {
  const megabyte = 1024 * 1024;
  const { files, s3, aws } = await reading({}, createByteBudget(20 * megabyte));
  const sizes = [9, 1, 12, 20, 2, 30].map((size) => size * megabyte);
  for (const size of sizes) s3.put('acme', String(size), Buffer.alloc(size));
  let inUse = 0;
  let most = 0;
  const used = await Promise.all(
    sizes.map((size) =>
      files.get({ bucket: 'acme', key: String(size) }, signal, async ({ bytes }) => {
        inUse += bytes.length;
        most = Math.max(most, inUse);
        await nextTurn();
        inUse -= bytes.length;
        return bytes.length;
      }),
    ),
  );
  expect(used).toEqual(sizes);
  // One that is larger than all the room there is has it for itself.
  expect(most).toBe(30 * megabyte);
  expect(aws.requests.filter(({ operation }) => operation === 'GetObject')).toHaveLength(10);
});

it('takes a file for too large that has more than the reader wants', async () => {
  const { files, s3 } = await reading();
  s3.put('acme', 'a', Buffer.alloc(101));
  await expect(files.get({ bucket: 'acme', key: 'a' }, signal, whole, 100)).rejects.toThrow(LargeTrailFile);
  expect((await files.get({ bucket: 'acme', key: 'a' }, signal, whole, 101)).bytes).toHaveLength(101);
});
