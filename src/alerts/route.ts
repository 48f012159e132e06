import type { Millis } from '../kernel/time.ts';
import type { Hours } from './escalation.ts';
import { type Labels, type Matcher, matches } from './matcher.ts';
import { holdsAt, type TimeInterval } from './time-interval.ts';

/** What a route decides, and hands down to the routes under it. */
interface Settings {
  /** A channel's name with `#`, or its id. */
  readonly channel: string;
  /** What makes two matches one alert; `undefined` leaves it to the rule. */
  readonly groupBy: readonly string[] | undefined;
  /** How long the first message waits for more matches. */
  readonly groupWait: Millis;
  /** The name of the escalation that pages people. */
  readonly escalation?: string | undefined;
  /** How often an alert that nobody takes says so again; `undefined`: as its level has it. */
  readonly repeat?: Millis | 'never' | undefined;
}

/** A node of the routing tree, with all that it inherits filled in. */
export interface Route extends Settings {
  readonly match: readonly Matcher[];
  /** Whether the routes after this one are asked too. */
  readonly continue: boolean;
  /** The only hours in which it takes alerts. */
  readonly hours?: Hours | undefined;
  readonly children: readonly Route[];
}

/** A node as a person writes it: what is left out comes from the node above. */
export interface WrittenRoute {
  readonly match?: readonly Matcher[] | undefined;
  readonly continue?: boolean | undefined;
  readonly channel?: string | undefined;
  readonly group_by?: readonly string[] | undefined;
  readonly group_wait?: Millis | undefined;
  readonly escalation?: string | undefined;
  readonly repeat?: Millis | 'never' | undefined;
  /** The name of a time interval. */
  readonly hours?: string | undefined;
  readonly routes?: readonly WrittenRoute[] | undefined;
}

export interface Decision extends Settings {
  /** The node that decided, from the root: `root`, `routes[1].routes[0]`. */
  readonly path: string;
}

/** The tree under `written`, which inherits from `above`. Hours that nobody has defined never hold. */
export function buildRoute(
  written: WrittenRoute,
  above: Settings,
  intervals: ReadonlyMap<string, readonly TimeInterval[]> = new Map(),
): Route {
  const settings = {
    channel: written.channel ?? above.channel,
    groupBy: written.group_by ?? above.groupBy,
    groupWait: written.group_wait ?? above.groupWait,
    escalation: written.escalation ?? above.escalation,
    repeat: written.repeat ?? above.repeat,
  };
  const { hours } = written;
  return {
    ...settings,
    match: written.match ?? [],
    continue: written.continue ?? false,
    hours: hours === undefined ? undefined : { name: hours, intervals: intervals.get(hours) ?? [] },
    children: (written.routes ?? []).map((child) => buildRoute(child, settings, intervals)),
  };
}

/**
 * Where an alert goes: the deepest node that matches, and more than one only where a node says `continue`. The
 * root takes what nobody else takes, so there is always one decision. A channel is named once, by the first
 * node that names it: nobody wants the same alert twice in one place. A route takes nothing outside of its hours.
 */
export function routesFor(tree: Route, labels: Labels, at: Millis): Decision[] {
  const decisions = new Map<string, Decision>();
  for (const decision of descend(tree, '', labels, at)) {
    if (!decisions.has(decision.channel)) decisions.set(decision.channel, decision);
  }
  return [...decisions.values()];
}

/** Every channel that some alert may go to. */
export function channelsOf(route: Route): string[] {
  return [...new Set([route.channel, ...route.children.flatMap(channelsOf)])];
}

function descend(route: Route, path: string, labels: Labels, at: Millis): Decision[] {
  const decisions: Decision[] = [];
  for (const [index, child] of route.children.entries()) {
    if (!matches(child.match, labels) || (child.hours && !holdsAt(child.hours.intervals, at))) continue;
    decisions.push(...descend(child, `${path}${path && '.'}routes[${index}]`, labels, at));
    if (!child.continue) break;
  }
  if (decisions.length > 0) return decisions;
  const { channel, groupBy, groupWait, escalation, repeat } = route;
  return [{ channel, groupBy, groupWait, escalation, repeat, path: path || 'root' }];
}
