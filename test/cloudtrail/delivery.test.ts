import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, readDelivery } from '../../src/cloudtrail/delivery.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { envelope, record, roleSession, user } from '../support/records.ts';

function read(text: string): Delivery {
  const delivery = readDelivery(text);
  if ('notJson' in delivery) throw new Error(delivery.notJson);
  return delivery;
}

function keys(delivery: Delivery): string[] {
  return delivery.records.map((found) => found.eventId);
}

describe('one text, one delivery', () => {
  const [a, b, c] = [record({ eventID: 'a' }), record({ eventID: 'b' }), record({ eventID: 'c' })];

  it('an EventBridge event', () => {
    expect(keys(read(JSON.stringify(envelope(a))))).toEqual(['a']);
  });

  it('pretty-printed, with a byte order mark', () => {
    expect(keys(read(`\uFEFF${JSON.stringify({ Records: [a, b] }, null, 2)}\n`))).toEqual(['a', 'b']);
  });

  it('line by line, in any mixture of shapes and line ends', () => {
    const lines = [envelope(a), { Records: [b] }, c].map((line) => JSON.stringify(line));
    expect(keys(read(`${lines[0]}\r\n\n${lines[1]}\n${lines[2]}`))).toEqual(['a', 'b', 'c']);
  });

  it('a broken line is kept with its number and does not cost the others', () => {
    const broken = JSON.stringify(b).slice(0, 200);
    const delivery = read([JSON.stringify(a), broken, JSON.stringify(c)].join('\n'));
    expect(keys(delivery)).toEqual(['a', 'c']);
    expect(delivery.rejects).toEqual([{ reason: 'Line 2 is not JSON.', body: broken }]);
  });

  it('a bad record does not cost the good ones around it', () => {
    const delivery = read(JSON.stringify({ Records: [a, { hello: 'world' }, null, c] }));
    expect(keys(delivery)).toEqual(['a', 'c']);
    expect(delivery.rejects).toEqual([
      {
        reason: 'Not a CloudTrail record: it has no eventTime, eventSource, and eventName.',
        body: '{"hello":"world"}',
      },
      { reason: 'Not a CloudTrail record: null where an object should be.', body: 'null' },
    ]);
  });

  it.each(['', '  \n\t', '\uFEFF'])('an empty body (%j) says so', (text) => {
    expect(readDelivery(text)).toEqual({ notJson: 'The body is empty; send one CloudTrail event as JSON.' });
  });

  it.each(['hello', '{"a":', 'one\ntwo', '1\n2\nthree', '\u001f\u008b\u0008\u0000'])(
    '%j is not JSON',
    (text) => {
      expect(readDelivery(text)).toHaveProperty('notJson');
    },
  );
});

describe('rejects', () => {
  it('hold no secrets', () => {
    const lines = [
      '{"eventName":"GetSecret","password":"hunter2hunter2"}',
      '{"responseElements":{"sessionToken":"hunter2hunter2","x":',
      '[{"detail-type":"Other","detail":{"token":"hunter2hunter2"}}]',
      '{"Body":"password=hunter2hunter2"}',
    ];
    const delivery = read(lines.join('\n'));
    expect(delivery.rejects).toHaveLength(4);
    expect(JSON.stringify(delivery)).not.toContain('hunter2');
  });

  it('are cut to 16 kB, after their secrets were taken out', () => {
    const secret = 'hunter2'.repeat(10);
    const body = JSON.stringify({ filler: 'x'.repeat(16_300), password: secret, more: 'y'.repeat(100_000) });
    const [reject] = read(`${body}\n${body.slice(0, -1)}`).rejects;
    expect(reject?.body.length).toBe(16 * 1024);
    expect(reject?.body).toMatch(/…$/);
    expect(reject?.body).not.toContain('hunter2');
  });

  it('may be nested as deep as they like', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(read(deep).rejects).toHaveLength(1);
    expect(read(`{"a":${deep}}`).rejects).toHaveLength(1);
  });
});

