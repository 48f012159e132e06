import { type Millis, sayDuration } from '../../kernel/time.ts';
import type { Line, Part } from '../answer.ts';
import { bold, cut, fact, sayCount, sayNumber, text } from '../lines.ts';
import type { RuleStats } from '../material.ts';
import { countOf } from './cells.ts';
import { type Asked, type Draft, table } from './draft.ts';

const MOST_ROWS = 20;
/** Fewer alerts than these say little about a rule. */
const ENOUGH = 3;

/** How the alerts of each rule did, the noisiest first, and what to do about it. */
export function drawUpStats({ material }: Asked): Draft {
  const stats = [...(material.stats ?? [])].sort(
    (one, other) => other.alerts - one.alerts || other.events - one.events,
  );
  const total = stats.reduce((sum, { alerts }) => sum + alerts, 0);
  const advice = stats.flatMap((one) => {
    const said = advise(one);
    return said === undefined ? [] : [{ one, said }];
  });
  const lines = advice.slice(1, 5).map(({ one, said }) => fact(cut(one.ruleName), text(said)));
  return {
    lead: leadOf(stats, total),
    parts: [drawTable(stats), ...(lines.length > 0 ? [{ kind: 'lines' as const, lines }] : [])],
    follow: [],
  };
}

function leadOf(stats: readonly RuleStats[], total: number): Line {
  const [noisiest] = stats;
  if (!noisiest || total === 0) return [bold('No alerts in this period.')];
  const open = stats.reduce((sum, one) => sum + one.open, 0);
  const share = Math.round((noisiest.alerts / total) * 100);
  const all: Line = [
    bold(`${sayCount(total, 'alert')} of ${sayCount(stats.length, 'rule')}`),
    text(`, ${sayNumber(open)} still open. `),
  ];
  if (stats.length === 1) return [...all, text(advise(noisiest) ?? '')];
  return [
    ...all,
    text('Noisiest: '),
    bold(noisiest.ruleName),
    text(
      ` with ${sayNumber(noisiest.alerts)} (${share} %). ${advise(noisiest) ?? 'Nothing about it asks for a change.'}`,
    ),
  ];
}

/** What the numbers ask for; `undefined` when nothing. */
function advise({ alerts, falsePositives, open, acknowledgedAfter }: RuleStats): string | undefined {
  if (alerts < ENOUGH) return undefined;
  const wrong = `${sayNumber(falsePositives)} of its ${sayNumber(alerts)} alerts`;
  if (falsePositives * 2 >= alerts) {
    return `${wrong} were false positives: narrow the rule with a filter, or silence what is expected.`;
  }
  if (acknowledgedAfter === undefined) {
    return 'Nobody acknowledges it: route it to those who act on it, or lower its level.';
  }
  if (open * 2 >= alerts) return `${sayNumber(open)} are still open: resolve them, or lower its level.`;
  if (falsePositives >= ENOUGH) return `${wrong} were false positives: see what they share and silence that.`;
  return undefined;
}

function drawTable(stats: readonly RuleStats[]): Part {
  const rows = stats
    .slice(0, MOST_ROWS)
    .map((one): Line[] => [
      [text(`${cut(one.ruleName)} · ${one.level}`)],
      countOf(one.alerts, one.open, 'open'),
      [text(sayNumber(one.falsePositives))],
      [text(`${after(one.acknowledgedAfter)} · ${after(one.resolvedAfter)}`)],
    ]);
  const columns = ['Rule', 'Alerts#', 'False#', 'Acknowledged · resolved'];
  return table('By rule; times are medians', columns, rows, Math.max(0, stats.length - MOST_ROWS));
}

function after(length: Millis | undefined): string {
  return length === undefined ? '–' : sayDuration(length);
}
