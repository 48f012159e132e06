import { nearest } from '../kernel/nearest.ts';
import { readExtras } from './extras.ts';
import { warnOfMisspelling } from './known-fields.ts';
import type { Notes } from './notes.ts';
import { LEVELS, type Rule } from './rule.ts';
import { optionalText, optionalWord, textList, textNodes } from './shape.ts';
import { type MapNode, type Member, memberOf, type YamlNode } from './source.ts';

/** What a document is, by what it holds. */
export type Kind = 'rule' | 'correlation' | 'filter';

/** How a rule is called: in `disabled`, in level overrides, by correlations. */
export interface Identity {
  readonly id: string;
  readonly name: string;
  /** False where the document has no `id` or `name` of its own and the file's name stands in. */
  readonly ownId: boolean;
  readonly ownName: boolean;
}

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
/** The log source of CloudTrail. Source: Sigma's appendix on log sources. */
export const CLOUDTRAIL: Readonly<Record<string, string>> = { product: 'aws', service: 'cloudtrail' };
const LONGEST_TITLE = 256;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KEYS = [
  'title',
  'id',
  'name',
  'related',
  'status',
  'description',
  'references',
  'author',
  'date',
  'modified',
  'logsource',
  'detection',
  'correlation',
  'filter',
  'generate',
  'fields',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'license',
  'taxonomy',
  'trailbot',
];

export function kindOf(document: MapNode): Kind {
  if (memberOf(document, 'correlation')) return 'correlation';
  return memberOf(document, 'filter') ? 'filter' : 'rule';
}

/** Whether the document says it is for logs other than CloudTrail's. */
export function isForOtherLogs(document: MapNode): boolean {
  const logsource = memberOf(document, 'logsource')?.value;
  if (logsource?.kind !== 'map' || logsource.members.length === 0) return false;
  return Object.entries(CLOUDTRAIL).some(([key, value]) => foldedText(memberOf(logsource, key)) !== value);
}

export function identityOf(document: MapNode, path: string): Identity {
  const id = scalarText(memberOf(document, 'id')?.value);
  const name = scalarText(memberOf(document, 'name')?.value);
  const base = baseName(path);
  return {
    id: id ?? slug(base),
    name: name ?? base,
    ownId: id !== undefined,
    ownName: name !== undefined,
  };
}

/** The rule but for its detection; mistakes are reported. */
export function readRule(document: MapNode, identity: Identity, notes: Notes): Rule {
  checkId(document, notes);
  checkStandard(document, notes);
  warnOfNearKeys(document, notes);
  return {
    id: identity.id,
    name: identity.name,
    title: readTitle(document, notes),
    level: optionalWord(document, 'level', LEVELS, notes) ?? 'medium',
    status: optionalWord(document, 'status', STATUSES, notes),
    author: optionalText(document, 'author', notes),
    description: optionalText(document, 'description', notes),
    references: textList(document, 'references', notes),
    falsePositives: textList(document, 'falsepositives', notes),
    tags: readTags(document, notes),
    fields: readFields(document, notes),
    file: document.at.file,
    line: document.at.line,
    ...readExtras(document, notes),
    correlated: false,
  };
}

function readTitle(document: MapNode, notes: Notes): string {
  const title = optionalText(document, 'title', notes);
  const member = memberOf(document, 'title');
  if (title === undefined) {
    if (!member || (member.value.kind === 'scalar' && member.value.value === null)) {
      notes.refuse(member?.keyAt ?? document.at, 'the rule has no title', 'add "title:" with a short name');
    }
    return '';
  }
  if (title.length > LONGEST_TITLE && member) {
    const what = `the title has ${title.length} characters`;
    notes.refuse(member.value.at, what, `shorten it to ${LONGEST_TITLE}, move the rest to "description"`);
  }
  return title;
}

function checkId(document: MapNode, notes: Notes): void {
  const id = optionalText(document, 'id', notes);
  const member = memberOf(document, 'id');
  if (id === undefined || UUID.test(id) || !member) return;
  notes.refuse(
    member.value.at,
    `the id "${id}" is not a UUID`,
    'make one with uuidgen; "name" may be a word',
  );
}

/** Whether brackets in the document's fields stand for array blocks. Source: SigmaHQ's SEP 212 and 213. */
export function hasArrayBlocks(document: MapNode): boolean {
  return /^3(\.|$)/.test(scalarText(memberOf(document, 'sigma-version')?.value) ?? '');
}

/** Which Sigma the document is written in. */
function checkStandard(document: MapNode, notes: Notes): void {
  const taxonomy = memberOf(document, 'taxonomy');
  const fields = scalarText(taxonomy?.value);
  if (taxonomy && fields !== undefined && fields !== 'sigma') {
    notes.refuse(
      taxonomy.value.at,
      `the taxonomy "${fields}" is not known`,
      "use CloudTrail's field names and remove the key",
    );
  }
  const version = memberOf(document, 'sigma-version');
  if (version && !/^[23](\.|$)/.test(scalarText(version.value) ?? '')) {
    notes.refuse(
      version.value.at,
      'only Sigma 2 is evaluated, and 3 for array blocks',
      'write the rule in Sigma 2.1 and remove the key',
    );
  }
  const action = memberOf(document, 'action');
  if (action) {
    notes.refuse(
      action.keyAt,
      '"action" (rule collections) is Sigma\'s old syntax',
      'write each rule out in full',
    );
  }
}

/** Other keys are allowed by the standard; one that is nearly a known key is probably a slip. */
function warnOfNearKeys(document: MapNode, notes: Notes): void {
  const keys = new Set(document.members.map(({ key }) => key));
  for (const { key, keyAt } of document.members) {
    const near = KEYS.includes(key) ? undefined : nearest(key, KEYS);
    if (near !== undefined && !keys.has(near)) {
      notes.warn(keyAt, `the key "${key}" means nothing here`, `did you mean "${near}"?`);
    }
  }
}

function readTags(document: MapNode, notes: Notes): string[] {
  return textNodes(document, 'tags', notes).map(({ text, at }) => {
    if (!/^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(text)) {
      notes.warn(at, `the tag "${text}" has no namespace`, 'write it as attack.t1078 or team.payments');
    }
    return text;
  });
}

function readFields(document: MapNode, notes: Notes): string[] {
  return textNodes(document, 'fields', notes).map(({ text, at }) => {
    warnOfMisspelling(text, at, notes);
    return text;
  });
}

/** Text in lower case; `undefined` where there is none. */
export function foldedText(member: Member | undefined): string | undefined {
  return scalarText(member?.value)?.toLowerCase();
}

function scalarText(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.text.trim() !== '' ? node.text.trim() : undefined;
}

function baseName(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file.replace(/\.ya?ml$/i, '');
}

function slug(base: string): string {
  return (
    base
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'rule'
  );
}
