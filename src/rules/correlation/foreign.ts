import type { Names } from '../names.ts';
import type { Identity } from '../parse.ts';
import { type MapNode, memberOf } from '../source.ts';
import { chainsOf } from './chain.ts';

interface Document {
  readonly of: MapNode;
  readonly identity: Identity;
}

/**
 * Correlation documents do not say for which logs they are: those that only name rules for other logs, or
 * correlations of such rules, are for other logs too.
 */
export function foreignAmong<One extends Document>(documents: readonly One[], names: Names): Set<One> {
  const byName = new Map<string, One>();
  for (const one of documents) {
    for (const key of [one.identity.id, one.identity.name]) if (!byName.has(key)) byName.set(key, one);
  }
  const namedIn = new Map(documents.map((one) => [one, rulesOf(one.of)]));
  const { order } = chainsOf(documents, (one) =>
    (namedIn.get(one) ?? []).flatMap((name) => byName.get(name) ?? []),
  );
  const foreign = new Set<One>();
  for (const one of order) {
    const named = namedIn.get(one) ?? [];
    if (named.length === 0 || !named.every((name) => names.find(name)?.standing === 'foreign')) continue;
    foreign.add(one);
    names.stand(one.identity, 'foreign');
  }
  return foreign;
}

function rulesOf(document: MapNode): string[] {
  const correlation = memberOf(document, 'correlation')?.value;
  const rules = correlation?.kind === 'map' ? memberOf(correlation, 'rules')?.value : undefined;
  const nodes = rules?.kind === 'list' ? rules.items : rules ? [rules] : [];
  return nodes.flatMap((node) => (node.kind === 'scalar' ? [node.text.trim()] : []));
}
