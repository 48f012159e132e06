import { DAY, MINUTE } from '../../kernel/time.ts';
import type { Line } from '../answer.ts';
import { isAlertId } from '../judgement.ts';
import { bold, cut, sayCount, text } from '../lines.ts';
import { type ActivityQuestion, EVENT_HISTORY_DAYS, type Question } from '../question.ts';
import { nameAccounts, sayAccount } from '../say-names.ts';
import { type Asked, type Draft, type Follow, list } from './draft.ts';
import { keyFacts } from './draw-up-key.ts';
import { drawTrace } from './draw-up-trace.ts';
import { followKey } from './follow.ts';
import { missingOf, sayClauses } from './missing.ts';

const STILL_SEARCHING: Line = [text('Nothing found so far; the search goes on.')];

/** No call was found: whether that is an all-clear, what would explain it, and what to ask instead. */
export function drawUpNothing(asked: Asked<ActivityQuestion>): Draft {
  const { material, question } = asked;
  const { trace } = material;
  const facts = question.kind === 'key' ? keyFacts(asked) : [];
  return {
    lead: [
      ...leadOf(asked),
      ...(trace ? [text(` Origin: ${cut(nameAccounts(trace.origin.said, asked.names), 200)}`)] : []),
    ],
    parts: [
      ...(trace ? drawTrace(trace, asked) : []),
      ...(facts.length > 0 ? [{ kind: 'lines' as const, lines: facts }] : []),
      ...(material.unfinished ? [] : list('What would explain it', reasons(asked))),
    ],
    follow: [
      ...(trace?.hops.flatMap(({ callerKeyId }) => followKey(callerKeyId, question.scope.period)) ?? []),
      ...widerQuestions(asked),
    ],
  };
}

/** The event that was asked for is not there. */
export function drawUpNoEvent(asked: Asked): Draft {
  const { material, question } = asked;
  const ids = 'eventIds' in question ? question.eventIds.map((id) => cut(id, 64)).join(', ') : '';
  const items: Line[] = [
    [text('An event id is 36 characters; one letter off finds nothing.')],
    [
      text(
        `AWS shows management events of the last ${EVENT_HISTORY_DAYS} days; data events only where they were forwarded to the bot.`,
      ),
    ],
    [text('An event takes 5 to 15 minutes to appear in the event history.')],
  ];
  if (material.unfinished) return { lead: STILL_SEARCHING, parts: [], follow: [] };
  if ('eventIds' in question && question.eventIds.every(isAlertId)) return noAlert(material.coverage);
  const many = 'eventIds' in question && question.eventIds.length > 1;
  return {
    lead: [
      bold(many ? 'None of these events was found' : 'This event was not found'),
      text(`: ${ids}.`),
      ...gapsOf(asked),
    ],
    parts: list('What would explain it', items),
    follow: [],
  };
}

/** Alerts are the own store's alone: why AWS is not asked is all there is to say. */
function noAlert({ store, lookup }: Asked['material']['coverage']): Draft {
  const why = 'off' in lookup ? lookup.off : 'the alert was not found';
  const trouble = 'off' in store ? `: ${cut(store.off, 200)}` : '';
  const said = `${why.slice(0, 1).toUpperCase()}${why.slice(1)}${trouble}.`;
  return { lead: [bold(said, 300)], parts: [], follow: [] };
}

function leadOf(asked: Asked<ActivityQuestion>): Line {
  const { question, material } = asked;
  const period = cut(question.scope.period.said, 40);
  if (material.unfinished) return STILL_SEARCHING;
  const gaps = gapsOf(asked);
  const clear: Line = gaps.length > 0 ? gaps : searched(material.coverage);
  const sessions = ' What its sessions did is known to the own store only.';
  return [
    bold(`${NOTHING[question.kind]} (${period}).`, 120),
    ...(question.kind === 'role' ? [text(sessions)] : []),
    ...clear,
  ];
}

const NOTHING: Readonly<Record<ActivityQuestion['kind'], string>> = {
  key: 'No call with this key was found',
  user: 'No call by this user or session was found',
  address: 'No call from this address was found',
  role: 'Nobody assumed or changed this role',
  resource: 'Nothing was found that touched this',
  anything: 'No call by or to this name was found',
  errors: 'No call was denied or failed',
  logins: 'Nobody signed in or tried to',
  root: 'Root was not used',
};

