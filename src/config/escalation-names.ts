import { parseTarget } from '../alerts/escalation.ts';
import { isObject, type Json, objectOf } from '../kernel/json.ts';
import type { Problem } from '../kernel/problem.ts';
import { suggest } from '../rules/spelling.ts';
import { serviceVariable } from './environment.ts';
import { type Path, sayKey } from './words.ts';
import type { YamlFile } from './yaml.ts';

/** A part of the file that others name by key. */
type Section = 'escalations' | 'schedules' | 'time_intervals' | 'webhooks' | 'pagerduty';

const WHAT: Readonly<Record<Section, string>> = {
  escalations: 'escalation',
  schedules: 'schedule',
  time_intervals: 'time interval',
  webhooks: 'webhook',
  pagerduty: 'pagerduty service',
};

/** Escalations, schedules, hours and services that routes and steps name, and that are not there. */
export function danglingNames(yaml: YamlFile, file: string): Problem[] {
  return yaml.spots.flatMap(({ path, value }): Problem[] => {
    const named = typeof value === 'string' ? nameAt(path, value) : undefined;
    if (!named) return [];
    const known = keysOf(yaml, named.section);
    if (known.includes(named.name)) return [];
    const what = `there is no ${WHAT[named.section]} ${sayKey(named.name)}`;
    const remedy = suggest(named.name, known, `define it under ${named.section}`);
    return [{ file, ...yaml.place(path, 'value'), what, remedy }];
  });
}

/** PagerDuty takes no event without a routing key. */
export function missingRoutingKeys(
  yaml: YamlFile,
  file: string,
  keyOf: (name: string) => string | undefined,
): Problem[] {
  return keysOf(yaml, 'pagerduty')
    .filter((name) => keyOf(name) === undefined)
    .map((name) => ({
      file,
      ...yaml.place(['pagerduty', name], 'key'),
      what: `the pagerduty service ${sayKey(name)} has no routing key`,
      remedy: `set the environment variable ${serviceVariable('TRAILBOT_PAGERDUTY', name)} to the integration key of its Events API v2 integration`,
    }));
}

/** What the text at a place names. */
function nameAt(path: Path, value: string): { section: Section; name: string } | undefined {
  const [part] = path;
  const key = path.at(-1);
  if (part === 'routes' && key === 'escalation') return { section: 'escalations', name: value };
  if (part === 'routes' && key === 'hours') return { section: 'time_intervals', name: value };
  if (part === 'mute_windows' && path.at(-2) === 'intervals')
    return { section: 'time_intervals', name: value };
  if (part === 'ask_actor' && key === 'hours') return { section: 'time_intervals', name: value };
  if (part !== 'escalations') return undefined;
  if (path.at(-2) === 'only_if' && (key === 'hours' || key === 'outside'))
    return { section: 'time_intervals', name: value };
  const target = path.at(-2) === 'page' ? parseTarget(value) : undefined;
  switch (target?.kind) {
    case 'schedule':
      return { section: 'schedules', name: target.name };
    case 'webhook':
      return { section: 'webhooks', name: target.name };
    case 'pagerduty':
      return { section: 'pagerduty', name: target.name };
    default:
      return undefined;
  }
}

function keysOf(yaml: YamlFile, section: Section): string[] {
  const top = isObject(yaml.value) ? yaml.value : {};
  return Object.keys(objectOf(top as { [key: string]: Json }, section) ?? {});
}
