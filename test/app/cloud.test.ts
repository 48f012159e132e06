import { expect, it, onTestFinished } from 'vitest';
import { createCloud } from '../../src/app/cloud.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import type { CloudHistory } from '../../src/work/cloud-history.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { fakeClock } from '../support/clock.ts';

const LOG = createLog('silent');
const never = new AbortController().signal;

function configOf(text: string): Config {
  const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems[0]?.what);
  return read.config;
}

function asked(history: CloudHistory | { readonly off: string }): CloudHistory {
  if ('off' in history) throw new Error(history.off);
  return history;
}

it('keeps its pace at a place over a change of the configuration, and its memory where nothing changed', async () => {
  const aws = await startFakeAws({ rate: 'unlimited' });
  const clock = fakeClock();
  const standIn = { endpoint: aws.url, credentials: aws.credentials, rate: { requests: 1, per: 60_000 } };
  const cloud = createCloud({ clock, log: LOG, standIn });
  onTestFinished(() => cloud.close());
  const before = asked(await cloud.history(configOf('history: { regions: [eu-west-1] }')));
  expect(await cloud.history(configOf('history: { regions: [eu-west-1] }\nlog: { level: debug }'))).toBe(
    before,
  );
  const after = asked(await cloud.history(configOf('history: { regions: [eu-west-1, us-east-1] }')));
  expect(after).not.toBe(before);

  const place = { account: '111122223333', region: 'eu-west-1' };
  const period = { from: clock.now() - 60_000, to: clock.now(), said: 'last minute' };
  const read = async (history: CloudHistory) => {
    for await (const _ of history.lookup({ place, attribute: undefined, period }, never));
  };
  await read(before);
  const second = read(after);
  await clock.untilSleeping();
  const lookups = () => aws.requests.filter(({ operation }) => operation === 'LookupEvents').length;
  expect(lookups()).toBe(1);
  await clock.advance(62_000);
  await second;
  expect(lookups()).toBe(2);
});

it('asks nothing where the configuration says so', async () => {
  const cloud = createCloud({ clock: fakeClock(), log: LOG });
  expect(await cloud.history(configOf('history: { lookup_events: false }'))).toEqual({
    off: 'history.lookup_events is false in the configuration.',
  });
});
