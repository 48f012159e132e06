import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadGzip, inflate } from '../../src/kernel/gzip.ts';

const LIMIT = 100_000;
const whole = gzipSync('{"a":1}');

async function failure(bytes: Buffer, limit = LIMIT): Promise<BadGzip> {
  const error = await inflate(bytes, limit).catch((thrown: unknown) => thrown);
  if (!(error instanceof BadGzip)) throw new Error(`expected BadGzip, got ${String(error)}`);
  return error;
}

describe('inflate', () => {
  test('gives back what was compressed, of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        expect(await inflate(gzipSync(bytes), LIMIT)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  test('leaves alone what is no gzip', async () => {
    const plain = Buffer.from('{"a":1}');
    expect(await inflate(plain, LIMIT)).toBe(plain);
    expect(await inflate(Buffer.alloc(0), LIMIT)).toEqual(Buffer.alloc(0));
  });

  test('reads several members as one file', async () => {
    expect((await inflate(Buffer.concat([whole, whole]), LIMIT)).toString()).toBe('{"a":1}{"a":1}');
  });

  test('allows exactly the limit and not a byte more', async () => {
    const bytes = gzipSync(Buffer.alloc(LIMIT, 'x'));
    expect(await inflate(bytes, LIMIT)).toHaveLength(LIMIT);
    expect(await failure(bytes, LIMIT - 1)).toMatchObject({ tooLarge: true });
  });

  test('stops a bomb, also one that lies about its size', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const lying = Buffer.from(bomb);
    lying.writeUInt32LE(10, lying.length - 4);
    expect(await failure(bomb)).toMatchObject({ tooLarge: true });
    expect(await failure(lying)).toMatchObject({ tooLarge: true });
  });

  test.each([
    ['a cut file', whole.subarray(0, -3)],
    ['a header alone', whole.subarray(0, 10)],
    ['garbage behind the end', Buffer.concat([whole, Buffer.from('xx')])],
    ['a changed byte', Buffer.concat([whole.subarray(0, 12), Buffer.from([255]), whole.subarray(13)])],
  ])('refuses %s', async (_name, bytes) => {
    expect(await failure(bytes)).toMatchObject({ tooLarge: false });
  });
});
