import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { type Millis, SECOND, sayInstant } from '../../src/kernel/time.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import type { Database } from '../../src/store/sql.ts';
import { type Correlated, closeWindows, correlate, indexCorrelations } from '../../src/work/correlate.ts';
import { rulesIn } from '../rules/support.ts';
import { readable } from './records.ts';

/** When the events of these tests begin. */
export const START: Millis = Date.UTC(2026, 10, 20, 9, 0);

/** Rules a, b, c …: each is true for the event of its name. */
export function baseRules(...names: readonly string[]): string {
  return names
    .map(
      (name, index) => `
title: Event ${name}
id: 00000000-0000-4000-8000-00000000000${index + 1}
name: ${name}
logsource: {product: aws, service: cloudtrail}
detection:
  sel: {eventName: ${name}}
  condition: sel
---`,
    )
    .join('\n');
}

/** A correlation document; `body` is what stands in `correlation`, in YAML's flow style. */
export function correlationText(body: string, more = ''): string {
  return `
title: Correlated
id: 00000000-0000-4000-8000-0000000000c1
name: correlated
correlation: {${body}}
${more}
`;
}

export function rulesWith(body: string, more = '', names: readonly string[] = ['a', 'b', 'c']): Ruleset {
  return rulesIn(baseRules(...names) + correlationText(body, more));
}

/** A record of event `name`, so many seconds after the start; its key is told by `id`. */
export function happened(name: string, seconds: number, id: string, body: JsonObject = {}): CloudTrailRecord {
  return readable({
    eventName: name,
    eventTime: sayInstant(START + seconds * SECOND),
    eventID: id,
    ...body,
  });
}

/** What has fired, as `correlation name: key of the last record`, with what it says. */
export interface Fired {
  readonly rule: string;
  readonly eventId: string;
  readonly group: string;
  readonly count: number;
  readonly values: readonly string[];
  readonly records: readonly string[];
  readonly fresh: number;
}

/** The store's side of evaluation alone: records go in, firings come out. */
export function correlator(db: () => Database, ruleset: Ruleset, clock: { now(): Millis }) {
  const known = new Map<string, CloudTrailRecord>();
  const correlations = indexCorrelations(ruleset.correlations);
  const late: string[] = [];
  const note = (found: Correlated): Fired[] => {
    late.push(...found.late.map(({ recordKey }) => recordKey.split('|')[2] ?? ''));
    return found.firings.map(({ rule, record, firing }) => ({
      rule: rule.name,
      eventId: record.eventId,
      group: (firing?.group ?? []).map(([, value]) => value).join(','),
      count: firing?.count ?? 0,
      values: firing?.values ?? [],
      records: (firing?.records ?? []).map((key) => key.split('|')[2] ?? ''),
      fresh: firing?.fresh ?? 0,
    }));
  };
  const inside = <T>(work: (tools: Parameters<typeof correlate>[0]) => Promise<T>) =>
    db().tx((sql) => work({ sql, correlations, recordOf: async (key) => known.get(key), now: clock.now() }));
  return {
    late,
    async take(...records: readonly CloudTrailRecord[]): Promise<Fired[]> {
      const fired: Fired[] = [];
      for (const record of records) {
        known.set(record.key, record);
        for (const match of ruleset.match(record)) {
          fired.push(...note(await inside((tools) => correlate(tools, match))));
        }
      }
      return fired;
    },
    /** Very many at once. */
    async takeTogether(records: readonly CloudTrailRecord[]): Promise<Fired[]> {
      const fired: Fired[] = [];
      await inside(async (tools) => {
        for (const record of records) {
          known.set(record.key, record);
          for (const match of ruleset.match(record)) fired.push(...note(await correlate(tools, match)));
        }
      });
      return fired;
    },
    async close(upTo: Millis = clock.now()): Promise<Fired[]> {
      const fired: Fired[] = [];
      for (;;) {
        const found = await inside((tools) => closeWindows(tools, upTo));
        fired.push(...note(found));
        if (found.closed === 0) return fired;
      }
    },
  };
}
