import type { Line, Part } from '../answer.ts';
import { type Call, sayAction } from '../call.ts';
import { bold, cut, sayAgo, sayCount, sayNumber, seen, text } from '../lines.ts';
import type { ActivityQuestion } from '../question.ts';
import { sayAccount, sayAddress } from '../say-names.ts';
import { nameClient } from './client-name.ts';
import { type Asked, type Draft, table } from './draft.ts';
import { drawChart } from './draw-up-chart.ts';
import { drawNews } from './draw-up-news.ts';
import { followAddress, followKey } from './follow.ts';
import { findNews } from './news.ts';
import { type Run, runsOf } from './runs.ts';
import { sum, tally } from './tally.ts';

const MOST_ROWS = 20;

/** Each use of a root user, newest first. */
export function drawUpRoot(asked: Asked<ActivityQuestion>): Draft {
  const { material, question } = asked;
  const { period } = question.scope;
  return {
    lead: leadOf(asked),
    parts: [
      drawTable(runsOf(material.calls), asked),
      ...drawNews(findNews(asked), asked),
      ...drawChart(material.calls, period),
    ],
    follow: [
      ...tally(material.calls, ({ address }) => address).flatMap(({ key }) => followAddress(key, period)),
      ...tally(material.calls, ({ keyId }) => keyId).flatMap(({ key }) => followKey(key, period)),
    ],
  };
}

function leadOf({ material, names, now }: Asked): Line {
  const { calls } = material;
  const [newest] = calls;
  if (!newest) return [];
  const accounts = tally(calls, ({ account }) => account);
  const bare = calls.filter(({ mfa, errorCode }) => mfa === false && errorCode === undefined).length;
  const { failed } = sum('', calls);
  const keyed = calls.filter(({ keyId }) => keyId?.startsWith('AKIA')).length;
  const where =
    accounts.length === 1 ? sayAccount(newest.account, names) : sayCount(accounts.length, 'account');
  return [
    bold(`Root made ${sayCount(calls.length, 'call')}`),
    text(` in ${where}, last ${sayAction(newest)} from `),
    ...sayAddress(newest.address, names),
    text(` ${sayAgo(newest.at, now)}`),
    ...(failed > 0 ? [text(`; ${sayNumber(failed)} failed`)] : []),
    ...(bare > 0 ? [text('; '), bold(`${sayNumber(bare)} without MFA`)] : []),
    text('.'),
    ...(keyed > 0 ? [text(' '), bold('Root has an access key and uses it: delete that key.')] : []),
  ];
}

function drawTable(runs: readonly Run[], { names, material }: Asked): Part {
  const withAccount = tally(material.calls, ({ account }) => account).length > 1;
  const rows = runs.slice(0, MOST_ROWS).map((run): Line[] => {
    const { call, count } = run;
    const { first, last } = sum('', run.calls);
    return [
      seen(first, last),
      [bold(sayAction(call)), ...(count > 1 ? [text(` × ${sayNumber(count)}`)] : [])],
      sayAddress(call.address, names),
      [text(nameClient(call.client))],
      [mfaOf(call)],
      [text(cut(call.errorCode ?? 'done', 40))],
      ...(withAccount ? [[text(sayAccount(call.account, names))]] : []),
    ];
  });
  const columns = ['When', 'Action', 'From', 'Client', 'MFA', 'Result', ...(withAccount ? ['Account'] : [])];
  return table('Uses, newest first', columns, rows, Math.max(0, runs.length - MOST_ROWS));
}

function mfaOf({ mfa }: Call): Line[number] {
  if (mfa === undefined) return text('not recorded');
  return mfa ? text('yes') : bold('no');
}
