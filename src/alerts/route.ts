import type { Millis } from '../kernel/time.ts';
import { type Labels, type Matcher, matches } from './matcher.ts';

/** What a route decides, and hands down to the routes under it. */
interface Settings {
  /** A channel's name with `#`, or its id. */
  readonly channel: string;
  /** What makes two matches one alert; `undefined` leaves it to the rule. */
  readonly groupBy: readonly string[] | undefined;
  /** How long the first message waits for more matches. */
  readonly groupWait: Millis;
}

/** A node of the routing tree, with all that it inherits filled in. */
export interface Route extends Settings {
  readonly match: readonly Matcher[];
  /** Whether the routes after this one are asked too. */
  readonly continue: boolean;
  readonly children: readonly Route[];
}

/** A node as a person writes it: what is left out comes from the node above. */
export interface WrittenRoute {
  readonly match?: readonly Matcher[] | undefined;
  readonly continue?: boolean | undefined;
  readonly channel?: string | undefined;
  readonly group_by?: readonly string[] | undefined;
  readonly group_wait?: Millis | undefined;
  readonly routes?: readonly WrittenRoute[] | undefined;
}

export interface Decision extends Settings {
  /** The node that decided, from the root: `root`, `routes[1].routes[0]`. */
  readonly path: string;
}

/** The tree under `written`, which inherits from `above`. */
export function buildRoute(written: WrittenRoute, above: Settings): Route {
  const settings = {
    channel: written.channel ?? above.channel,
    groupBy: written.group_by ?? above.groupBy,
    groupWait: written.group_wait ?? above.groupWait,
  };
  return {
    ...settings,
    match: written.match ?? [],
    continue: written.continue ?? false,
    children: (written.routes ?? []).map((child) => buildRoute(child, settings)),
  };
}

/**
 * Where an alert goes: the deepest node that matches, and more than one only where a node says `continue`. The
 * root takes what nobody else takes, so there is always one decision. A channel is named once, by the first
 * node that names it: nobody wants the same alert twice in one place.
 */
export function routesFor(tree: Route, labels: Labels): Decision[] {
  const decisions = new Map<string, Decision>();
  for (const decision of descend(tree, '', labels)) {
    if (!decisions.has(decision.channel)) decisions.set(decision.channel, decision);
  }
  return [...decisions.values()];
}

/** Every channel that some alert may go to. */
export function channelsOf(route: Route): string[] {
  return [...new Set([route.channel, ...route.children.flatMap(channelsOf)])];
}

function descend(route: Route, path: string, labels: Labels): Decision[] {
  const decisions: Decision[] = [];
  for (const [index, child] of route.children.entries()) {
    if (!matches(child.match, labels)) continue;
    decisions.push(...descend(child, `${path}${path && '.'}routes[${index}]`, labels));
    if (!child.continue) break;
  }
  if (decisions.length > 0) return decisions;
  const { channel, groupBy, groupWait } = route;
  return [{ channel, groupBy, groupWait, path: path || 'root' }];
}
