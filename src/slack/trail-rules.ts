import { nearest } from '../kernel/nearest.ts';
import type { Rule } from '../rules/rule.ts';
import type { Message } from './alert-message.ts';
import { severity } from './look.ts';
import { bullets, codeLeaf, type Leaf, label, leaf, pushText, richText, words } from './text.ts';

/** Lines in one answer. */
const SHOWN = 60;

/** `/trail rules`: all, by name; or one in full. */
export function answerRules(rules: readonly Rule[], name: string): Message {
  return name === '' ? listRules(rules) : showRule(rules, name);
}

function listRules(rules: readonly Rule[]): Message {
  if (rules.length === 0) {
    const none = 'No rule is loaded, so nothing can alert. Check the rule paths of the configuration.';
    return { text: pushText(none), blocks: [richText([[words(none)]])] };
  }
  const shown = rules.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, SHOWN);
  const lines = shown.map((rule) => [
    codeLeaf(rule.name, 60),
    words(` ${severity(rule.level)} `),
    leaf(rule.title, 70),
  ]);
  const head = [
    [label('Rules'), words(`${rules.length} loaded; one in full: `), codeLeaf('/trail rules NAME')],
  ];
  if (rules.length > SHOWN)
    head.push([words(`The first ${SHOWN} by name; the others are found by their name.`)]);
  return { text: pushText(`${rules.length} rules are loaded`), blocks: [richText(head), bullets(lines)] };
}

function showRule(rules: readonly Rule[], name: string): Message {
  const wanted = name.toLowerCase();
  const rule = rules.find((one) =>
    [one.name, one.id, one.title].some((known) => known.toLowerCase() === wanted),
  );
  if (!rule) return drawUnknown(rules, name);
  const lines: Leaf[][] = [
    [leaf(rule.title, 150, { bold: true })],
    [
      label('Level'),
      words(severity(rule.level)),
      ...(rule.status ? [words(' · status '), leaf(rule.status, 40)] : []),
    ],
    [label('Name'), codeLeaf(rule.name, 100), words(' · id '), codeLeaf(rule.id, 100)],
    [label('File'), codeLeaf(`${rule.file}:${rule.line}`, 300)],
  ];
  if (rule.description) lines.push([label('Why'), leaf(rule.description, 1500)]);
  if (rule.summary) lines.push([label('Says'), leaf(rule.summary, 500)]);
  if (rule.falsePositives.length > 0)
    lines.push([label('Harmless when'), leaf(rule.falsePositives.join('; '), 600)]);
  if (rule.tags.length > 0) lines.push([label('Tags'), leaf(rule.tags.join(', '), 300)]);
  if (rule.references.length > 0) lines.push([label('References'), leaf(rule.references.join(' '), 600)]);
  if (rule.runbook) lines.push([label('Runbook'), leaf(rule.runbook, 300)]);
  if (rule.author) lines.push([label('Author'), leaf(rule.author, 150)]);
  return { text: pushText(`Rule ${rule.title}`), blocks: [richText(lines)] };
}

function drawUnknown(rules: readonly Rule[], name: string): Message {
  const near = nearest(
    name,
    rules.map((rule) => rule.name),
  );
  const lines: Leaf[][] = [[words('No loaded rule is called '), codeLeaf(name, 100), words('.')]];
  lines.push(
    near === undefined
      ? [words('All names: '), codeLeaf('/trail rules')]
      : [words('Did you mean '), codeLeaf(`/trail rules ${near}`, 120), words('?')],
  );
  return { text: pushText('No such rule'), blocks: [richText(lines)] };
}
