import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../../src/kernel/time.ts';
import {
  event,
  jsonError,
  lookup,
  OTHER,
  PLACE,
  page,
  readAll,
  startWire,
  stopWire,
  troubleOf,
  whileTimeGoesBy,
  xmlError,
} from './wire.ts';

afterEach(stopWire);

const NOW = Date.UTC(2026, 10, 20, 9, 15);
const ids = (pages: readonly { records: readonly { eventId: string }[] }[]) =>
  pages.flatMap(({ records }) => records.map(({ eventId }) => eventId));

describe('a lookup', () => {
  it('asks for 50 events of the period in whole seconds, by one attribute, signed for the region', async () => {
    const wire = startWire({});
    const period = { from: NOW - DAY + 250, to: NOW - 250, said: 'last day' };
    const attribute = { key: 'AccessKeyId', value: 'AKIAIOSFODNN7EXAMPLE' } as const;
    await readAll(
      wire,
      wire.history.lookup({ place: PLACE, attribute, period }, new AbortController().signal),
    );
    expect(wire.lookups).toMatchObject([
      {
        region: 'eu-west-1',
        signer: 'AKIAOWNKEY',
        body: {
          LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: 'AKIAIOSFODNN7EXAMPLE' }],
          StartTime: (NOW - DAY) / 1000,
          EndTime: NOW / 1000 - 1,
          MaxResults: 50,
        },
      },
    ]);
  });

  it('asks for nothing before the 90 days that AWS keeps', async () => {
    const wire = startWire({});
    const signal = new AbortController().signal;
    const long = { from: NOW - 400 * DAY, to: NOW, said: '' };
    await readAll(wire, wire.history.lookup({ place: PLACE, attribute: undefined, period: long }, signal));
    const old = { from: NOW - 400 * DAY, to: NOW - 300 * DAY, said: '' };
    await readAll(wire, wire.history.lookup({ place: PLACE, attribute: undefined, period: old }, signal));
    expect(wire.lookups.map(({ body }) => body.StartTime)).toEqual([(NOW - 90 * DAY) / 1000 + 60]);
  });

  it('reads page after page, an empty one too, until no token comes', async () => {
    const pages = [page([event('a', NOW)], 'one'), page([], 'two'), page([event('b', NOW - 5000)])];
    const wire = startWire({ lookup: (_, count) => pages[count - 1] ?? page([]) });
    const found = await readAll(wire, lookup(wire));
    expect(found.map(({ records }) => records.length)).toEqual([1, 0, 1]);
    expect(ids(found)).toEqual(['a', 'b']);
    expect(wire.lookups.map(({ body }) => body.NextToken)).toEqual([undefined, 'one', 'two']);
    const [first, ...others] = wire.lookups.map(({ body: { NextToken: _, ...same } }) => same);
    expect(others).toEqual([first, first]);
  });

  it('gives each record the account and the region it was asked in', async () => {
    const wire = startWire({ lookup: () => page([event('a', NOW)]) });
    const [found] = await readAll(wire, lookup(wire));
    expect(found?.records).toMatchObject([
      { account: '111122223333', region: 'eu-west-1', eventId: 'a', eventName: 'ListUsers' },
    ]);
  });

  it('says of each event that cannot be read why, and reads the others', async () => {
    const broken = [
      { EventId: 'x1', EventTime: NOW / 1000 },
      { EventId: 'x2', EventTime: NOW / 1000, CloudTrailEvent: '{"eventVersion":' },
      { EventId: 'x3', EventTime: NOW / 1000, CloudTrailEvent: '{"eventVersion":"1.11"}' },
    ];
    const wire = startWire({ lookup: () => page([...broken, event('a', NOW)]) });
    const [found] = await readAll(wire, lookup(wire));
    expect(found?.records).toHaveLength(1);
    expect(found?.unreadable).toEqual([
      'Event x1: it has no CloudTrailEvent.',
      'Event x2: its CloudTrailEvent is not JSON.',
      expect.stringMatching(/^Event x3: .*eventTime/),
    ]);
  });
});

