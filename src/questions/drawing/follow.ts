import { isIP } from 'node:net';
import type { Line } from '../answer.ts';
import type { Call } from '../call.ts';
import { cut, text } from '../lines.ts';
import { canonicalAddress } from '../networks.ts';
import type { ActivityKind, ActivityQuestion, Period } from '../question.ts';
import type { Asked, Follow } from './draft.ts';

const MOST = 5;
const LONGEST_NAME = 40;

/** The same period asked of something else, without what narrowed this question. */
export function followUp(kind: ActivityKind, value: string, period: Period): Follow {
  const question: ActivityQuestion = { kind, value, scope: { period } };
  return { label: labelOf(kind, value), question };
}

function labelOf(kind: ActivityKind, value: string): Line {
  if (kind === 'key') return [text('Follow '), { keyId: value }];
  const name = cut(value, LONGEST_NAME);
  return [text(kind === 'resource' ? `Who touched ${name}` : `Activity of ${name}`)];
}

/** What the caller was, as a further question; services and strangers of other accounts lead nowhere. */
export function followActor({ actor }: Call, period: Period): Follow[] {
  const followed = ['user', 'role', 'federated', 'identity-center', 'saml', 'web-identity', 'directory'];
  return followed.includes(actor.kind) && actor.name !== 'unknown user'
    ? [followUp('user', actor.name, period)]
    : [];
}

export function followAddress(address: string | undefined, period: Period): Follow[] {
  return address !== undefined && isIP(address) !== 0 ? [followUp('address', address, period)] : [];
}

export function followKey(keyId: string | undefined, period: Period): Follow[] {
  return keyId === undefined ? [] : [followUp('key', keyId, period)];
}

/** At most five, each once, none of them what was just asked. */
export function choose(follow: readonly Follow[], { question }: Asked): Follow[] {
  const nameOf = (one: Follow['question']): string =>
    JSON.stringify('value' in one ? [one.kind, namedBy(one), one.scope] : one);
  const taken = new Set([nameOf(question)]);
  const chosen: Follow[] = [];
  for (const one of follow) {
    const name = nameOf(one.question);
    if (taken.has(name)) continue;
    taken.add(name);
    chosen.push(one);
    if (chosen.length === MOST) break;
  }
  return chosen;
}

function namedBy({ kind, value }: ActivityQuestion): string {
  return kind === 'address' ? canonicalAddress(value) : value;
}
