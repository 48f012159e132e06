import { CIS_CONTROLS, TACTICS, type Technique } from './coverage-catalogue.ts';

/** A rule or a correlation, as far as coverage looks at it. */
interface Tagged {
  readonly name: string;
  readonly tags: readonly string[];
}

/** A technique or a control, and the names of what covers it. */
export interface Covered {
  readonly id: string;
  readonly name: string;
  readonly rules: readonly string[];
}

interface CoveredTactic {
  readonly name: string;
  /** What has the tactic as a tag. */
  readonly rules: readonly string[];
  readonly techniques: readonly (Covered & { readonly since19: string | undefined })[];
}

export interface Coverage {
  readonly tactics: readonly CoveredTactic[];
  /** Techniques in tags that are not among those that the catalogue looks for. */
  readonly others: readonly Omit<Covered, 'name'>[];
  readonly controls: readonly Covered[];
}

const TECHNIQUES: readonly Technique[] = TACTICS.flatMap(({ techniques }) => techniques);
const KNOWN: ReadonlySet<string> = new Set(TECHNIQUES.map(({ id }) => id));
const TODAY: ReadonlyMap<string, string> = new Map(
  TECHNIQUES.flatMap(({ id, since19 }) => (since19 === undefined ? [] : [[since19, id] as const])),
);

/**
 * Which techniques of MITRE ATT&CK and which monitoring controls of the CIS AWS Foundations Benchmark the tags name. A
 * sub-technique counts for its technique as well, and an id of ATT&CK 19 for what it was called before.
 */
export function coverageOf(rules: readonly Tagged[]): Coverage {
  const byTechnique = new Map<string, string[]>();
  const byTag = new Map<string, string[]>();
  for (const { name, tags } of rules) {
    const own = [...new Set(tags.map((tag) => tag.toLowerCase().replaceAll('_', '-')))];
    for (const tag of own) enter(byTag, tag, name);
    for (const id of new Set(own.flatMap(techniquesOf))) enter(byTechnique, id, name);
  }
  const tagged = (tag: string) => byTag.get(tag) ?? [];
  return {
    tactics: TACTICS.map(({ name, slugs, techniques }) => ({
      name,
      rules: [...new Set(slugs.flatMap((slug) => tagged(`attack.${slug}`)))],
      techniques: techniques.map((one) => ({ ...one, rules: byTechnique.get(one.id) ?? [] })),
    })),
    others: [...byTechnique]
      .filter(([id]) => !KNOWN.has(id))
      .map(([id, names]) => ({ id, rules: names }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    controls: CIS_CONTROLS.map((name, index) => {
      const id = `4.${index + 1}`;
      return { id, name, rules: tagged(`cis.${id}`) };
    }),
  };
}

/** The technique that a tag names, and the one above it where the catalogue has that. */
function techniquesOf(tag: string): string[] {
  const written = /^attack\.(t\d{4}(\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase();
  if (written === undefined) return [];
  const id = TODAY.get(written) ?? written;
  const above = id.slice(0, id.indexOf('.'));
  return id.includes('.') && KNOWN.has(above) ? [id, above] : [id];
}

function enter(map: Map<string, string[]>, key: string, name: string): void {
  const names = map.get(key);
  if (names) names.push(name);
  else map.set(key, [name]);
}
