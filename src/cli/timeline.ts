import type { Millis } from '../kernel/time.ts';
import type { Answer, Part } from '../questions/answer.ts';
import { drawUp } from '../questions/drawing/draw-up.ts';
import { drawTimeline } from '../questions/drawing/draw-up-timeline.ts';
import { runsOf } from '../questions/drawing/runs.ts';
import { bold, sayNumber } from '../questions/lines.ts';
import type { Material, Names } from '../questions/material.ts';
import type { Question } from '../questions/question.ts';

/** The calls one by one on a single page, of which a terminal shows the first `limit` lines. */
export function wholeTimeline(
  question: Question,
  material: Material,
  names: Names,
  now: Millis,
  limit: number,
): Answer {
  const answer = drawUp(question, { kind: 'timeline', page: 0 }, material, names, now);
  if (!answer.pages || answer.pages.of <= 1) return answer;
  const runs = runsOf(material.calls);
  // Each run by itself is a page of one line.
  const items = runs.flatMap(({ calls }) =>
    itemsOf(drawTimeline({ question, material: { ...material, calls }, names, now }, 0).parts),
  );
  const shown = runs.slice(0, limit).reduce((sum, { count }) => sum + count, 0);
  return {
    ...answer,
    // The range of the first page comes first.
    lead: [bold(`Calls 1–${sayNumber(shown)}`), ...answer.lead.slice(1)],
    parts: answer.parts.map((part) => (part.kind === 'list' ? { ...part, items } : part)),
    pages: undefined,
  };
}

function itemsOf(parts: readonly Part[]) {
  return parts.flatMap((part) => (part.kind === 'list' ? part.items : []));
}
