import { readInsight } from '../../cloudtrail/insight.ts';
import type { Line, View } from '../answer.ts';
import { sayAction } from '../call.ts';
import { isAlertId } from '../judgement.ts';
import { cut, sayNumber, text } from '../lines.ts';
import type { ActivityQuestion, Scope } from '../question.ts';
import type { Asked } from './draft.ts';

/** A title holds 140 characters. The words around what is asked for take 27 at most, period and narrowing these. */
const LONGEST_REST = 93;
const LONGEST = 113;

/** `Who used AKIA…7EXAMPLE, last 30 days`. */
export function titleOf(asked: Asked, view: View): Line {
  const { question } = asked;
  const isEvents = 'eventIds' in question;
  const period = isEvents ? '' : `, ${cut(question.scope.period.said, 44)}`;
  const rest = cut(`${period}${narrowingOf(question.scope, asked)}`, LONGEST_REST);
  const timeline = view.kind === 'timeline' ? [text('Timeline · ')] : [];
  return [...timeline, ...aboutOf(asked, Math.min(60, LONGEST - rest.length)), text(rest)];
}

function aboutOf({ question, material }: Asked, room: number): Line {
  switch (question.kind) {
    case 'explain':
    case 'event': {
      const record = material.events?.[0]?.record;
      const about = record
        ? cut(sayAction({ source: record.eventSource, name: record.eventName }), 90)
        : cut(question.eventIds[0] ?? '', 64);
      const what = record && readInsight(record.body) ? 'Insight' : 'Event';
      if (question.kind === 'event') return [text(`${what} ${about}`)];
      const [id = ''] = question.eventIds;
      return [
        text(record && isAlertId(id) ? `Why ${id} was raised: ${about}` : `What the rules say of ${about}`),
      ];
    }
    case 'compare':
      return [text(`${sayNumber(question.eventIds.length)} events side by side`)];
    case 'stats':
      return [text('How the rules did')];
    default:
      return aboutActivity(question, room);
  }
}

function aboutActivity({ kind, value }: ActivityQuestion, room: number): Line {
  const name = cut(value, room);
  switch (kind) {
    case 'key':
      return [text('Who used '), { keyId: value }];
    case 'user':
      return [text(`What ${name} did`)];
    case 'address':
      return [text(`Who called from ${name}`)];
    case 'role':
      return [text(`Who used role ${cut(roleName(value), room)}`)];
    case 'resource':
      return [text(`Who touched ${name}`)];
    case 'anything':
      return [text(`Calls by and to ${name}`)];
    case 'errors':
      return [text('Denied and failed calls')];
    case 'logins':
      return [text('Sign-ins')];
    case 'root':
      return [text('Use of root')];
  }
}

function roleName(value: string): string {
  return value.startsWith('arn:') ? value.slice(value.lastIndexOf('/') + 1) : value;
}

function narrowingOf({ account, region, access, failed }: Scope, { names }: Asked): string {
  const parts = [
    account === undefined ? '' : `in ${cut(names.account(account), 20)}`,
    region === undefined ? '' : cut(region, 16),
    access === undefined ? '' : `${access} only`,
    failed ? 'failed only' : '',
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => ` · ${part}`)
    .join('');
}
