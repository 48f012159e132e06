import { type Coverage, type Covered, coverageOf } from '../rules/coverage.ts';
import { allRules } from '../rules/ruleset.ts';
import { aligned } from './columns.ts';
import { type RuleOptions, soundRules } from './rules.ts';
import { EXIT, type Terminal } from './terminal.ts';

const NARROWEST = 60;
const WIDTH = 100;

/** Shows which techniques and controls the rules cover, and which they do not. */
export function showCoverage(terminal: Terminal, paths: readonly string[], options: RuleOptions): number {
  const coverage = coverageOf(allRules(soundRules(terminal, paths, options.config)));
  if (options.json) terminal.out(`${JSON.stringify(inJson(coverage), null, 2)}\n`);
  else {
    const room = Math.max(NARROWEST, Math.min(terminal.columns ?? WIDTH, WIDTH));
    terminal.out(`${linesOf(coverage, room).join('\n')}\n`);
  }
  return EXIT.fine;
}

function inJson({ tactics, others, controls }: Coverage): object {
  const techniques = tactics.flatMap((tactic) => tactic.techniques);
  return {
    attack: { ...counts(techniques), tactics, others },
    cis: { ...counts(controls), controls },
  };
}

function counts(of: readonly Covered[]): { readonly covered: number; readonly of: number } {
  return { covered: of.filter(({ rules }) => rules.length > 0).length, of: of.length };
}

function linesOf({ tactics, others, controls }: Coverage, room: number): string[] {
  const techniques = tactics.flatMap((tactic) => tactic.techniques);
  const names = techniques.map(shortName);
  const rows = aligned(
    [...techniques.map((one, index) => rowOf(one, names[index] ?? '')), ...controls.map(controlRow)],
    ['left', 'left', 'right', 'left'],
    room,
  );
  const lines = [sayCounts('MITRE ATT&CK: techniques that show in CloudTrail', techniques)];
  let at = 0;
  for (const tactic of tactics) {
    const number = tactic.rules.length;
    lines.push(
      '',
      `${tactic.name}${number > 0 ? `, tag of ${number} ${number === 1 ? 'rule' : 'rules'}` : ''}`,
    );
    lines.push(...rows.slice(at, at + tactic.techniques.length));
    at += tactic.techniques.length;
  }
  if (others.length > 0) {
    lines.push('', 'Other techniques');
    lines.push(
      ...aligned(
        others.map(({ id, rules }) => rowOf({ id, rules }, '')),
        ['left', 'left', 'right', 'left'],
        room,
      ),
    );
  }
  lines.push('', sayCounts('CIS AWS Foundations Benchmark, section 4: monitoring', controls), '');
  return [...lines, ...rows.slice(at)];
}

/** The id says of which technique it is a part; behind it stands the id of ATT&CK 19. */
function shortName({
  name,
  since19,
}: {
  readonly name: string;
  readonly since19: string | undefined;
}): string {
  const own = name.slice(name.indexOf(': ') + 1).trim();
  return since19 === undefined ? own : `${own} (${since19})`;
}

function sayCounts(title: string, of: readonly Covered[]): string {
  const { covered, of: all } = counts(of);
  return `${title}: ${covered} of ${all} covered`;
}

function controlRow(control: Covered): string[] {
  return rowOf(control, control.name);
}

function rowOf({ id, rules }: Omit<Covered, 'name'>, name: string): string[] {
  return [id, name, rules.length === 0 ? '-' : String(rules.length), someOf(rules)];
}

const ROOM_FOR_RULES = 36;

/** Whole names as far as there is room, at least one, and how many more. */
function someOf(rules: readonly string[]): string {
  const [first = '', ...rest] = rules;
  let shown = first;
  let left = rest.length;
  for (const name of rest) {
    if (shown.length + name.length + 2 > ROOM_FOR_RULES) break;
    shown += `, ${name}`;
    left -= 1;
  }
  return left > 0 ? `${shown} +${left}` : shown;
}
