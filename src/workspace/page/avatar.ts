import type { Person } from '../page-api.ts';
import { el, icon } from './dom.ts';

const TRAIL = 'M4 19c6 0 2-7 8-7s2-7 8-7M4 19h.01M20 5h.01';

/** A person's initials, or the bot's sign, on their colour. */
export function avatar(person: Person | undefined): HTMLElement {
  const name = person?.realName || person?.name || '?';
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
  const sign = el(
    'span',
    { class: `avatar${person?.isBot === true ? ' bot' : ''}`, 'aria-hidden': 'true' },
    person?.isBot === true ? icon(TRAIL) : initials,
  );
  sign.style.setProperty('background-color', person?.color ?? '#7a8694');
  return sign;
}
