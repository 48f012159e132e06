import type { Line, Part } from '../answer.ts';
import { sayAction } from '../call.ts';
import { bold, code, fact, sayAgo, sayCount, sayNumber, text } from '../lines.ts';
import type { ActivityKind, ActivityQuestion } from '../question.ts';
import { sayActor, sayAddress } from '../say-names.ts';
import type { Asked, Draft, Follow } from './draft.ts';
import { drawChart } from './draw-up-chart.ts';
import { commonFacts, drawDenied, otherFailures } from './draw-up-facts.ts';
import { drawNews, leadNews } from './draw-up-news.ts';
import { drawActors, drawAddresses, drawSessions } from './draw-up-tables.ts';
import { followActor, followAddress, followKey } from './follow.ts';
import { certainNews, findNews, type News, type NoNews } from './news.ts';
import { sayTallies, sum, tally } from './tally.ts';

/** What a user, role or address did, or what was done to a resource. */
export function drawUpActivity(asked: Asked<ActivityQuestion>): Draft {
  const { material, question } = asked;
  const news = findNews(asked);
  return {
    lead: leadOf(asked, news),
    parts: [
      tableOf(asked, news),
      { kind: 'lines', lines: [...ownFacts(asked), ...commonFacts(asked), ...otherFailures(asked)] },
      ...drawDenied(asked),
      ...drawNews(news, asked),
      ...drawChart(material.calls, question.scope.period),
    ],
    follow: followsOf(asked, news),
  };
}

function tableOf(asked: Asked<ActivityQuestion>, news: News | NoNews): Part {
  const { kind } = asked.question;
  if (kind === 'user') return drawAddresses(asked, news);
  return kind === 'role' ? drawSessions(asked, news) : drawActors(asked, news);
}

const IS_DONE_TO: readonly ActivityKind[] = ['resource', 'anything'];

function leadOf(asked: Asked<ActivityQuestion>, news: News | NoNews): Line {
  const { material, question, names } = asked;
  const { calls } = material;
  const all = sum('', calls);
  const told = leadNews(news, asked);
  const where = question.kind === 'address' ? names.networks(question.value).join(', ') : '';
  return [
    ...(where === '' ? [] : [text(`Inside ${where}. `)]),
    bold(sayCount(calls.length, 'call')),
    ...scopeOf(asked),
    ...(all.denied > 0 ? [text(`, ${sayNumber(all.denied)} denied`)] : []),
    ...(told ? [text('; '), ...told] : []),
    text('.'),
    ...lastChange(asked),
  ];
}

function scopeOf({ material, question, names }: Asked<ActivityQuestion>): Line {
  const actors = tally(material.calls, ({ actor }) => actor.label);
  const addresses = tally(material.calls, ({ address }) => address);
  const from =
    addresses.length === 1 && addresses[0]
      ? [text(' from '), code(addresses[0].key, 60)]
      : [text(` from ${sayCount(addresses.length, 'address', 'addresses')}`)];
  const by =
    actors.length === 1 && actors[0]
      ? [text(' by '), code(sayActor(actors[0].key, names))]
      : [text(` by ${sayCount(actors.length, 'actor')}`)];
  if (question.kind === 'user')
    return actors.length > 1 ? [text(` as ${sayCount(actors.length, 'actor')}`), ...from] : from;
  if (question.kind === 'address') return by;
  if (question.kind !== 'role') return [...by, ...from];
  const sessions = tally(material.calls, ({ actor }) => actor.name);
  return [text(` in ${sayCount(sessions.length, 'session')}`), ...from];
}

/** The last thing that changed something and went through: what an investigator looks for first. */
function lastChange({ material, question, now, names }: Asked<ActivityQuestion>): Line {
  const change = material.calls.find(
    ({ readOnly, errorCode }) => readOnly === false && errorCode === undefined,
  );
  if (!change) {
    const written = material.calls.some(({ readOnly }) => readOnly !== true);
    return written || question.scope.access === 'reads' ? [] : [text(' Nothing was changed: reads only.')];
  }
  const isUser = question.kind === 'user';
  const onto = !IS_DONE_TO.includes(question.kind) && change.target !== undefined;
  return [
    text(' Last change: '),
    bold(sayAction(change)),
    ...(onto ? [text(' on '), code(change.target ?? '', 60)] : []),
    ...(isUser ? [] : [text(' by '), code(sayActor(change.actor.label, names))]),
    ...(question.kind === 'address' ? [] : [text(' from '), ...sayAddress(change.address, names)]),
    text(` ${sayAgo(change.at, now)}.`),
  ];
}

function ownFacts({ material, question }: Asked<ActivityQuestion>): Line[] {
  const keys = tally(material.calls, ({ keyId }) => keyId);
  const facts: Line[] = [];
  if (keys.length > 0)
    facts.push(fact(keys.length === 1 ? 'Key' : 'Keys', ...sayTallies(keys, 4, (keyId) => [{ keyId }])));
  const targets = tally(material.calls, ({ readOnly, target }) => (readOnly === false ? target : undefined));
  if (targets.length > 0 && !IS_DONE_TO.includes(question.kind)) {
    facts.push(fact('Changed', ...sayTallies(targets)));
  }
  if (question.kind === 'user') {
    const actors = tally(material.calls, ({ actor }) => actor.label);
    if (actors.length > 1) facts.push(fact('As', ...sayTallies(actors)));
  }
  return facts;
}

function followsOf({ material, question }: Asked<ActivityQuestion>, news: News | NoNews): Follow[] {
  const { period } = question.scope;
  const { calls } = material;
  const change = calls.find(({ readOnly }) => readOnly === false) ?? calls[0];
  const fresh = certainNews(news)?.addresses.slice(0, 2) ?? [];
  const keys = tally(calls, ({ keyId }) => keyId);
  const actors = tally(calls, ({ actor }) => actor.label).slice(0, 2);
  return [
    ...fresh.flatMap(({ key }) => followAddress(key, period)),
    ...(question.kind === 'user' || !change ? [] : followActor(change, period)),
    ...followKey(change?.keyId, period),
    ...keys.slice(0, 3).flatMap(({ key }) => followKey(key, period)),
    ...actors.flatMap(({ calls: [call] }) =>
      call && question.kind !== 'user' ? followActor(call, period) : [],
    ),
    ...followAddress(change?.address, period),
  ];
}
