import type { Alert } from '../../alerts/alert.ts';
import { isObject, type JsonObject, textOf } from '../../kernel/json.ts';
import { LEVELS, type Level } from '../../rules/rule.ts';
import type { Message } from '../alert-message.ts';
import { lookOf, severity } from '../look.ts';
import { bullets, type Leaf, leaf, pushText, richText, words } from '../text.ts';
import type { Scene } from './drawing.ts';

const SHOWN = 20;

/** To somebody whose phone has rung enough: all that waits besides, in one message. Content: `alerts`. */
export function drawStorm({ content }: Scene): Message {
  const alerts = (Array.isArray(content.alerts) ? content.alerts : []).filter(isObject);
  const firing = alerts.filter((alert) => textOf(alert, 'state') === 'firing' && alert.snoozed !== true);
  const count = `${firing.length} more ${firing.length === 1 ? 'alert waits' : 'alerts wait'} for you`;
  const head = firing.length === 0 ? 'None of these waits for you any more' : count;
  // What still waits first, the gravest of it on top, of these the latest.
  const waiting = firing.toReversed().sort((a, b) => gravity(b) - gravity(a));
  const sorted = [...waiting, ...alerts.filter((alert) => !firing.includes(alert)).toReversed()];
  const paged = words(' You are paged for each of them.');
  const left = sorted.length - SHOWN;
  const more = left > 0 ? `${left} more are not listed. ` : '';
  return {
    text: pushText(
      [head, waiting.map((alert) => textOf(alert, 'id') ?? '').join(', ')].filter(Boolean).join(': '),
    ),
    blocks: [
      richText([[leaf(`${head}.`, 100, { bold: true }), ...(firing.length > 0 ? [paged] : [])]]),
      ...(sorted.length > 0 ? [bullets(sorted.slice(0, SHOWN).map(line))] : []),
      richText([
        [words(`${more}Acknowledge is on the message of each; /trail alerts lists all that are open.`)],
      ]),
    ],
  };
}

function gravity(alert: JsonObject): number {
  return LEVELS.indexOf(levelOf(alert));
}

function levelOf(alert: JsonObject): Level {
  return LEVELS.find((one) => one === textOf(alert, 'level')) ?? 'high';
}

function line(alert: JsonObject): Leaf[] {
  const text = (key: string) => textOf(alert, key) ?? '';
  const level = levelOf(alert);
  const state: Alert['state'] =
    text('state') === 'resolved' || text('state') === 'acknowledged'
      ? (text('state') as Alert['state'])
      : 'firing';
  const look = lookOf({ level, state, snoozedUntil: alert.snoozed === true ? 1 : undefined });
  return [
    words(`${look.sign} ${text('id')} · ${severity(level)} · ${look.word} · `),
    leaf(text('title'), 120),
    words(' · '),
    leaf(text('account'), 40),
  ];
}
