import type { Material } from '../../questions/material.ts';
import type { Question, StatsQuestion } from '../../questions/question.ts';
import { alertStats } from '../../store/alert-stats.ts';
import { askActivity } from './ask-activity.ts';
import { askEvents } from './ask-events.ts';
import { askOwnStore, unreadable } from './ask-own-store.ts';
import type { AskOptions, AskTools } from './ask-state.ts';
import { createStop } from './ask-stop.ts';

export type { AskOptions, AskState, AskTools } from './ask-state.ts';

/**
 * Asks the own store and AWS at the same time and puts together what they know. Never rejects for their sake: what
 * failed, was cancelled or took too long stands in the coverage.
 */
export async function ask(tools: AskTools, question: Question, options: AskOptions): Promise<Material> {
  const stop = createStop(tools.clock, options);
  try {
    switch (question.kind) {
      case 'stats':
        return await askStats(tools, question);
      case 'event':
      case 'explain':
      case 'compare':
        return await askEvents(tools, question, stop, options.hear);
      default:
        return await askActivity(tools, question, stop, options.hear);
    }
  } finally {
    stop.end();
  }
}

/** Alerts are the own store's alone. */
async function askStats(tools: AskTools, { scope }: StatsQuestion): Promise<Material> {
  const own = await askOwnStore(tools, [], () => false);
  const material = (store: typeof own.cover, stats: Material['stats']): Material => ({
    calls: [],
    coverage: { scope, store, lookup: { off: 'AWS knows nothing of alerts' }, blind: [] },
    stats,
  });
  if (!tools.sql) return material(own.cover, undefined);
  try {
    return material(own.cover, await alertStats(tools.sql, scope.period.from, scope.period.to));
  } catch (error) {
    tools.log.error({ error }, 'the alerts could not be counted');
    return material(unreadable(error), undefined);
  }
}
