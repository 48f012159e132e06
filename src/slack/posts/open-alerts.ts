import { isObject, type JsonObject, numberOf, textOf } from '../../kernel/json.ts';
import { LEVELS } from '../../rules/rule.ts';
import type { Message } from '../alert-message.ts';
import { lookOf, severity } from '../look.ts';
import { bullets, type Leaf, leaf, richText, sentence, urlLeaf, words } from '../text.ts';

/** What whoever is on call takes over. Content: `alerts` (with `id`, `title`, `level`, `state`, …) and `more`. */
export function drawOpenAlerts(content: JsonObject): Message['blocks'] {
  const alerts = (Array.isArray(content.alerts) ? content.alerts : []).filter(isObject);
  if (alerts.length === 0) return [richText([[words('No alert is open.')]])];
  const more = numberOf(content, 'more') ?? 0;
  const rest = more > 0 ? [richText([[words(`${more} more are open: /trail alerts lists them.`)]])] : [];
  return [richText([[words('Open alerts:')]]), bullets(alerts.map(line)), ...rest];
}

function line(alert: JsonObject): Leaf[] {
  const text = (key: string) => textOf(alert, key) ?? '';
  const level = LEVELS.find((one) => one === text('level')) ?? 'high';
  const state = text('state') === 'acknowledged' ? 'acknowledged' : 'firing';
  const look = lookOf({ level, state, snoozedUntil: alert.snoozed === true ? 1 : undefined });
  const link = textOf(alert, 'link');
  const id = link === undefined ? leaf(text('id'), 20) : urlLeaf(link, text('id'));
  const assignee = textOf(alert, 'assignee');
  const who = assignee === undefined ? [] : [words(' · '), ...sentence(`<@${assignee}>`)];
  return [
    words(`${look.sign} `),
    id,
    words(` · ${severity(level)} · ${look.word} · `),
    leaf(text('title'), 120),
    ...who,
  ];
}
