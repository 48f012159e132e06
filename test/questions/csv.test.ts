import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/questions/csv.ts';
import { awkward, call, NOW } from './said.ts';

/** An independent reader of RFC 4180. */
function readCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('calls as CSV', () => {
  it('have a header, a line each with CRLF, and times in UTC', () => {
    const [header, line, rest] = toCsv([call(NOW, { eventID: 'e-1', errorCode: 'AccessDenied' })]).split(
      '\r\n',
    );
    expect(header).toBe(
      'time,event_id,account,region,actor,actor_id,action,target,address,client,access_key_id,error,read_only',
    );
    expect(line).toBe(
      '2026-11-20T11:46:00.000Z,e-1,111122223333,us-east-1,user alice,arn:aws:iam::111122223333:user/alice,' +
        'iam:CreateAccessKey,bob,203.0.113.5,aws-cli/2.17.3 md/awscrt#0.20.11 ua/2.0 os/linux#6.1.0 ' +
        'lang/python#3.11.8 cmd/iam.create-access-key,AKIAIOSFODNN7EXAMPLE,AccessDenied,false',
    );
    expect(rest).toBe('');
  });

  it.each(['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'never begin a value as the formula %j',
    (formula) => {
      const [, row] = readCsv(toCsv([{ ...call(NOW), client: formula }]));
      expect(row?.[9]).toBe(`'${formula}`);
    },
  );

  it('come back from a CSV reader as they were', () => {
    fc.assert(
      fc.property(awkward, (client) => {
        const [, row] = readCsv(toCsv([{ ...call(NOW), client }]));
        expect(row).toHaveLength(13);
        const formula = /^[=+\-@\t\r\n＝＋－＠]/.test(client);
        expect(row?.[9]).toBe(formula ? `'${client}` : client);
      }),
    );
  });
});
