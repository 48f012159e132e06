import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeSchema } from '../../src/config/schema.ts';
import { isObject, type Json } from '../../src/kernel/json.ts';

const FILE = new URL('../../docs/trailbot.schema.json', import.meta.url);

const UPDATE =
  'UPDATE=1 npx vitest run test/config/schema.test.ts && npx biome check --write docs/trailbot.schema.json';

test('docs/trailbot.schema.json is what the code accepts', () => {
  const schema = describeSchema();
  if (process.env.UPDATE) writeFileSync(FILE, JSON.stringify(schema));
  expect(JSON.parse(readFileSync(FILE, 'utf8')), `update it with: ${UPDATE}`).toEqual(schema);
});

test('every key is described and has an example', () => {
  const without: string[] = [];
  const look = (node: Json | undefined, path: string) => {
    if (!isObject(node)) return;
    for (const [key, child] of Object.entries(isObject(node.properties) ? node.properties : {})) {
      if (!isObject(child)) continue;
      if (!child.$ref && !(child.description && child.examples)) without.push(`${path}.${key}`);
      look(child, `${path}.${key}`);
    }
    look(node.additionalProperties, `${path}.*`);
    look(node.items, `${path}[]`);
    if (isObject(node.$defs)) for (const [key, child] of Object.entries(node.$defs)) look(child, key);
  };
  look(describeSchema(), '');
  expect(without).toEqual([]);
});

test('the reference names every key', () => {
  const guide = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const missing: string[] = [];
  const properties = describeSchema().properties;
  for (const [section, node] of Object.entries(isObject(properties) ? properties : {})) {
    const keys = isObject(node) && isObject(node.properties) ? Object.keys(node.properties) : [];
    const names = section === 'routes' ? keys : keys.map((key) => `${section}.${key}`);
    missing.push(...(keys.length > 0 ? names : [section]).filter((name) => !guide.includes(`\`${name}\``)));
  }
  expect(missing).toEqual([]);
});
