import { type PatternPlan, patternsOf } from '../rules/pattern/plan.ts';
import { type RuleOptions, soundRules } from './rules.ts';
import { EXIT, type Terminal } from './terminal.ts';

const SHOWN = 3;

/**
 * Prints the EventBridge patterns that deliver what the rules need, and which rules get more than that. Throws Misuse
 * with all mistakes in the rules.
 */
export function printPattern(terminal: Terminal, paths: readonly string[], options: RuleOptions): number {
  const plan = patternsOf(soundRules(terminal, paths, options.config).compiled);
  if (options.json) terminal.out(`${JSON.stringify(asJson(plan), null, 2)}\n`);
  else for (const line of linesOf(plan)) terminal.out(`${line}\n`);
  return EXIT.fine;
}

function asJson({ changes, reads, rules, shortened }: PatternPlan): object {
  return {
    changes,
    reads,
    rules: rules.map(({ rule, ...rest }) => ({ id: rule.id, name: rule.name, ...rest })),
    shortened,
  };
}

function linesOf({ changes, reads, rules, shortened }: PatternPlan): string[] {
  const lines = [
    ...section('EventBridge rules in the state ENABLED', changes),
    ...section(
      'EventBridge rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS, for reads',
      reads,
    ),
  ];
  const wide = rules.filter(({ reach }) => reach !== 'exact');
  if (wide.length > 0) lines.push('Rules that get more events than they match:');
  for (const { rule, reach, reasons } of wide) {
    const everything = reach === 'everything' ? 'needs every event: ' : '';
    lines.push(`  ${rule.name}: ${everything}${reasons.map(shortReason).join('; ')}`);
  }
  const unnamed = rules.filter(({ named }) => !named).map(({ rule }) => rule.name);
  if (unnamed.length > 0) {
    lines.push(`Rules that name no event, and so get calls of every service: ${unnamed.join(', ')}.`);
  }
  return [...lines, ...shortened];
}

function section(title: string, patterns: readonly string[]): string[] {
  return patterns.length === 0 ? [] : [`${title}:`, ...patterns.map((pattern) => `  ${pattern}`), ''];
}

function shortReason(reason: string): string {
  const [why = '', fields = ''] = reason.split(': ');
  const all = fields === '' ? [] : fields.split(', ');
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
  return all.length === 0 ? why : `${why}: ${all.slice(0, SHOWN).join(', ')}${more}`;
}
