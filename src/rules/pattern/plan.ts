import { OWN_SOURCE } from '../../cloudtrail/own-event.ts';
import type { Rule } from '../rule.ts';
import type { CompiledRule } from '../ruleset.ts';
import { wholeText } from './ask.ts';
import { ALWAYS, type Alternatives, type Conjunction, keeping, mergedOn } from './conjunction.ts';
import { packed } from './pack.ts';
import type { Spelled } from './probe-ask.ts';
import { READS, type Sides, sidesOf } from './reads.ts';
import { type Losses, widened } from './widen.ts';

/**
 * `exact`: all conditions of the rule are in the patterns, rare spellings aside. `wider`: some are left out.
 * `everything`: the rule needs each event of CloudTrail.
 */
type Reach = 'exact' | 'wider' | 'everything';

/** What the patterns deliver for one rule. */
interface RulePattern {
  readonly rule: Rule;
  readonly reach: Reach;
  /** It names events or their sources; a rule that does not sees calls of every service. */
  readonly named: boolean;
  /** It may match calls that only read: without the patterns for these it is silent about them. */
  readonly reads: boolean;
  /** Why the reach is wider than the rule, in words that follow its name. */
  readonly reasons: readonly string[];
}

/**
 * EventBridge patterns, as compact JSON of at most 2,048 characters each, that together deliver every event for which
 * one of the rules may be true. They deliver more than that; the rules decide. They take for granted that the fields
 * AWS documents as one value hold one (fields.ts).
 */
export interface PatternPlan {
  /** For EventBridge rules in the state ENABLED. */
  readonly changes: readonly string[];
  /** For EventBridge rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS: calls that only read. */
  readonly reads: readonly string[];
  readonly rules: readonly RulePattern[];
  /** What was left out of all patterns to keep them few, in words. */
  readonly shortened: readonly string[];
}

interface PatternOptions {
  /** Most patterns of each of the two kinds (default 4). */
  readonly most?: number;
  /** Names of which it is sure that AWS spells them so need fewer characters (default: none is). */
  readonly spelled?: Spelled;
}

const DEFAULT_MOST = 4;

/** What may be left out when the patterns are too many, the least harmful first. */
const SHORTENINGS: readonly { readonly says: string; readonly shorten: (one: Conjunction) => Conjunction }[] =
  [
    { says: '', shorten: (one) => one },
    {
      says: 'all conditions but the source and the name of the event',
      shorten: (one) => (isGated(one) ? keeping(one, isGate) : one),
    },
    {
      says: 'the sources of named events',
      shorten: (one) => (isNamed(one) ? keeping(one, (path) => path === 'eventName') : one),
    },
    {
      says: 'the names of events whose source is known',
      shorten: (one) =>
        one.has('eventSource')
          ? keeping(one, (path) => path === 'eventSource')
          : isNamed(one)
            ? keeping(one, (path) => path === 'eventName')
            : one,
    },
  ];

/** What the bot itself has noticed does not come through EventBridge. */
function isOwn(conjunction: Conjunction): boolean {
  const source = conjunction.get('eventSource');
  return source?.kind === 'some' && source.matchers.every((matcher) => wholeText(matcher) === OWN_SOURCE);
}

/** The patterns for the rules, the same for the same rules. */
export function patternsOf(compiled: readonly CompiledRule[], options: PatternOptions = {}): PatternPlan {
  const spelled = options.spelled ?? (() => false);
  const most = Math.max(1, options.most ?? DEFAULT_MOST);
  const parts = compiled.map(({ rule, formula }) => {
    const losses: Losses = new Map();
    const alternatives = widened(formula, true, spelled, losses).filter((one) => !isOwn(one));
    return { rule, alternatives, sides: sidesOfAll(alternatives), losses };
  });
  const changes = fewest(
    parts.flatMap(({ sides }) => sides.changes),
    ALWAYS,
    most,
  );
  const reads = fewest(
    parts.flatMap(({ sides }) => sides.reads),
    READS,
    most,
  );
  return {
    changes: changes.patterns,
    reads: reads.patterns,
    rules: parts.map(({ rule, alternatives, sides, losses }) => ({
      rule,
      reach: reachOf(alternatives, losses),
      named: alternatives.every(isGated),
      reads: sides.reads.length > 0,
      reasons: [...losses].map(([why, what]) => (what.size === 0 ? why : `${why}: ${[...what].join(', ')}`)),
    })),
    shortened: [...sayShortened('changes', changes.says), ...sayShortened('reads', reads.says)],
  };
}

function sidesOfAll(alternatives: Alternatives): Sides {
  const sides = alternatives.map(sidesOf);
  return { changes: sides.flatMap(({ changes }) => changes), reads: sides.flatMap(({ reads }) => reads) };
}

function reachOf(alternatives: Alternatives, losses: Losses): Reach {
  if (alternatives.some(({ size }) => size === 0)) return 'everything';
  return losses.size === 0 ? 'exact' : 'wider';
}

interface Few {
  readonly patterns: readonly string[];
  readonly says: string;
}

function fewest(alternatives: Alternatives, all: Alternatives, most: number): Few {
  const merged = mergedOn('eventName', alternatives);
  for (const { says, shorten } of SHORTENINGS) {
    const patterns = packed(merged.map(shorten), most);
    if (patterns) return { patterns, says };
  }
  return { patterns: packed(all, most) ?? [], says: 'every condition' };
}

function sayShortened(kind: string, says: string): string[] {
  return says === '' ? [] : [`To keep the patterns for ${kind} few they leave out ${says}.`];
}

function isNamed(conjunction: Conjunction): boolean {
  return conjunction.get('eventName')?.kind === 'some';
}

function isGated(conjunction: Conjunction): boolean {
  return isNamed(conjunction) || conjunction.get('eventSource')?.kind === 'some';
}

function isGate(path: string): boolean {
  return path === 'eventName' || path === 'eventSource';
}
