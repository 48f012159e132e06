import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordTexts } from '../../src/cloudtrail/record-texts.ts';

/** What comes of a text that comes in pieces of this length. */
function cut(text: string, length: number): { texts: string[]; wrong: string | undefined } {
  const records = createRecordTexts();
  const texts: string[] = [];
  for (let at = 0; at < text.length; at += length) texts.push(...records.add(text.slice(at, at + length)));
  return { texts, wrong: records.end() };
}

describe('the records in the text of a file', () => {
  it('are those that JSON has, wherever the text is cut', () => {
    const list = fc.array(fc.jsonValue(), { maxLength: 8 });
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 40 }), fc.boolean(), (values, length, wide) => {
        const text = JSON.stringify({ Records: values }, null, wide ? 2 : 0);
        const { texts, wrong } = cut(text, length);
        expect(wrong).toBeUndefined();
        expect(texts.map((one) => JSON.parse(one))).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 500 },
    );
  });

  it('are those before the end, when the file is cut', () => {
    const text = JSON.stringify({ Records: [{ a: '"]}\\' }, { b: 1 }] });
    expect(cut(text.slice(0, -4), 3)).toEqual({ texts: ['{"a":"\\"]}\\\\"}'], wrong: 'was cut short' });
  });

  it.each([
    ['', 'is empty'],
    ['  \n', 'is empty'],
    ['{"digestEndTime":"2026-11-20T10:00:00Z"}', 'holds no list of records'],
    [`{"hello":"${'x'.repeat(5000)}"}`, 'holds no list of records'],
    ['{"Records":{}}', 'holds no list of records'],
  ])('%j has none, and says so', (text, wrong) => {
    expect(cut(text, 100)).toEqual({ texts: [], wrong });
  });
});
