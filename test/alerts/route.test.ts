import { describe, expect, test } from 'vitest';
import { type Matcher, parseMatcher } from '../../src/alerts/matcher.ts';
import { buildRoute, routesFor, type WrittenRoute } from '../../src/alerts/route.ts';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';

const when = (...texts: string[]): Matcher[] =>
  texts.map((text) => {
    const matcher = parseMatcher(text);
    if (typeof matcher === 'string') throw new Error(matcher);
    return matcher;
  });

const TOP = { channel: '#all', groupBy: undefined, groupWait: 0 };
const tree = (...routes: WrittenRoute[]) => buildRoute({ routes }, TOP);
const labels = (values: Record<string, string>) =>
  new Map(Object.entries(values).map(([key, value]) => [key, [value]]));

/** 2026-11-20 is a Friday. */
const AT = Date.UTC(2026, 10, 20, 9, 15);

/** `path channel` of each decision. */
const decide = (route: ReturnType<typeof tree>, values: Record<string, string>): string[] =>
  routesFor(route, labels(values), AT).map(({ path, channel }) => `${path} ${channel}`);

describe('where an alert goes', () => {
  const routes = tree(
    { match: when('tag=audit'), channel: '#audit', continue: true },
    {
      match: when('environment=production'),
      channel: '#production',
      routes: [
        { match: when('level>=high'), channel: '#urgent', routes: [{ match: when('region=us-east-1') }] },
        { match: when('level=medium', 'account=1'), channel: '#one' },
      ],
    },
    { match: when('level=low'), channel: '#low' },
    { match: when('level<=low'), channel: '#never' },
  );

  test.each([
    ['what no route takes stays at the top', { level: 'medium' }, ['root #all']],
    ['nothing known', {}, ['root #all']],
    ['the first that matches takes it', { level: 'low' }, ['routes[2] #low']],
    ['the one after it gets the rest', { level: 'informational' }, ['routes[3] #never']],
    [
      'a node keeps what its children leave',
      { environment: 'production', level: 'low' },
      ['routes[1] #production'],
    ],
    ['the deepest decides', { environment: 'production', level: 'high' }, ['routes[1].routes[0] #urgent']],
    [
      'three deep',
      { environment: 'production', level: 'high', region: 'us-east-1' },
      ['routes[1].routes[0].routes[0] #urgent'],
    ],
    [
      'all matchers of a node must pass',
      { environment: 'production', level: 'medium', account: '2' },
      ['routes[1] #production'],
    ],
    [
      'both passed',
      { environment: 'production', level: 'medium', account: '1' },
      ['routes[1].routes[1] #one'],
    ],
    ['a child is not asked where its parent does not match', { level: 'high' }, ['root #all']],
    [
      'continue goes on to the next that matches',
      { tag: 'audit', level: 'low' },
      ['routes[0] #audit', 'routes[2] #low'],
    ],
    [
      'continue alone is enough: the top does not come in',
      { tag: 'audit', level: 'high' },
      ['routes[0] #audit'],
    ],
  ])('%s', (_name, values, expected) => {
    expect(decide(routes, values)).toEqual(expected);
  });

  test('a channel gets it once, from the first route that names it', () => {
    const twice = tree(
      { match: when('level=low'), channel: '#a', group_wait: SECOND, continue: true },
      { match: when('level<=low'), channel: '#a', group_wait: MINUTE, continue: true },
      { channel: '#b' },
    );
    expect(decide(twice, { level: 'low' })).toEqual(['routes[0] #a', 'routes[2] #b']);
  });

  test('continue inside a branch does not leave it', () => {
    const branch = tree(
      { match: when('region=r'), channel: '#r', routes: [{ match: [], channel: '#in', continue: true }] },
      { match: [], channel: '#after' },
    );
    expect(decide(branch, { region: 'r' })).toEqual(['routes[0].routes[0] #in']);
  });
});

describe('what a node leaves out', () => {
  const routes = buildRoute(
    {
      group_wait: 10 * SECOND,
      routes: [
        {
          match: when('level=high'),
          channel: '#high',
          group_by: ['account'],
          routes: [{ match: when('tag=t') }],
        },
        {
          match: when('level=low'),
          routes: [{ match: when('tag=t'), group_by: ['actor'], group_wait: 0, channel: '#t' }],
        },
      ],
    },
    TOP,
  );

  test.each([
    [{}, { channel: '#all', groupBy: undefined, groupWait: 10 * SECOND, path: 'root' }],
    [
      { level: 'high' },
      { channel: '#high', groupBy: ['account'], groupWait: 10 * SECOND, path: 'routes[0]' },
    ],
    [
      { level: 'high', tag: 't' },
      { channel: '#high', groupBy: ['account'], groupWait: 10 * SECOND, path: 'routes[0].routes[0]' },
    ],
    [{ level: 'low' }, { channel: '#all', groupBy: undefined, groupWait: 10 * SECOND, path: 'routes[1]' }],
    [
      { level: 'low', tag: 't' },
      { channel: '#t', groupBy: ['actor'], groupWait: 0, path: 'routes[1].routes[0]' },
    ],
  ])('%j comes from above', (values: Record<string, string>, decision) => {
    expect(routesFor(routes, labels(values), AT)).toEqual([decision]);
  });
});

describe('the hours of a route', () => {
  const office = {
    zone: 'Europe/Berlin',
    times: [{ from: 9 * 60, to: 17 * 60 }],
    weekdays: [1, 2, 3, 4, 5],
    daysOfMonth: [],
    months: [],
    years: [],
  };
  const routes = buildRoute(
    {
      routes: [
        { hours: 'office', channel: '#office' },
        { hours: 'unknown', channel: '#never' },
      ],
    },
    TOP,
    new Map([['office', [office]]]),
  );
  const at = (instant: number) => routesFor(routes, labels({}), instant).map(({ channel }) => channel);

  test.each([
    ['Friday 09:00 in Berlin', Date.UTC(2026, 10, 20, 8), ['#office']],
    ['Friday 08:59', Date.UTC(2026, 10, 20, 7, 59), [TOP.channel]],
    ['Friday 17:00', Date.UTC(2026, 10, 20, 16), [TOP.channel]],
    ['Saturday noon', Date.UTC(2026, 10, 21, 11), [TOP.channel]],
  ])('are those in which it takes alerts: %s', (_, instant, channels) => {
    expect(at(instant)).toEqual(channels);
  });
});
