import type { Problem } from '../../kernel/problem.ts';
import { type Millis, sayDuration } from '../../kernel/time.ts';
import type { Correlation } from './correlation.ts';

/**
 * Warns of correlations that look back further than records are kept: the state has what they count, but an alert
 * shows records, and one that waits for the end of its window needs the record of the last event in it.
 */
export function outlivedRecords(correlations: readonly Correlation[], records: Millis): Problem[] {
  return correlations
    .filter(({ timespan, lateness }) => timespan + lateness >= records)
    .map(({ rule, timespan, lateness, closes }) => {
      const needed = `its timespan with lateness is ${sayDuration(timespan + lateness)}`;
      const outcome = closes
        ? 'when a window is over its records may be gone, and no alert is made'
        : 'the first records of an alert may be gone';
      return {
        file: rule.file,
        line: rule.line,
        column: 1,
        what: `"${rule.title}" looks back further than records are kept (${sayDuration(records)}): ${needed}, so ${outcome}`,
        remedy: 'raise "history.records" in the configuration, or shorten the timespan',
      };
    });
}
