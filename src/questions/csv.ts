import { sayInstant } from '../kernel/time.ts';
import { type Call, sayAction } from './call.ts';

const COLUMNS: readonly (readonly [string, (call: Call) => string | undefined])[] = [
  ['time', (call) => sayInstant(call.at)],
  ['event_id', (call) => call.eventId],
  ['account', (call) => call.account],
  ['region', (call) => call.region],
  ['actor', (call) => call.actor.label],
  ['actor_id', (call) => call.actor.id],
  ['action', sayAction],
  ['target', (call) => call.target],
  ['address', (call) => call.address],
  ['client', (call) => call.client],
  ['access_key_id', (call) => call.keyId],
  ['error', (call) => call.errorCode],
  ['read_only', (call) => (call.readOnly === undefined ? undefined : String(call.readOnly))],
];

/**
 * The calls as CSV (RFC 4180: CRLF, a header line, quotes where needed), times in ISO 8601 and UTC. A value that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
export function toCsv(calls: readonly Call[]): string {
  const header = COLUMNS.map(([name]) => name).join(',');
  const lines = calls.map((call) => COLUMNS.map(([, read]) => csvField(read(call) ?? '')).join(','));
  return [header, ...lines, ''].join('\r\n');
}

/** One value of a CSV. Source of the signs: OWASP, "CSV Injection". */
export function csvField(value: string): string {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
