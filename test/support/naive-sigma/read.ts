import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

/** A value as the rule's author wrote it, and as YAML 1.2 reads it. */
export interface Scalar {
  readonly written: string;
  readonly quoted: boolean;
  readonly value: null | boolean | number | string;
}

export type Mapping = ReadonlyMap<string, Tree>;
export type Tree = Scalar | readonly Tree[] | Mapping;

export const NULL: Scalar = { written: '', quoted: false, value: null };

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

export function isMapping(tree: Tree | undefined): tree is Mapping {
  return tree instanceof Map;
}

/** The documents of a text whose YAML is right; throws when it is not. */
export function readDocuments(text: string): Mapping[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const tree = treeOf(document.contents, document);
    if (!isMapping(tree)) throw new Error('a rule is a map');
    return tree;
  });
}

function treeOf(node: unknown, document: Document): Tree {
  if (isAlias(node)) return treeOf(node.resolve(document), document);
  if (isSeq(node)) return node.items.map((item) => treeOf(item, document));
  if (isMap(node)) {
    return new Map(
      node.items.map(({ key, value }) => [scalarOf(key).written, treeOf(value, document)] as const),
    );
  }
  return scalarOf(node);
}

function scalarOf(node: unknown): Scalar {
  if (!isScalar(node)) return NULL;
  const { value, source, type } = node;
  const quoted = type !== 'PLAIN';
  const written = source ?? String(value ?? '');
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return { written, quoted, value };
  }
  // A number that JavaScript cannot hold exactly is only good as text.
  const exact = typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return { written, quoted, value: exact ? value : written };
}
