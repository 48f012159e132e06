import type { Line, Part } from '../answer.ts';
import { type Call, sayAction } from '../call.ts';
import { bold, cut, sayCount, text } from '../lines.ts';
import { sayActor } from '../say-names.ts';
import { type Asked, type Draft, list } from './draft.ts';
import { followActor } from './follow.ts';

const MOST = 5;

/** Activity that CloudTrail found unusual, newest first: no calls, so they are not counted with them. */
export function drawInsights(insights: readonly Call[], { names }: Asked): Part[] {
  const items = insights.slice(0, MOST).map((insight) => itemOf(insight, names));
  const rest = insights.length - items.length;
  return list('Insights', [...items, ...(rest > 0 ? [[text(`${sayCount(rest, 'more Insight')}`)]] : [])]);
}

/** An answer to which nothing but Insights belongs. */
export function drawUpInsights(insights: readonly Call[], asked: Asked): Draft {
  const [newest] = insights;
  const found = sayCount(insights.length, 'Insight');
  const name = insights.length === 1 ? 'names' : 'name';
  return {
    lead: [text('No call was found; '), bold(found), text(` of CloudTrail ${name} it.`)],
    parts: drawInsights(insights, asked),
    follow: newest ? followActor(newest, asked.question.scope.period) : [],
  };
}

function itemOf(insight: Call, names: Asked['names']): Line {
  return [
    { at: insight.at, form: 'date and time' },
    text('  '),
    bold(sayAction(insight).replace(/ Insight$/, '')),
    text(` ${cut(insight.target ?? '', 120)} · top caller ${sayActor(insight.actor.label, names)}`),
  ];
}
