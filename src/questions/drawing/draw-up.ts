import type { Millis } from '../../kernel/time.ts';
import type { Answer, Line, Part, View } from '../answer.ts';
import { isInsight } from '../call.ts';
import { mergeCopies } from '../copies.ts';
import { bold, sayCount, text } from '../lines.ts';
import type { Material, Names } from '../material.ts';
import type { ActivityQuestion, Question } from '../question.ts';
import type { Asked, Draft } from './draft.ts';
import { drawUpActivity } from './draw-up-activity.ts';
import { drawUpCompare } from './draw-up-compare.ts';
import { drawUpErrors } from './draw-up-errors.ts';
import { drawUpEvent } from './draw-up-event.ts';
import { drawUpExplain } from './draw-up-explain.ts';
import { drawInsights, drawUpInsights } from './draw-up-insights.ts';
import { drawUpKey } from './draw-up-key.ts';
import { drawUpLogins } from './draw-up-logins.ts';
import { drawUpNoEvent, drawUpNothing } from './draw-up-nothing.ts';
import { drawUpRoot } from './draw-up-root.ts';
import { drawUpStats } from './draw-up-stats.ts';
import { drawTimeline } from './draw-up-timeline.ts';
import { titleOf } from './draw-up-title.ts';
import { choose } from './follow.ts';

/** What was found, as an answer for people: neither Slack's words nor a terminal's. */
export function drawUp(question: Question, view: View, found: Material, names: Names, now: Millis): Answer {
  const material: Material = { ...found, calls: mergeCopies(found.calls) };
  const asked: Asked = { question, material, names, now };
  const draft = draftOf(question, asked);
  const unfinished = material.unfinished === true;
  const { calls } = material;
  const isTimeline = view.kind === 'timeline' && calls.length > 0;
  const drawn = isTimeline ? drawTimeline(asked, view.page) : { ...draft, pages: undefined };
  return {
    question,
    view,
    title: titleOf(asked, view),
    lead: unfinished && calls.length > 0 ? soFar(drawn.lead) : drawn.lead,
    parts: [...tooMany(material), ...drawn.parts],
    coverage: material.coverage,
    pages: drawn.pages,
    calls: calls.length,
    follow: choose(draft.follow, asked),
    unfinished,
  };
}

function draftOf(question: Question, { material, names, now }: Asked): Draft {
  if (question.kind === 'stats') return drawUpStats({ question, material, names, now });
  if ('eventIds' in question) {
    const asked = { question, material, names, now };
    if (!material.events?.length) return drawUpNoEvent(asked);
    if (question.kind === 'explain') return drawUpExplain(asked);
    return question.kind === 'event' ? drawUpEvent(asked) : drawUpCompare(asked);
  }
  return withInsights({ question, material, names, now });
}

/** Insights stand beside the calls, which alone are counted. */
function withInsights(asked: Asked<ActivityQuestion>): Draft {
  const insights = asked.material.calls.filter(isInsight);
  if (insights.length === 0) return draftOfActivity(asked);
  const calls = asked.material.calls.filter((call) => !isInsight(call));
  if (calls.length === 0) return drawUpInsights(insights, asked);
  const draft = draftOfActivity({ ...asked, material: { ...asked.material, calls } });
  return { ...draft, parts: [...drawInsights(insights, asked), ...draft.parts] };
}

function draftOfActivity(asked: Asked<ActivityQuestion>): Draft {
  if (asked.material.calls.length === 0) return drawUpNothing(asked);
  switch (asked.question.kind) {
    case 'key':
      return drawUpKey(asked);
    case 'errors':
      return drawUpErrors(asked);
    case 'logins':
      return drawUpLogins(asked);
    case 'root':
      return drawUpRoot(asked);
    default:
      return drawUpActivity(asked);
  }
}

/** Says of a growing answer that it is not the last word. */
function soFar(lead: Line): Line {
  return [text('So far: '), ...lead];
}

/** More calls were found than are counted. */
function tooMany({ coverage, calls }: Asked['material']): Part[] {
  if ('off' in coverage.store || !coverage.store.truncated) return [];
  const oldest = calls.at(-1);
  const line: Line = [
    bold('More was found than is counted here'),
    text(`: the newest ${sayCount(calls.length, 'call')}`),
    ...(oldest ? [text(', back to '), { at: oldest.at, form: 'date and time' as const }] : []),
    text('. Ask a shorter period for exact numbers.'),
  ];
  return [{ kind: 'lines', lines: [line] }];
}
