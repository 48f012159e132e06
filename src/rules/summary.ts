import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { tell } from '../cloudtrail/telling.ts';
import type { Json } from '../kernel/json.ts';
import { valuesAt } from './field.ts';
import type { Firing } from './rule.ts';
import { textFor } from './text.ts';

const MOST_VALUES = 3;
const LONGEST_VALUE = 80;

/**
 * The sentence with its `{placeholders}` filled: `{actor}`, `{account}` and `{region}` as the record says
 * them, `{event}` an event that is no plain call in words, anything else a dotted path; `{a|b}` takes the first that is there. Without any it is `unknown`. Values come from an attacker:
 * each is cut and kept to one line. A correlation also has `{count}`, `{values}` and its group-by fields by their names.
 */
export function fillSummary(template: string, record: CloudTrailRecord, firing?: Firing): string {
  return template.replaceAll(/\{([^{}]+)\}/g, (_, paths: string) => sayField(paths, record, firing));
}

function sayField(paths: string, record: CloudTrailRecord, firing: Firing | undefined): string {
  const texts = paths
    .split('|')
    .map((path) => textsAt(path.trim(), record, firing))
    .find((found) => found.length > 0);
  if (!texts) return 'unknown';
  if (paths.trim() === 'event') return texts.join(' ');
  const shown = texts.slice(0, MOST_VALUES).map(cut).join(', ');
  return texts.length > MOST_VALUES ? `${shown} +${texts.length - MOST_VALUES} more` : shown;
}

function textsAt(path: string, record: CloudTrailRecord, firing: Firing | undefined): string[] {
  return (firingValues(path, firing) ?? fieldValues(path, record))
    .filter((value) => value !== null)
    .map((value) => oneLine(textFor(value)))
    .filter((text) => text !== '');
}

function firingValues(path: string, firing: Firing | undefined): Json[] | undefined {
  if (!firing) return undefined;
  if (path === 'count') return [Math.round(firing.count * 100) / 100];
  if (path === 'values') return [...firing.values];
  const value = new Map(firing.group).get(path);
  // An actor is grouped by an id, and shown by a name.
  return value === undefined || path === 'actor' ? undefined : [value];
}

function fieldValues(path: string, record: CloudTrailRecord): Json[] {
  switch (path) {
    case 'actor':
      return [record.actor.label];
    case 'account':
      return [record.account];
    case 'region':
      return [record.region];
    case 'event':
      return [tell(record)?.said ?? `${record.actor.label} called ${record.eventName}`];
    default:
      return valuesAt(record.body, path);
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

function cut(text: string): string {
  const chars = Array.from(text);
  return chars.length > LONGEST_VALUE ? `${chars.slice(0, LONGEST_VALUE - 1).join('')}…` : text;
}