describe('a lookup that AWS slows down', () => {
  const slow = jsonError('ThrottlingException', 'Rate exceeded');

  it('waits longer each time, asks again for as long as it takes, and counts the refusals', async () => {
    const wire = startWire({ lookup: (_, count) => (count <= 8 ? slow : page([event('a', NOW)])) });
    const heard: string[] = [];
    const period = { from: NOW - DAY, to: NOW, said: '' };
    const asked = { place: PLACE, attribute: undefined, period, hear: (what: string) => heard.push(what) };
    const found = await readAll(wire, wire.history.lookup(asked, new AbortController().signal));
    expect(ids(found)).toEqual(['a']);
    expect(heard).toEqual([...Array(8).fill(['sent', 'turned away']).flat(), 'sent']);
    const waits = wire.lookups.slice(1).map(({ at }, index) => at - (wire.lookups[index]?.at ?? 0));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 40_000]);
  });

  it('starts with a short pause again once AWS has answered', async () => {
    const wire = startWire({
      lookup: (_, count) =>
        count === 2 || count === 4 ? slow : page([], count < 5 ? `${count}` : undefined),
    });
    await readAll(wire, lookup(wire));
    expect(wire.lookups.map(({ at }) => at - NOW)).toEqual([0, 0, 500, 500, 1000]);
  });

  it('holds the other questions to the same account and region back, and nobody else', async () => {
    const wire = startWire({
      lookup: ({ region }, count) => (region === 'eu-west-1' && count === 1 ? slow : page([])),
    });
    const signal = new AbortController().signal;
    const elsewhere = { ...PLACE, region: 'us-east-1' };
    await whileTimeGoesBy(wire.clock, async () => {
      const first = readAll(wire, lookup(wire));
      await wire.clock.untilSleeping();
      await Promise.all([first, readAll(wire, lookup(wire)), readAll(wire, lookup(wire, signal, elsewhere))]);
    });
    expect(wire.lookups.filter(({ region }) => region === 'eu-west-1').map(({ at }) => at - NOW)).toEqual([
      0, 500, 500,
    ]);
    expect(wire.lookups.find(({ region }) => region === 'us-east-1')?.at).toBe(NOW);
  });

  it('never asks one account and region more than twice in a second, however many ask', async () => {
    const wire = startWire(
      { lookup: (_, count) => page([], count < 9 ? `${count}` : undefined) },
      { rate: { requests: 2, per: 1000 } },
    );
    await Promise.all([1, 2, 3].map(() => readAll(wire, lookup(wire))));
    const times = wire.lookups.map(({ at }) => at);
    for (const at of times)
      expect(times.filter((other) => other >= at && other < at + 1000).length).toBeLessThan(3);
    expect(times.length).toBeGreaterThan(8);
  });
});

