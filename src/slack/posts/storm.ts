import type { Alert } from '../../alerts/alert.ts';
import { isObject, type JsonObject, textOf } from '../../kernel/json.ts';
import { LEVELS } from '../../rules/rule.ts';
import type { Message } from '../alert-message.ts';
import { lookOf, severity } from '../look.ts';
import { bullets, type Leaf, leaf, pushText, richText, words } from '../text.ts';
import type { Scene } from './drawing.ts';

const SHOWN = 20;

/** To somebody whose phone has rung enough: all that waits besides, in one message. Content: `alerts`. */
export function drawStorm({ content }: Scene): Message {
  const alerts = (Array.isArray(content.alerts) ? content.alerts : []).filter(isObject);
  const firing = alerts.filter((alert) => textOf(alert, 'state') === 'firing');
  const count = `${firing.length} more ${firing.length === 1 ? 'alert waits' : 'alerts wait'} for you`;
  const head = firing.length === 0 ? 'Somebody has taken all of these' : count;
  // What still waits first, the latest on top.
  const sorted = [...firing.toReversed(), ...alerts.filter((alert) => !firing.includes(alert)).toReversed()];
  const left = sorted.length - SHOWN;
  const more = left > 0 ? `${left} more are not listed. ` : '';
  return {
    text: pushText(`${head}: ${firing.map((alert) => textOf(alert, 'id') ?? '').join(', ')}`),
    blocks: [
      richText([[leaf(`${head}.`, 100, { bold: true }), words(' You are paged for each of them.')]]),
      ...(sorted.length > 0 ? [bullets(sorted.slice(0, SHOWN).map(line))] : []),
      richText([
        [words(`${more}Acknowledge is on the message of each; /trail alerts lists all that are open.`)],
      ]),
    ],
  };
}

function line(alert: JsonObject): Leaf[] {
  const text = (key: string) => textOf(alert, key) ?? '';
  const level = LEVELS.find((one) => one === text('level')) ?? 'high';
  const state: Alert['state'] =
    text('state') === 'resolved' || text('state') === 'acknowledged'
      ? (text('state') as Alert['state'])
      : 'firing';
  const look = lookOf({ level, state, snoozedUntil: undefined });
  return [
    words(`${look.sign} ${text('id')} · ${severity(level)} · ${look.word} · `),
    leaf(text('title'), 120),
    words(' · '),
    leaf(text('account'), 40),
  ];
}
