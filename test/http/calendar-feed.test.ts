import { expect, onTestFinished, test } from 'vitest';
import { calendarRoutes } from '../../src/http/calendar-feed.ts';
import { startServer } from '../../src/http/server.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { fakeClock } from '../support/clock.ts';

async function someFeed(key: string) {
  const server = await startServer({
    ...{ host: '127.0.0.1', port: 0, clock: fakeClock(), random: systemRandom, log: createLog('silent') },
    routes: calendarRoutes({
      key,
      names: ['primary', 'gone'],
      calendar: async (name) => (name === 'primary' ? 'BEGIN:VCALENDAR' : undefined),
    }),
  });
  onTestFinished(() => server.stop(0));
  return (path: string, method = 'GET') => fetch(`${server.url}${path}`, { method });
}

test('whoever gives the key reads the calendar of a schedule', async () => {
  const ask = await someFeed('a key+with/signs');
  const answer = await ask(`/schedules/primary.ics?key=${encodeURIComponent('a key+with/signs')}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  expect(await answer.text()).toBe('BEGIN:VCALENDAR');
  const head = await ask(`/schedules/primary.ics?key=${encodeURIComponent('a key+with/signs')}`, 'HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('without the key, with another one, or for another schedule it is as if there were nothing', async () => {
  const ask = await someFeed('right');
  for (const path of [
    'primary.ics',
    'primary.ics?key=',
    'primary.ics?key=wrong',
    'gone.ics?key=right',
    'other.ics?key=right',
  ]) {
    expect((await ask(`/schedules/${path}`)).status).toBe(404);
  }
});

test('where no key is set there is no feed', async () => {
  expect(calendarRoutes({ key: '', names: ['primary'], calendar: async () => 'x' })).toEqual({});
  expect(calendarRoutes(undefined)).toEqual({});
});