describe('hostile JSON', () => {
  it('a deeply nested parameter does not hide a record from the rules', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const text = JSON.stringify(envelope(record({ eventID: 'deep', requestParameters: 'HERE' }))).replace(
      '"HERE"',
      deep,
    );
    const [found] = read(text).records;
    expect(found?.eventId).toBe('deep');
    expect(JSON.stringify(found?.body)).toContain('[nested too deep]');
  });

  it('__proto__ and constructor are members like any other', () => {
    const text = JSON.stringify(record({ eventID: 'p' })).replace(
      '"readOnly":false',
      '"__proto__":{"errorCode":"AccessDenied","password":"x"},"constructor":{"prototype":{"polluted":1}}',
    );
    const [found] = read(text).records;
    expect(found).toMatchObject({ eventId: 'p', errorCode: undefined });
    expect(({} as JsonObject).polluted).toBeUndefined();
    expect(({} as JsonObject).errorCode).toBeUndefined();
  });

  it('a record of a megabyte, in every wrapper, line by line', () => {
    const big = record({ eventID: 'big', requestParameters: { text: 'é"\\'.repeat(300_000) } });
    const shapes: Json[] = [
      big,
      envelope(big),
      { Records: [big] },
      { Events: [{ CloudTrailEvent: JSON.stringify(big) }] },
      { Body: JSON.stringify({ Type: 'Notification', Message: JSON.stringify(envelope(big)) }) },
    ];
    const delivery = read(shapes.map((shape) => JSON.stringify(shape)).join('\n'));
    expect(keys(delivery)).toEqual(['big', 'big', 'big', 'big', 'big']);
  });
});

describe('whatever comes, nothing is thrown and nothing is lost', () => {
  function counted(text: string, expected: number): void {
    const delivery = readDelivery(text);
    if ('notJson' in delivery) {
      expect(delivery.notJson).toMatch(/\.$/);
      return;
    }
    expect(delivery.records.length + delivery.rejects.length).toBe(expected);
    for (const reject of delivery.rejects) expect(reject.reason).toMatch(/[.]$/);
    for (const found of delivery.records) expect(found.key.split('|').length).toBeGreaterThanOrEqual(3);
  }

  it('arbitrary text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readDelivery(text)));
  });

  it('arbitrary JSON', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(fc.property(objects, (value) => counted(JSON.stringify(value), 1)));
    fc.assert(
      fc.property(fc.array(fc.oneof(objects, fc.integer(), fc.constant(null))), (list) =>
        counted(JSON.stringify({ Records: list }), list.length),
      ),
    );
  });

  const good: readonly JsonObject[] = [
    envelope(record()),
    envelope(record({ userIdentity: roleSession('web', 'i-0abc'), errorCode: 'AccessDenied' })),
    record({ userIdentity: user('bob'), requestParameters: null }),
    { Body: JSON.stringify(envelope(record())) },
    { Events: [{ CloudTrailEvent: JSON.stringify(record()) }] },
  ];

  /** Every place in a value, as the members that lead there. */
  function places(value: Json, way: (string | number)[] = []): (string | number)[][] {
    if (typeof value !== 'object' || value === null) return [way];
    const members = Object.entries(value).flatMap(([key, member]) => places(member, [...way, key]));
    return way.length === 0 ? members : [way, ...members];
  }

  function change(value: Json, [key, ...rest]: (string | number)[], put: Json): Json {
    if (key === undefined) return put;
    if (Array.isArray(value))
      return value.map((member, i) => (i === Number(key) ? change(member, rest, put) : member));
    const object = value as JsonObject;
    return { ...object, [key]: change(object[key] ?? null, rest, put) };
  }

  /** A list in the place of a wrapped event may hold any number of things, none included. */
  function isCountable([place, put]: [(string | number)[], unknown]): boolean {
    const wrapped = place.some((key) => key === 'Events' || key === 'Body');
    return !(wrapped && (Array.isArray(put) || /^\s*\[/.test(JSON.stringify(put).slice(1))));
  }

  it('a good delivery with anything in any place of it', () => {
    const mutations = fc.constantFrom(...good).chain((value) =>
      fc
        .tuple(fc.constantFrom(...places(value)), fc.jsonValue({ maxDepth: 3 }))
        .filter(isCountable)
        .map(([place, put]) => change(value, place, put as Json)),
    );
    fc.assert(
      fc.property(mutations, (value) => counted(JSON.stringify(value), 1)),
      { numRuns: 1000 },
    );
  });

  it('a good delivery cut anywhere, or with letters changed', () => {
    const cuts = fc
      .tuple(fc.constantFrom(...good), fc.nat(), fc.string({ maxLength: 3 }))
      .map(([value, at, put]) => {
        const text = JSON.stringify(value);
        const place = at % text.length;
        return [text.slice(0, place), text.slice(0, place) + put + text.slice(place + put.length)];
      });
    fc.assert(
      fc.property(cuts, (texts) => {
        for (const text of texts) readDelivery(text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a body of rubbish', () => {
  it('is kept as a bounded number of rejects that says how many there were', () => {
    const read = readDelivery(JSON.stringify(Array.from({ length: 50_000 }, () => 7)));
    if ('notJson' in read) throw new Error(read.notJson);
    expect(read.rejects).toHaveLength(1001);
    expect(read.rejects.at(-1)?.reason).toMatch(/^49000 more pieces/);
  });
});
