import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflateOne } from '../../../src/work/verify/one-gzip.ts';

async function inflated(bytes: Buffer): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of inflateOne(bytes)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

const TEXT = JSON.stringify({ Records: Array.from({ length: 9000 }, (_, index) => ({ eventID: index })) });

describe('one gzip file', () => {
  it('is inflated, however long it is', async () => {
    expect(await inflated(gzipSync(TEXT))).toBe(TEXT);
    expect(await inflated(gzipSync(''))).toBe('');
  });

  it('may have a name, a comment and more in its header', async () => {
    const plain = gzipSync(TEXT);
    const flags = Buffer.from(plain.subarray(0, 10));
    flags[3] = 2 + 4 + 8 + 16;
    const extra = Buffer.from([3, 0, 1, 2, 3]);
    const named = Buffer.concat([
      flags,
      extra,
      Buffer.from('name\0comment\0'),
      Buffer.from([7, 7]),
      plain.subarray(10),
    ]);
    expect(await inflated(named)).toBe(TEXT);
  });

  const whole = gzipSync(TEXT);
  const otherSum = Buffer.from(whole);
  otherSum.writeUInt32LE(1, otherSum.length - 8);
  it.each([
    ['text', Buffer.from(TEXT), 'is no gzip file'],
    ['nothing', Buffer.alloc(0), 'is no gzip file'],
    ['cut off within its content', whole.subarray(0, 100), /is no intact gzip file/],
    ['cut off within its checksum', whole.subarray(0, -3), 'is a gzip file that was cut off'],
    ['of another checksum', otherSum, 'is a gzip file whose checksum is wrong'],
    ['followed by another', Buffer.concat([whole, gzipSync('')]), /^has 20 more bytes after its end/],
    ['followed by zeros', Buffer.concat([whole, Buffer.alloc(70_000)]), /^has 70000 more bytes/],
    ['without its header', deflateRawSync(TEXT), 'is no gzip file'],
  ])('is refused when it is %s', async (_, bytes, message) => {
    await expect(inflated(bytes)).rejects.toThrow(message);
  });
});