/** What was not looked at: without it, nothing found is no all-clear. */
function gapsOf(asked: Asked): Line {
  const { store, lookup } = asked.material.coverage;
  if ('off' in store && 'off' in lookup)
    return [text(' '), bold('Nothing could be searched, so this says nothing.', 120)];
  const missing = missingOf(asked);
  return [
    ...('off' in lookup
      ? [text(' Only what was forwarded to the bot was searched, not the event history of AWS.')]
      : []),
    ...('off' in store
      ? [text(` Only the event history of AWS was searched, not the own store: ${cut(store.off, 200)}.`)]
      : []),
    ...(missing.length > 0
      ? [text(' '), bold(`But ${sayClauses(missing)}: this is no all-clear.`, 400)]
      : []),
  ];
}

/** `Searched: the event history of 3 accounts in 17 regions and 1,204,233 stored events.` */
function searched({ store, lookup }: Asked['material']['coverage']): Line {
  const parts: string[] = [];
  if (!('off' in lookup) && lookup.places.length > 0) {
    const accounts = new Set(lookup.places.map(({ account }) => account)).size;
    const regions = new Set(lookup.places.map(({ region }) => region)).size;
    parts.push(`the event history of ${sayCount(accounts, 'account')} in ${sayCount(regions, 'region')}`);
  }
  if (!('off' in store)) parts.push(`${sayCount(store.stored, 'event')} of the own store`);
  return parts.length === 0 ? [] : [text(` Searched: ${parts.join(' and ')}.`)];
}

function reasons(asked: Asked<ActivityQuestion>): Line[] {
  const { question, material, now } = asked;
  const { scope, kind } = question;
  const narrowed = [
    scope.account === undefined ? '' : 'one account',
    scope.region === undefined ? '' : 'one region',
    scope.access === undefined ? '' : scope.access,
    scope.failed ? 'failed calls' : '',
  ].filter((part) => part !== '');
  const said: string[] = [];
  if (narrowed.length > 0) said.push(`The question is narrowed to ${narrowed.join(', ')}: ask it without.`);
  const away = accountAway(asked);
  if (away !== undefined) said.push(away);
  if (scope.period.to > now - 15 * MINUTE) {
    said.push('Events of the last 15 minutes may still be on their way.');
  }
  if (!['errors', 'logins', 'root'].includes(kind)) {
    said.push(
      'Data events (S3 objects, Lambda invocations, DynamoDB items) are not in the event history of AWS.',
    );
  }
  if (kind !== 'errors' && kind !== 'logins' && kind !== 'root' && kind !== 'key' && kind !== 'address') {
    said.push('Names are compared exactly, upper and lower case included.');
  }
  if (kind === 'logins') said.push('People of IAM Identity Center sign in in its own account and region.');
  if (scope.period.from > now - 7 * DAY && material.owner?.lastUsed === undefined) {
    said.push('It happened before this period.');
  }
  return said.map((line) => [text(line)]);
}

/** The key belongs to an account that was not asked. */
function accountAway({ material, names }: Asked): string | undefined {
  const { keyAccount, coverage } = material;
  if (!keyAccount || 'off' in coverage.lookup) return undefined;
  if (coverage.lookup.places.some(({ account }) => account === keyAccount.account)) return undefined;
  const unsure = keyAccount.by === 'decoded' ? ' (computed from its id, unconfirmed)' : '';
  return `The key belongs to account ${sayAccount(keyAccount.account, names)}${unsure}, which was not asked: add it to the accounts with a reader role.`;
}

/** The same without what narrows it, and over the whole event history. */
function widerQuestions({ question, now }: Asked<ActivityQuestion>): Follow[] {
  const { scope } = question;
  const wider: Follow[] = [];
  const { period } = scope;
  if (
    scope.account !== undefined ||
    scope.region !== undefined ||
    scope.access !== undefined ||
    scope.failed
  ) {
    wider.push({ label: [text('Search without narrowing')], question: { ...question, scope: { period } } });
  }
  const from = now - EVENT_HISTORY_DAYS * DAY;
  if (period.from > from + DAY) {
    const said = `last ${EVENT_HISTORY_DAYS} days`;
    const longer: Question = { ...question, scope: { ...scope, period: { from, to: now, said } } };
    wider.push({ label: [text(`Search the ${said}`)], question: longer });
  }
  return wider;
}
