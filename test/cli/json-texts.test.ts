import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonTexts } from '../../src/cli/json-texts.ts';

/** What is found in a text that comes in these chunks: line → value, or 'broken'. */
function found(...chunks: string[]): [line: number, value: unknown][] {
  const texts = new JsonTexts();
  return [...chunks.flatMap((chunk) => texts.add(chunk)), ...texts.end()].map(({ line, value }) => [
    line,
    value === undefined ? 'broken' : value,
  ]);
}

describe('the JSON texts of an input', () => {
  it.each<[what: string, text: string, expected: [number, unknown][]]>([
    ['nothing', '', []],
    ['blank lines', '\n \r\n\t\n', []],
    [
      'one a line',
      '{"a":1}\n{"a":2}\n',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
      ],
    ],
    [
      'no end of line at the end',
      '{"a":1}\n{"a":2}',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
      ],
    ],
    ['one without any end of line', '{"a":1}', [[1, { a: 1 }]]],
    [
      'a blank line first',
      '\n\n{"a":1}\n{"a":2}',
      [
        [3, { a: 1 }],
        [4, { a: 2 }],
      ],
    ],
    [
      'Windows ends of line',
      '{"a":1}\r\n{"a":2}\r\n',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
      ],
    ],
    ['a document over lines', '{\n  "a": [\n    1\n  ]\n}\n', [[1, { a: [1] }]]],
    [
      'the same with Windows ends of line',
      '[\r\n  {"a":1},\r\n  {"a":2}\r\n]\r\n',
      [[1, [{ a: 1 }, { a: 2 }]]],
    ],
    [
      'several documents over lines',
      '{\n"a":1\n}\n\n{\n"a":2\n}\n',
      [
        [1, { a: 1 }],
        [5, { a: 2 }],
      ],
    ],
    [
      'both kinds',
      '{"a":1}\n{\n"a":2\n}\n{"a":3}',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
        [5, { a: 3 }],
      ],
    ],
    ['brackets and quotes inside text', '{\n"a": "]}{[\\""\n}\n', [[1, { a: ']}{["' }]]],
    [
      'a first line that is rubbish',
      'rubbish\n{"a":1}\n',
      [
        [1, 'broken'],
        [2, { a: 1 }],
      ],
    ],
    [
      'a line cut in a text',
      '{"a":1}\n{"a":"b\n{"a":3}\n',
      [
        [1, { a: 1 }],
        [2, 'broken'],
        [3, { a: 3 }],
      ],
    ],
    [
      'a line cut after a comma',
      '{"a":1,\n{"a":2}\n{"a":3}',
      [
        [1, 'broken'],
        [2, { a: 2 }],
        [3, { a: 3 }],
      ],
    ],
    [
      'a line cut before a value',
      '{"a":\n{"a":2}\n{"a":3}',
      [
        [1, 'broken'],
        [2, { a: 2 }],
        [3, { a: 3 }],
      ],
    ],
    [
      'a document with a mistake, and a good one',
      '{\n  "a": 1,\n}\n{"a":2}\n',
      [
        [1, 'broken'],
        [4, { a: 2 }],
      ],
    ],
    [
      'a long document with a mistake, and a good one',
      `{\n${'  "a": 1,\n'.repeat(40)}  b\n  "c": 1\n}\n{"a":2}\n`,
      [
        [1, 'broken'],
        [45, { a: 2 }],
      ],
    ],
    [
      'a document cut short',
      '{"a":0}\n{\n  "a": 1,\n',
      [
        [1, { a: 0 }],
        [2, 'broken'],
      ],
    ],
    [
      'a single word',
      'null\n42\n',
      [
        [1, null],
        [2, 42],
      ],
    ],
  ])('%s', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
    expect(found(...text)).toEqual(expected);
  });

  it('are the same wherever the input is cut into chunks, in whatever form they are written', () => {
    const written = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(0, 2)).map(([value, indent]) => ({
      value: JSON.parse(JSON.stringify(value)) as unknown,
      text: JSON.stringify(value, null, indent),
    }));
    fc.assert(
      fc.property(
        fc.array(written, { maxLength: 6 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (documents, cuts) => {
          const text = documents.map((one) => one.text).join('\n');
          const places = [...new Set([0, ...cuts.sort((a, b) => a - b)])];
          const chunks = places.map((start, index) => text.slice(start, places[index + 1]));
          expect(found(...chunks).map(([, value]) => value)).toEqual(documents.map((one) => one.value));
        },
      ),
    );
  });

  it('never throw and never lose a good line after the margin, whatever rubbish stands before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (rubbish) => {
        const texts = found(`${rubbish}\n{"a":1}\n{"a":2}\n{"a":3}`);
        expect(texts.at(-1)?.[1]).toEqual({ a: 3 });
      }),
    );
  });

  it('cost the same a character in one long line as in many', () => {
    const texts = new JsonTexts();
    const part = `${JSON.stringify({ text: 'x'.repeat(65_000) })},`;
    expect(texts.add('[')).toEqual([]);
    for (let count = 0; count < 1500; count++) expect(texts.add(part)).toEqual([]);
    const [whole, ...more] = [...texts.add('0]\n'), ...texts.end()];
    expect(more).toEqual([]);
    expect(whole?.value).toHaveLength(1501);
  });
});
