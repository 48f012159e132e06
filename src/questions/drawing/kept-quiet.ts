import { parseInstant } from '../../kernel/time.ts';
import type { Line, Span } from '../answer.ts';
import { code, cut, fact, text } from '../lines.ts';
import type { EventInFull } from '../material.ts';

const MOST = 5;
const LONGEST = 300;

/** Why matches of an event made no alert, a line each. */
export function keptQuiet({ suppressed, judgement }: EventInFull): Line[] {
  return suppressed.slice(0, MOST).map(({ ruleId, reason }) => {
    const title = judgement?.quietTitles.get(ruleId);
    const rule = title === undefined ? [code(ruleId), text(' ')] : [text(`“${cut(title)}”: `)];
    return fact('Kept quiet', ...rule, ...withTimes(cut(reason, LONGEST)));
  });
}

/** A sentence with the times in it as each reader's own. */
export function withTimes(sentence: string): Line {
  const spans: Span[] = [];
  let said = 0;
  for (const { 0: utc, index } of sentence.matchAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g)) {
    const at = parseInstant(utc.replace(' ', 'T').replace(' UTC', 'Z'));
    if (at === undefined) continue;
    spans.push(text(sentence.slice(said, index)), { at, form: 'date and time' });
    said = index + utc.length;
  }
  return [...spans, text(sentence.slice(said))];
}
