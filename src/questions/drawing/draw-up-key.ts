import { isIP } from 'node:net';
import { MINUTE, type Millis } from '../../kernel/time.ts';
import type { Line, Span } from '../answer.ts';
import { bold, code, cut, fact, sayCount, sayNumber, text } from '../lines.ts';
import type { ActivityQuestion } from '../question.ts';
import { nameAccounts, sayAccount, sayActor } from '../say-names.ts';
import type { Asked, Draft, Follow } from './draft.ts';
import { drawChart } from './draw-up-chart.ts';
import { commonFacts, drawDenied, otherFailures } from './draw-up-facts.ts';
import { drawNews, leadNews } from './draw-up-news.ts';
import { drawAddresses } from './draw-up-tables.ts';
import { drawTrace } from './draw-up-trace.ts';
import { followActor, followAddress, followKey, followUp } from './follow.ts';
import { certainNews, findNews, type News, type NoNews } from './news.ts';
import { sum, tally } from './tally.ts';

/** Who used an access key; for a temporary one also who made it. */
export function drawUpKey(asked: Asked<ActivityQuestion>): Draft {
  const { material, question } = asked;
  const news = findNews(asked);
  const { calls, trace } = material;
  return {
    lead: leadOf(asked, news),
    parts: [
      ...(trace ? drawTrace(trace, asked) : []),
      drawAddresses(asked, news),
      { kind: 'lines', lines: [...keyFacts(asked), ...commonFacts(asked), ...otherFailures(asked)] },
      ...drawDenied(asked),
      ...drawNews(news, asked),
      ...drawChart(calls, question.scope.period),
    ],
    follow: followsOf(asked, news),
  };
}

function leadOf(asked: Asked<ActivityQuestion>, news: News | NoNews): Line {
  const { calls, trace } = asked.material;
  const all = sum('', calls);
  const addresses = tally(calls, ({ address }) => address);
  const from =
    addresses.length === 1 && addresses[0]
      ? [text(' from '), code(addresses[0].key, 60)]
      : [text(` from ${sayCount(addresses.length, 'address', 'addresses')}`)];
  const told = leadNews(news, asked) ?? elsewhere(asked);
  const denied = all.denied > 0 ? [text(`, ${sayNumber(all.denied)} denied`)] : [];
  return [
    ...ownerOf(asked),
    ...(trace ? [text(`Origin: ${cut(nameAccounts(trace.origin.said, asked.names), 200)} `)] : []),
    bold(sayCount(calls.length, 'call')),
    ...from,
    ...denied,
    ...(told ? [text('; '), ...told] : []),
    text('.'),
  ];
}

/** A session that is used from another address than the one that asked for it: so a stolen one looks. */
function elsewhere({ material }: Asked): Line | undefined {
  const made = material.trace?.hops[0]?.address;
  if (made === undefined || isIP(made) === 0) return undefined;
  const call = material.calls.find(
    ({ address }) => address !== made && address !== undefined && isIP(address) !== 0,
  );
  if (!call) return undefined;
  return [
    bold('used from '),
    code(call.address ?? '', 60),
    bold(', but the session was made from '),
    code(made, 60),
  ];
}

/** `Owner user ci-deploy. `, or who was seen with the key. */
function ownerOf({ material, names }: Asked): Line {
  const { owner, calls } = material;
  if (owner?.userName !== undefined) return [text('Owner '), code(owner.userName), text('. ')];
  const actors = tally(calls, ({ actor }) => actor.label);
  const [first] = actors;
  if (!first) return [];
  if (actors.length > 1)
    return [
      text(`Used by ${sayNumber(actors.length)} actors, most by `),
      code(sayActor(first.key, names)),
      text('. '),
    ];
  const isLongTerm = first.calls[0]?.keyId?.startsWith('AKIA');
  return [text(isLongTerm ? 'Owner ' : 'Session of '), code(sayActor(first.key, names)), text('. ')];
}

/** What IAM and the key's id say, besides the calls. */
export function keyFacts(asked: Asked<ActivityQuestion>): Line[] {
  const { keyAccount, owner } = asked.material;
  const facts: Line[] = [];
  if (keyAccount) {
    const known = {
      decoded: ' – computed from the key id, unconfirmed',
      aws: ' – confirmed by AWS',
      seen: '',
    }[keyAccount.by];
    facts.push(fact('Key of account', text(`${sayAccount(keyAccount.account, asked.names)}${known}`)));
  }
  const used = owner?.lastUsed;
  if (used) {
    const where = ` for ${cut(used.service, 40)} in ${cut(used.region, 30)}.`;
    facts.push(
      fact(
        'Last used, says IAM',
        { at: used.at, form: 'date and time' },
        text(where),
        ...gap(asked, used.at),
      ),
    );
  }
  return facts;
}

/** IAM notes the use of a key in steps of minutes: less than this is no difference. */
const LATER = 15 * MINUTE;

/** Whether IAM knows of a use that was not found, and why that may be. */
function gap({ material, question }: Asked<ActivityQuestion>, usedAt: Millis): Span[] {
  const { period, ...narrowing } = question.scope;
  if (material.unfinished || Object.values(narrowing).some((one) => one !== undefined && one !== false))
    return [];
  const [newest] = material.calls;
  if (usedAt < period.from - LATER)
    return newest ? [] : [text(' That is before the period: ask a longer one.')];
  if (usedAt > period.to + LATER) return [text(' That is after the period.')];
  if (newest && usedAt - newest.at <= LATER) return [];
  const than = newest ? 'That is later than any call found' : 'No event of it was found';
  return [
    text(' '),
    bold(`${than}: events are missing.`),
    text(
      ' It may have been a data event (an S3 object, a Lambda invocation), or a call in an account or region that was not read.',
    ),
  ];
}

function followsOf({ material, question }: Asked<ActivityQuestion>, news: News | NoNews): Follow[] {
  const { period } = question.scope;
  const { calls, trace, owner } = material;
  const parents = trace?.hops.flatMap(({ callerKeyId }) => followKey(callerKeyId, period)) ?? [];
  const fresh = certainNews(news)?.addresses ?? [];
  const [newest] = calls;
  return [
    ...fresh.slice(0, 2).flatMap(({ key }) => followAddress(key, period)),
    ...parents,
    ...(owner?.userName === undefined ? [] : [followUp('user', owner.userName, period)]),
    ...(newest && owner?.userName === undefined ? followActor(newest, period) : []),
    ...tally(calls, ({ address }) => address)
      .slice(0, 2)
      .flatMap(({ key }) => followAddress(key, period)),
  ];
}
