import { Document, visit } from 'yaml';
import type { JsonObject } from '../kernel/json.ts';

/** A filter that leaves out of one rule what has all these values. */
export interface FilterParts {
  readonly title: string;
  /** A UUID. */
  readonly id: string;
  readonly description: string;
  readonly ruleId: string;
  /** At least one. */
  readonly terms: readonly { readonly field: string; readonly value: string }[];
  readonly tests: readonly { readonly name: string; readonly event: JsonObject; readonly expect: boolean }[];
}

const PLENTY = 120;

/** The Sigma document of a filter, as YAML. Source: Sigma filters specification 2.1. */
export function writeFilter({ title, id, description, ruleId, terms, tests }: FilterParts): string {
  const document = {
    title,
    id,
    description,
    logsource: { product: 'aws', service: 'cloudtrail' },
    filter: { rules: [ruleId], selection: selectionOf(terms), condition: 'not selection' },
    ...(tests.length > 0
      ? {
          trailbot: {
            tests: tests.map(({ name, event, expect }) => ({
              name,
              event,
              expect: expect ? 'match' : 'no match',
            })),
          },
        }
      : {}),
  };
  return harmless(new Document(document, { aliasDuplicateObjects: false }));
}

/** What could steer a terminal, or show a reader other text than there is: line ends alone stay. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Values come from events and people: what cannot be seen is written as an escape, which only double quotes have. */
function harmless(document: Document): string {
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && scalar.value.search(UNSEEN) >= 0) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: PLENTY }).replace(UNSEEN, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

/** Several values of one field must all be there. */
function selectionOf(terms: FilterParts['terms']): JsonObject {
  const byField = new Map<string, string[]>();
  for (const { field, value } of terms) byField.set(field, [...(byField.get(field) ?? []), literal(value)]);
  return Object.fromEntries(
    [...byField].map(([field, values]) => {
      const [only] = values;
      return only !== undefined && values.length === 1 ? [field, only] : [`${field}|all`, values];
    }),
  );
}

/** Without wildcards: `*`, `?` and `\` stand for themselves. */
function literal(value: string): string {
  return value.replaceAll(/[\\*?]/gu, '\\$&');
}
