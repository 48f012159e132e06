import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import type { Clock, Millis } from '../../src/kernel/time.ts';
import type { Trouble } from '../../src/questions/coverage.ts';
import type { KeyOwner } from '../../src/questions/material.ts';
import { namesIn } from '../../src/questions/names.ts';
import type { Attribute } from '../../src/questions/question.ts';
import {
  type CloudHistory,
  type Lookup,
  LookupTrouble,
  type Place,
  type Reach,
} from '../../src/work/cloud-history.ts';

interface MemoryOptions {
  readonly clock: Clock;
  readonly records?: readonly CloudTrailRecord[];
  readonly places?: readonly Place[];
  readonly closed?: Reach['troubles'];
  /** Each page takes so long. */
  readonly pace?: Millis;
  readonly perPage?: number;
  /** By `account|region`: thrown after so many pages. */
  readonly troubles?: Readonly<Record<string, { readonly after: number; readonly trouble: Trouble }>>;
  readonly owners?: Readonly<Record<string, KeyOwner>>;
  readonly accounts?: Readonly<Record<string, string>>;
  /** Says everything that it has, whatever it was asked. */
  readonly deaf?: boolean;
}

export const HOME = '111122223333';
export const OTHER = '444455556666';

/** AWS's history as one would wish it: no network, everything in memory, time from the clock. */
export function memoryHistory(options: MemoryOptions): CloudHistory & { readonly asked: Lookup[] } {
  const { clock, records = [], perPage = 50, pace = 500 } = options;
  const places = options.places ?? [{ account: HOME, region: 'us-east-1' }];
  const asked: Lookup[] = [];

  async function* lookup(one: Lookup, signal: AbortSignal) {
    asked.push(one);
    const found = records
      .filter((record) => options.deaf || fits(record, one))
      .sort((a, b) => b.eventTime - a.eventTime);
    const fault = options.troubles?.[`${one.place.account}|${one.place.region}`];
    const pages = Math.max(1, Math.ceil(found.length / perPage));
    for (let page = 0; page < pages; page += 1) {
      if (fault && page >= fault.after) throw new LookupTrouble(fault.trouble);
      await clock.sleep(pace, signal);
      if (signal.aborted) return;
      one.hear?.('sent');
      yield { records: found.slice(page * perPage, (page + 1) * perPage), unreadable: [] };
    }
  }

  return {
    asked,
    reach: async () => ({ places, troubles: options.closed ?? [], home: HOME }),
    lookup,
    keyOwner: async (keyId) => options.owners?.[keyId],
    keyAccount: async (keyId) => options.accounts?.[keyId],
  };
}

function fits(record: CloudTrailRecord, { place, attribute, period }: Lookup): boolean {
  return (
    record.account === place.account &&
    record.region === place.region &&
    record.eventTime >= period.from &&
    record.eventTime <= period.to &&
    (attribute === undefined || has(record, attribute))
  );
}

function has(record: CloudTrailRecord, { key, value }: Attribute): boolean {
  switch (key) {
    case 'AccessKeyId':
      return record.accessKeyId === value;
    case 'EventId':
      return record.eventId === value;
    case 'EventName':
      return record.eventName === value;
    case 'EventSource':
      return record.eventSource === value;
    case 'ReadOnly':
      return String(record.readOnly) === value;
    case 'ResourceName':
      return namesIn(record).some(({ name }) => name === value);
    case 'Username':
      return (record.actor.session ?? record.actor.name) === value;
    case 'ResourceType':
      return false;
  }
}
