import type { Millis } from '../../kernel/time.ts';
import type { Line, Part } from '../answer.ts';
import { isDenied, sayAction } from '../call.ts';
import { bold, code, cut, fact, joined, sayCount, sayNumber, text } from '../lines.ts';
import { sayAccount } from '../say-names.ts';
import { clientNamer } from './client-name.ts';
import { type Asked, list } from './draft.ts';
import { sayTallies, sum, type Tally, tally } from './tally.ts';

const MOST_REFUSALS = 6;

/** First and last call, top actions, clients, regions and accounts: one line each. */
export function commonFacts({ material, names }: Asked): Line[] {
  const { calls } = material;
  if (calls.length === 0) return [];
  const { first, last } = sum('', calls);
  const plain = (key: string): Line => [text(cut(key))];
  const accounts = tally(calls, (call) => call.account);
  const account = (id: string): Line => [text(sayAccount(id, names))];
  return [
    fact('First', instant(first), text(' · '), bold('Last'), text('  '), instant(last)),
    counted('Top call', tally(calls, sayAction), 8),
    counted('Client', tally(calls, clientNamer()), 5, plain),
    counted(
      'Region',
      tally(calls, ({ region }) => region),
      5,
      plain,
    ),
    ...(accounts.length === 1 && accounts[0]?.key === material.keyAccount?.account
      ? []
      : [counted('Account', accounts, 5, account)]),
  ];
}

function instant(at: Millis): Line[number] {
  return { at, form: 'date and time' };
}

function counted(what: string, tallies: readonly Tally[], most: number, name?: (key: string) => Line): Line {
  const label = tallies.length === 1 && what === 'Top call' ? 'Call' : what;
  return fact(tallies.length === 1 ? label : `${what}s`, ...sayTallies(tallies, most, name));
}

/** What AWS refused, most frequent first: action, on what, with which error. */
export function drawDenied({ material }: Asked): Part[] {
  const denied = material.calls.filter(({ errorCode }) => isDenied(errorCode));
  const tallies = tally(denied, (call) => `${sayAction(call)}\n${call.errorCode}`);
  return list('Denied', [...tallies.slice(0, MOST_REFUSALS).map(refusal), ...moreRefusals(tallies)]);
}

function refusal(one: Tally): Line {
  const call = one.calls[0];
  if (!call) return [];
  const targets = tally(one.calls, ({ target }) => target);
  const on: Line =
    targets.length === 0
      ? []
      : [
          text(' on '),
          ...joined(
            targets.slice(0, 3).map(({ key }) => [code(key, 60)]),
            ', ',
          ),
        ];
  const others = targets.length > 3 ? [text(` and ${sayNumber(targets.length - 3)} more`)] : [];
  const times = one.calls.length > 1 ? [bold(` × ${sayNumber(one.calls.length)}`)] : [];
  return [
    bold(sayAction(call)),
    ...times,
    ...on,
    ...others,
    text(` · ${cut(call.errorCode ?? '', 60)} · last `),
    { at: one.last, form: 'date and time' },
  ];
}

function moreRefusals(tallies: readonly Tally[]): Line[] {
  const rest = tallies.slice(MOST_REFUSALS);
  if (rest.length === 0) return [];
  const calls = rest.reduce((total, { calls }) => total + calls.length, 0);
  return [[text(`${sayCount(rest.length, 'more kind')} of refusal, ${sayCount(calls, 'call')}`)]];
}

/** Calls that failed for another reason than a refusal: `9 failed otherwise: NoSuchBucket 7 · Throttling 2`. */
export function otherFailures({ material }: Asked): Line[] {
  const failed = material.calls.filter(({ errorCode }) => errorCode !== undefined && !isDenied(errorCode));
  if (failed.length === 0) return [];
  const errors = sayTallies(
    tally(failed, ({ errorCode }) => errorCode),
    4,
  );
  return [fact('Failed otherwise', text(`${sayCount(failed.length, 'call')}: `), ...errors)];
}
