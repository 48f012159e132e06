import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';

type Path = readonly string[];
type Change = (value: Json, donor: Json) => Json | undefined;

/** What may happen to one value of a record; `undefined` takes it away. */
const CHANGES: readonly Change[] = [
  (_, donor) => donor,
  (_, donor) => donor,
  () => undefined,
  () => null,
  () => '',
  (value) => [value],
  (value, donor) => [donor, value],
  (value) => (typeof value === 'string' ? value.toUpperCase() : value),
  (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
  (value) => (value === 'true' || value === 'false' ? value === 'true' : value),
];

/** Records of which one or a few values are changed, or taken from the same place in another record. */
export function mutated(records: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  const record = fc.constantFrom(...records);
  const edit = fc.tuple(fc.nat(), fc.constantFrom(...CHANGES), record);
  return fc.tuple(record, fc.array(edit, { maxLength: 3 })).map(([original, edits]) =>
    edits.reduce((body, [which, change, other]) => {
      const paths = pathsIn(body);
      const path = paths[which % paths.length] ?? [];
      return replaced(body, path, (value) => change(value, at(other, path) ?? null)) as JsonObject;
    }, original),
  );
}

/** The paths of all members, however deep. */
function pathsIn(value: Json): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    [key],
    ...pathsIn(member).map((path) => [key, ...path]),
  ]);
}

function at(value: Json | undefined, path: Path): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null)
    return key === undefined ? value : undefined;
  return at(Object.entries(value).find(([name]) => name === key)?.[1], rest);
}

/** A copy in which the value at the path is another one, or is gone. */
function replaced(value: Json, path: Path, change: (value: Json) => Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
    const now = name === key ? replaced(member, rest, change) : member;
    return now === undefined ? [] : [[name, now]];
  });
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}
