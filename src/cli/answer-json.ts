import { sayInstant } from '../kernel/time.ts';
import type { Answer } from '../questions/answer.ts';
import { type Call, isDenied, sayAction } from '../questions/call.ts';
import type { EventInFull, Material, Names } from '../questions/material.ts';
import { sayQuestion } from '../questions/reading/say-question.ts';
import { sayCoverage } from '../questions/say-coverage.ts';
import { sayLine } from './answer-text.ts';
import { harmlessJson } from './columns.ts';
import type { Command } from './lookup-command.ts';
import { allRead } from './missing.ts';

/** Members that are instants, wherever they stand in what is printed. */
const INSTANTS = new Set(['at', 'from', 'to', 'since', 'cutAt', 'readBackTo', 'receivedAt']);

/**
 * What was found as data, indented JSON: the question, whether all was read and printed, the calls as in the CSV
 * (newest first, at most `limit`), the answer in words, what else is known of a key, an event or the rules, and the
 * coverage. Instants are ISO 8601 in UTC; what is not known is null in a call and absent elsewhere.
 */
export function answerJson(
  answer: Answer,
  material: Material,
  names: Names,
  shown: { readonly limit?: number | undefined; readonly command: Command },
): string {
  const { calls, owner, keyAccount, trace, stats, events } = material;
  const { scope: _, ...coverage } = material.coverage;
  const printed = calls.slice(0, shown.limit);
  const data = {
    question: readable(answer.question),
    complete: allRead(answer.question, material.coverage) && printed.length === calls.length,
    counts: {
      calls: calls.length,
      printed: printed.length,
      failed: calls.filter(({ errorCode }) => errorCode !== undefined).length,
      denied: calls.filter(({ errorCode }) => isDenied(errorCode)).length,
    },
    answer: {
      title: sayLine(answer.title),
      lead: sayLine(answer.lead),
      follow: answer.follow.map(({ label, question }) => ({
        label: sayLine(label),
        command: shown.command(sayQuestion(question)),
      })),
    },
    calls: printed.map(flat),
    ...(readable({ owner, keyAccount, trace, stats }) as object),
    events: events?.map(inFull),
    coverage: {
      said: sayCoverage(material.coverage, names).map(sayLine),
      ...(readable(coverage) as object),
    },
  };
  return `${harmlessJson(JSON.stringify(data, null, 2))}\n`;
}

/** The columns of the CSV. */
function flat(call: Call) {
  return {
    time: sayInstant(call.at),
    eventId: call.eventId,
    account: call.account,
    region: call.region,
    actor: call.actor.label,
    actorId: call.actor.id,
    action: sayAction(call),
    target: call.target ?? null,
    address: call.address ?? null,
    client: call.client ?? null,
    accessKeyId: call.keyId ?? null,
    error: call.errorCode ?? null,
    readOnly: call.readOnly ?? null,
  };
}

/** A record is printed as CloudTrail wrote it: a number in it is no instant of ours. */
function inFull({ record, receivedAt, late = false, alertIds, suppressed }: EventInFull) {
  return { record: record.body, ...(readable({ receivedAt }) as object), late, alertIds, suppressed };
}

function readable(value: unknown): unknown {
  const instants = (name: string, member: unknown): unknown =>
    INSTANTS.has(name) && typeof member === 'number' ? sayInstant(member) : member;
  return JSON.parse(JSON.stringify(value, instants));
}
