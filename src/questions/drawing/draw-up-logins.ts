import { HOUR, type Millis } from '../../kernel/time.ts';
import type { Line, Part } from '../answer.ts';
import { type Call, sayAction } from '../call.ts';
import { bold, code, fact, sayAgo, sayCount, sayNumber, seen, text } from '../lines.ts';
import type { ActivityQuestion } from '../question.ts';
import { sayAccount, sayActor, sayAddress } from '../say-names.ts';
import { nameClient } from './client-name.ts';
import { type Asked, type Draft, table } from './draft.ts';
import { drawChart } from './draw-up-chart.ts';
import { drawNews } from './draw-up-news.ts';
import { followActor, followAddress } from './follow.ts';
import { findNews } from './news.ts';
import { sayTallies, sum, tally } from './tally.ts';

const MOST_ROWS = 15;
const SIGN_INS = /^(ConsoleLogin|UserAuthentication|AssumeRoleWithSAML|Authenticate)$/;
/** So many failures of one person from one address within an hour are no typing mistakes. */
const GUESSING = 5;

/** Each sign-in with MFA and result; the failed ones of one person from one address count together. */
export function drawUpLogins(asked: Asked<ActivityQuestion>): Draft {
  const { material, question } = asked;
  const signIns = material.calls.filter(({ name }) => SIGN_INS.test(name));
  const groups = groupSignIns(signIns);
  const { period } = question.scope;
  const accounts = tally(material.calls, ({ account }) => account);
  const shown = accounts.length > 1;
  return {
    lead: leadOf(signIns, groups, asked),
    parts: [
      ...(groups.length > 0 ? [drawTable(groups, shown, asked)] : []),
      ...aroundOf(material.calls),
      ...drawNews(findNews(asked), asked),
      ...drawChart(material.calls, period, {
        names: ['succeeded', 'failed'],
        second: ({ errorCode }) => errorCode !== undefined,
      }),
    ],
    follow: [...groups]
      .sort((one, other) => Number(isSuspicious(other)) - Number(isSuspicious(one)))
      .flatMap(({ calls: [call] }) =>
        call ? [...followAddress(call.address, period), ...followActor(call, period)] : [],
      ),
  };
}

interface SignIn {
  readonly calls: readonly Call[];
  readonly failed: boolean;
}

/** Newest first. */
function groupSignIns(signIns: readonly Call[]): SignIn[] {
  const groups = tally(signIns, (call) =>
    call.errorCode === undefined ? call.key : `failed\n${call.actor.label}\n${call.address}`,
  );
  return groups
    .sort((one, other) => other.last - one.last)
    .map(({ calls, failed }) => ({ calls, failed: failed > 0 }));
}

function isSuspicious({ calls: [call], failed }: SignIn): boolean {
  return failed || call?.mfa === false;
}

function leadOf(signIns: readonly Call[], groups: readonly SignIn[], { now, names }: Asked): Line {
  const passed = signIns.filter(({ errorCode }) => errorCode === undefined);
  const people = new Set(passed.map(({ actor }) => actor.label)).size;
  const bare = passed.filter(({ mfa }) => mfa === false);
  const failed = groups
    .filter((group) => group.failed)
    .sort((one, other) => other.calls.length - one.calls.length);
  const lead = [
    bold(`${sayCount(passed.length, 'sign-in')}`),
    text(` by ${sayCount(people, 'person', 'people')}`),
    ...(bare.length > 0 ? [text(', '), bold(`${sayNumber(bare.length)} without MFA`)] : []),
    text(`; ${sayNumber(signIns.length - passed.length)} failed.`),
  ];
  const [worst] = failed;
  const call = worst?.calls[0];
  if (!worst || !call) return lead;
  const got = cameThrough(worst.calls, passed);
  return [
    ...lead,
    text(' Most failures: '),
    ...nameActor(call, names),
    text(' from '),
    ...sayAddress(call.address, names),
    text(`, ${sayCount(worst.calls.length, 'time')}, last ${sayAgo(call.at, now)}`),
    ...(got
      ? [bold(', and then it succeeded', 60)]
      : isGuessing(worst.calls)
        ? [bold(': somebody may be guessing')]
        : []),
    text('.'),
  ];
}

function nameActor({ actor }: Call, names: Asked['names']): Line {
  return [code(sayActor(actor.label, names))];
}

function isGuessing(calls: readonly Call[]): boolean {
  const { first, last } = sum('', calls);
  return calls.length >= GUESSING && last - first <= HOUR;
}

/** Whether somebody signed in from the failing address within an hour after the last failure. */
function cameThrough(failures: readonly Call[], passed: readonly Call[]): boolean {
  const [last] = failures;
  if (!last || last.address === undefined || failures.length < 2) return false;
  const until: Millis = last.at + HOUR;
  return passed.some(({ address, at }) => address === last.address && at >= last.at && at <= until);
}

function drawTable(groups: readonly SignIn[], withAccount: boolean, { names }: Asked): Part {
  const rows = groups.slice(0, MOST_ROWS).map(({ calls, failed }): Line[] => {
    const { first, last } = sum('', calls);
    const call = calls[0];
    if (!call) return [];
    return [
      seen(first, last),
      [text(sayActor(call.actor.label, names))],
      sayAddress(call.address, names),
      sayMfa(call),
      failed ? [bold(calls.length > 1 ? `failed × ${sayNumber(calls.length)}` : 'failed')] : [text('in')],
      [text(nameClient(call.client))],
      ...(withAccount ? [[text(sayAccount(call.account, names))]] : []),
    ];
  });
  const columns = ['When', 'Who', 'From', 'MFA', 'Result', 'Client', ...(withAccount ? ['Account'] : [])];
  return table('Sign-ins, newest first', columns, rows, Math.max(0, groups.length - MOST_ROWS));
}

/** People of an identity provider use its MFA, which AWS does not see. */
function sayMfa({ mfa, actor, errorCode }: Call): Line {
  if (mfa === true) return [text('yes')];
  if (errorCode !== undefined) return [text('–')];
  if (mfa === false) return [bold('no')];
  const federated = ['role', 'federated', 'saml', 'web-identity', 'identity-center'].includes(actor.kind);
  return [text(federated ? 'at the identity provider' : 'not recorded')];
}

/** Steps around a sign-in: MFA checks, role switches, password changes. */
function aroundOf(calls: readonly Call[]): Part[] {
  const around = tally(calls, (call) => (SIGN_INS.test(call.name) ? undefined : sayAction(call)));
  return around.length === 0
    ? []
    : [{ kind: 'lines', lines: [fact('Around them', ...sayTallies(around, 6))] }];
}