describe('a lookup whose token AWS no longer takes', () => {
  const lost = jsonError('InvalidNextTokenException', 'Invalid token');

  it('starts again from the oldest second read, and hands nothing out twice', async () => {
    const wire = startWire({
      lookup: (_, count) =>
        [
          page([event('a', NOW - 1000), event('b', NOW - 5000), event('c', NOW - 5000)], 'old'),
          lost,
          page([event('b', NOW - 5000), event('c', NOW - 5000), event('d', NOW - 5000)], 'new'),
          page([event('e', NOW - 9000)]),
        ][count - 1] ?? page([]),
    });
    expect(ids(await readAll(wire, lookup(wire)))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(wire.lookups[2]?.body).toMatchObject({ EndTime: (NOW - 5000) / 1000 });
    expect(wire.lookups[2]?.body).not.toHaveProperty('NextToken');
    expect(wire.lookups[3]?.body).toMatchObject({ EndTime: (NOW - 5000) / 1000, NextToken: 'new' });
  });

  it('gives up when that happens again at the same place', async () => {
    const wire = startWire({
      lookup: (_, count) => (count % 2 === 1 ? page([event('a', NOW - 5000)], `${count}`) : lost),
    });
    const trouble = await troubleOf(readAll(wire, lookup(wire)));
    expect(trouble).toEqual({
      kind: 'refused',
      what: 'AWS forgot where the answer stood',
      remedy: 'ask again',
    });
    expect(wire.lookups).toHaveLength(4);
  });
});

describe('a lookup that is no longer wanted', () => {
  it('ends at once while a request is under way', async () => {
    const stop = new AbortController();
    const { promise: never, resolve: release } = Promise.withResolvers<ReturnType<typeof page>>();
    const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
    const wire = startWire({
      lookup: () => {
        arrived();
        return never;
      },
    });
    const reading = readAll(wire, lookup(wire, stop.signal));
    await asked;
    stop.abort();
    expect(await reading).toEqual([]);
    release(page([]));
  });

  it('ends at once while it waits for its turn, and leaves nobody asleep', async () => {
    const stop = new AbortController();
    const wire = startWire({ lookup: () => jsonError('ThrottlingException', 'Rate exceeded') });
    const pages = lookup(wire, stop.signal)[Symbol.asyncIterator]();
    const next = pages.next();
    await wire.clock.untilSleeping();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(wire.clock.asleep).toBe(0);
  });

  it('asks nothing when it was stopped before it began', async () => {
    const wire = startWire({});
    expect(await readAll(wire, lookup(wire, AbortSignal.abort()))).toEqual([]);
    expect(wire.lookups).toEqual([]);
  });

  it('ends when the history is closed', async () => {
    const wire = startWire({ lookup: () => jsonError('ThrottlingException', 'Rate exceeded') });
    const next = lookup(wire)[Symbol.asyncIterator]().next();
    await wire.clock.untilSleeping();
    wire.history.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe('a lookup through a reader role', () => {
  const accounts = { [OTHER]: 'TrailbotReader' };
  const there = { account: OTHER, region: 'eu-west-1' };
  const never = new AbortController().signal;
  const assumed = (wire: ReturnType<typeof startWire>) =>
    wire.actions.filter((one) => one.get('Action') === 'AssumeRole');

  it('assumes the role once for all regions and questions, under the name of the bot', async () => {
    const wire = startWire({}, { accounts });
    await Promise.all(
      ['eu-west-1', 'us-east-1', 'eu-west-1'].map((region) =>
        readAll(wire, lookup(wire, never, { account: OTHER, region })),
      ),
    );
    expect(assumed(wire).map((one) => [one.get('RoleArn'), one.get('RoleSessionName')])).toEqual([
      [`arn:aws:iam::${OTHER}:role/TrailbotReader`, 'trailbot'],
    ]);
    expect(wire.lookups.map(({ signer }) => signer)).toEqual(Array(3).fill(`ASIA${OTHER}T0915`));
  });

  it('assumes it again five minutes before the credentials end', async () => {
    const wire = startWire({}, { accounts });
    await readAll(wire, lookup(wire, never, there));
    await wire.clock.advance(54 * 60_000);
    await readAll(wire, lookup(wire, never, there));
    await wire.clock.advance(60_000);
    await readAll(wire, lookup(wire, never, there));
    expect(wire.lookups.map(({ signer }) => signer.slice(-4))).toEqual(['0915', '0915', '1010']);
  });

  it('assumes it again when AWS calls the credentials expired, once', async () => {
    const expired = jsonError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
    );
    const wire = startWire({ lookup: (_, count) => (count === 1 ? expired : page([])) }, { accounts });
    await readAll(wire, lookup(wire, never, there));
    expect(assumed(wire)).toHaveLength(2);

    const gone = startWire({ lookup: () => expired }, { accounts });
    expect(await troubleOf(readAll(gone, lookup(gone, never, there)))).toMatchObject({ kind: 'expired' });
  });

  it('says which role could not be assumed, and does not try again within a minute', async () => {
    const denied = `User: arn:aws:sts::111122223333:assumed-role/Trailbot/i-1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${OTHER}:role/TrailbotReader`;
    const wire = startWire(
      {
        action: (parameters) =>
          parameters.get('Action') === 'AssumeRole' ? xmlError('AccessDenied', denied) : undefined,
      },
      { accounts },
    );
    const first = await troubleOf(readAll(wire, lookup(wire, never, there)));
    const second = await troubleOf(readAll(wire, lookup(wire, never, there)));
    expect(first).toEqual({
      kind: 'denied',
      what: `not allowed to assume the role arn:aws:iam::${OTHER}:role/TrailbotReader`,
      remedy:
        'check that the role exists, that its trust policy names the bot’s own role, and that the bot may call sts:AssumeRole on it',
    });
    expect(second).toEqual(first);
    expect(assumed(wire)).toHaveLength(1);
    await wire.clock.advance(60_000);
    await troubleOf(readAll(wire, lookup(wire, never, there)));
    expect(assumed(wire)).toHaveLength(2);
  });
});
