import type { Names } from '../names.ts';
import type { Identity } from '../parse.ts';
import { type MapNode, memberOf } from '../source.ts';

interface Document {
  readonly of: MapNode;
  readonly identity: Identity;
}

/**
 * Correlation documents do not say for which logs they are: those that only name rules for other logs, or
 * correlations of such rules, are for other logs too.
 */
export function foreignAmong<One extends Document>(documents: readonly One[], names: Names): Set<One> {
  const foreign = new Set<One>();
  for (let before = -1; before < foreign.size; ) {
    before = foreign.size;
    for (const one of documents) {
      const named = rulesOf(one.of);
      const all = named.length > 0 && named.every((name) => names.find(name)?.standing === 'foreign');
      if (foreign.has(one) || !all) continue;
      foreign.add(one);
      names.stand(one.identity, 'foreign');
    }
  }
  return foreign;
}

function rulesOf(document: MapNode): string[] {
  const correlation = memberOf(document, 'correlation')?.value;
  const rules = correlation?.kind === 'map' ? memberOf(correlation, 'rules')?.value : undefined;
  const nodes = rules?.kind === 'list' ? rules.items : rules ? [rules] : [];
  return nodes.flatMap((node) => (node.kind === 'scalar' ? [node.text.trim()] : []));
}
