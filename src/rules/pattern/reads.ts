import { anyCase, type Matcher, oneOf, wholeText } from './ask.ts';
import { type Alternatives, asking, type Conjunction, conjoined } from './conjunction.ts';

/** Which EventBridge rules are to deliver an event name. */
type Side = 'changes' | 'reads' | 'both';

/**
 * Calls that only read, by how their names begin. A rule in the state ENABLED does not get them. Source: EventBridge
 * user guide, "Receiving read-only management events from AWS services", and the list of such events by service.
 */
const READING = ['AssumeRole', 'BatchGet', 'Describe', 'Get', 'Head', 'List', 'Lookup', 'Search', 'View'];

/** Named like reads, and logged as changes. */
const NOT_READING = /^get(session|federation)token/i;

/** Names that begin so belong to changes... */
const CHANGING =
  /^(accept|activate|add|allocate|apply|approve|assign|associate|attach|authorize|cancel|change|clear|console|copy|create|deactivate|deauthorize|delete|deploy|deregister|detach|disable|disassociate|enable|import|increase|invite|leave|modify|move|promote|provision|publish|purchase|put|reboot|register|reject|release|remove|rename|replace|request|reset|resize|restore|resume|revoke|rotate|run|schedule|send|set|share|start|stop|submit|subscribe|suspend|swap|switch|tag|terminate|transfer|unassign|unsubscribe|untag|update|upgrade|upload)/i;

/** ...unless they only begin or end a question. */
const ASKING = /quer|search|scan|tail|analy|preview|simulat|validat|estimat|report|session/i;

/** Whatever does not say that it changes something. */
export const READS: Alternatives = asking(
  'readOnly',
  oneOf([true, anyCase('true'), null, { exists: false }]),
);

/** Names of which only the beginning is known may still turn out so. */
const OFTEN_ASKING = /^(create|request|run|schedule|send|start|submit)/i;

/** An alternative, for the EventBridge rules that do not get reads and for those that do. */
export interface Sides {
  readonly changes: Alternatives;
  readonly reads: Alternatives;
}

/**
 * Event names go where their events arrive; when that is not sure, to both. What is not bound to event names goes to
 * both as well, to the reads narrowed to what reads, so that nothing arrives twice.
 */
export function sidesOf(conjunction: Conjunction): Sides {
  const ask = conjunction.get('eventName');
  if (ask?.kind === 'some') {
    const only = (side: Side): Alternatives => {
      const matchers = ask.matchers.filter((matcher) => [side, 'both'].includes(sideOf(matcher)));
      return matchers.length === 0 ? [] : [new Map([...conjunction, ['eventName', oneOf(matchers)]])];
    };
    return { changes: only('changes'), reads: only('reads') };
  }
  const reads = READS.flatMap((reading) => conjoined(conjunction, reading) ?? []);
  return { changes: [conjunction], reads };
}

function sideOf(matcher: Matcher): Side {
  const text = wholeText(matcher) ?? prefixOf(matcher);
  if (text === undefined || NOT_READING.test(text)) return 'both';
  const folded = text.toLowerCase();
  if (READING.some((prefix) => folded.startsWith(prefix.toLowerCase()))) return 'reads';
  if (!CHANGING.test(text) || ASKING.test(text)) return 'both';
  return wholeText(matcher) === undefined && OFTEN_ASKING.test(text) ? 'both' : 'changes';
}

function prefixOf(matcher: Matcher): string | undefined {
  if (typeof matcher !== 'object' || matcher === null || !('prefix' in matcher)) return undefined;
  return typeof matcher.prefix === 'string' ? matcher.prefix : matcher.prefix['equals-ignore-case'];
}
