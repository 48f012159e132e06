import { expect, it } from 'vitest';
import { CANARY_DETAIL_TYPE, CANARY_SOURCE, canaryDetail } from '../../src/cloudtrail/canary.ts';
import { type Delivery, readDelivery } from '../../src/cloudtrail/delivery.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { envelope, record } from '../support/records.ts';

const CANARY = { id: 'c-1', account: '111122223333', region: 'eu-west-1' };
const EVENT: JsonObject = {
  version: '0',
  id: 'e-1',
  'detail-type': CANARY_DETAIL_TYPE,
  source: CANARY_SOURCE,
  account: CANARY.account,
  region: CANARY.region,
  time: '2026-11-20T09:15:00Z',
  resources: [],
  detail: canaryDetail(CANARY, Date.UTC(2026, 10, 20, 9, 15)),
};

function read(value: Json): Delivery {
  const delivery = readDelivery(JSON.stringify(value));
  if ('notJson' in delivery) throw new Error(delivery.notJson);
  return delivery;
}

it('a canary is neither record nor reject', () => {
  expect(read(EVENT)).toEqual({ records: [], rejects: [], canaries: [CANARY] });
});

it('a canary comes out of every wrapper, beside records', () => {
  const message = { MessageId: 'm', Body: JSON.stringify(EVENT) };
  const { records, rejects, canaries } = read({
    Messages: [message, { Body: JSON.stringify(envelope(record())) }],
  });
  expect(records).toHaveLength(1);
  expect(rejects).toEqual([]);
  expect(canaries).toEqual([CANARY]);
});

it.each<[string, JsonObject]>([
  ['without an id', { detail: { account: CANARY.account, region: CANARY.region } }],
  ['whose detail names another region', { region: 'us-east-1' }],
  ['whose detail names another account', { account: '444455556666' }],
  ['without a detail', { detail: 'c-1' }],
])('one %s is a reject', (_, changes) => {
  const { rejects, canaries } = read({ ...EVENT, ...changes });
  expect(canaries).toBeUndefined();
  expect(rejects.map(({ reason }) => reason)).toEqual([
    'What looks like a canary and does not say, or contradicts, which one it is and from where.',
  ]);
});

it.each<[string, JsonObject]>([
  ['source', { source: 'some.app' }],
  ['detail-type', { 'detail-type': 'Canary' }],
])('another %s is no canary', (_, changes) => {
  const { rejects, canaries } = read({ ...EVENT, ...changes });
  expect(canaries).toBeUndefined();
  expect(rejects[0]?.reason).toContain('not one of CloudTrail');
});
