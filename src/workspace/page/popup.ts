import { el } from './dom.ts';

/** One line of a menu or of a list to choose from. */
export interface Choice {
  readonly label: string;
  readonly description?: string;
  /** The heading it stands under. */
  readonly group?: string;
  readonly chosen?: boolean;
  /** Opens this address as well. */
  readonly href?: string;
  pick(): void;
}

type Kind = 'menu' | 'listbox';

/**
 * A list that opens under a button: arrow keys, Home, End and the first letter move, Enter and Space choose,
 * Escape and Tab close. `stays` keeps it open after a choice, for lists where several may be chosen.
 */
export function popup(
  button: HTMLButtonElement,
  kind: Kind,
  choices: () => readonly Choice[],
  stays = false,
): HTMLElement {
  const list = el('div', { class: 'popup', role: kind, popover: 'auto' });
  if (stays) list.setAttribute('aria-multiselectable', 'true');
  const name = button.getAttribute('aria-label');
  const by = button.getAttribute('aria-labelledby');
  if (by !== null) list.setAttribute('aria-labelledby', by);
  else if (name !== null) list.setAttribute('aria-label', name);
  button.setAttribute('aria-haspopup', kind);
  button.setAttribute('aria-expanded', 'false');
  const open = () => {
    fill(list, kind, choices());
    list.showPopover();
    place(list, button);
    const { top } = button.getBoundingClientRect();
    adrift.set(list, () => button.getBoundingClientRect().top !== top);
    const chosen = list.querySelector<HTMLElement>('[aria-selected="true"]');
    (chosen ?? lines(list)[0])?.focus();
  };
  button.addEventListener('click', open);
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    event.stopPropagation();
    open();
  });
  list.addEventListener('keydown', (event) => onKey(event, list, button));
  list.addEventListener('click', (event) => {
    const at = lines(list).findIndex((line) => event.target instanceof Node && line.contains(event.target));
    if (at === -1) return;
    if (!stays) list.hidePopover();
    choices()[at]?.pick();
    if (stays) markChosen(list, choices());
  });
  list.addEventListener('toggle', (event) => {
    const isOpen = event.newState === 'open';
    button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen && list.contains(document.activeElement)) button.focus();
  });
  return list;
}

/** Whether the button of an open list is no longer where the list opened. */
const adrift = new WeakMap<HTMLElement, () => boolean>();

/** Closes every open list whose button has scrolled away under it; the scrolling that went before stays without effect. */
export function closeAdrift(): void {
  for (const list of document.querySelectorAll<HTMLElement>('.popup:popover-open')) {
    if (adrift.get(list)?.()) list.hidePopover();
  }
}

function fill(list: HTMLElement, kind: Kind, choices: readonly Choice[]): void {
  let group: string | undefined;
  list.replaceChildren();
  for (const choice of choices) {
    if (choice.group !== undefined && choice.group !== group) {
      list.append(el('div', { class: 'popup-group', role: 'presentation' }, choice.group));
    }
    group = choice.group;
    list.append(drawChoice(kind, choice));
  }
  if (choices.length === 0) list.append(el('div', { class: 'popup-group' }, 'Nothing to choose from'));
}

function drawChoice(kind: Kind, choice: Choice): HTMLElement {
  const attributes = {
    class: 'popup-line',
    role: kind === 'menu' ? 'menuitem' : 'option',
    tabindex: -1,
    ...(kind === 'listbox' ? { 'aria-selected': String(choice.chosen === true) } : {}),
  };
  const words = [
    el('span', {}, choice.label),
    choice.description === undefined ? null : el('small', {}, choice.description),
  ];
  const line =
    choice.href === undefined
      ? el('div', attributes, ...words)
      : el('a', { ...attributes, href: choice.href, target: '_blank', rel: 'noopener noreferrer' }, ...words);
  line.addEventListener('pointermove', () => line.focus({ preventScroll: true }));
  return line;
}

function markChosen(list: HTMLElement, choices: readonly Choice[]): void {
  for (const [at, line] of lines(list).entries()) {
    line.setAttribute('aria-selected', String(choices[at]?.chosen === true));
  }
}

function onKey(event: KeyboardEvent, list: HTMLElement, button: HTMLElement): void {
  const all = lines(list);
  const at = all.findIndex((line) => line.matches(':focus'));
  const to = target(event.key, at, all);
  if (to !== undefined) all[to]?.focus();
  else if (event.key === 'Enter' || event.key === ' ') all[at]?.click();
  else if (event.key === 'Escape' || event.key === 'Tab') {
    list.hidePopover();
    button.focus();
    if (event.key === 'Tab') return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function target(key: string, at: number, all: readonly HTMLElement[]): number | undefined {
  if (key === 'ArrowDown') return (at + 1) % all.length;
  if (key === 'ArrowUp') return (at - 1 + all.length) % all.length;
  if (key === 'Home') return 0;
  if (key === 'End') return all.length - 1;
  if (key.length !== 1 || key === ' ') return undefined;
  const later = [...all.keys()].map((step) => (at + 1 + step) % all.length);
  return later.find((index) => all[index]?.textContent.toLowerCase().startsWith(key.toLowerCase()));
}

function lines(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('.popup-line')];
}

/** Under the button, or above it where there is more room; always inside the window. */
function place(list: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  list.style.setProperty('min-width', `${Math.round(anchor.width)}px`);
  const size = list.getBoundingClientRect();
  const below = window.innerHeight - anchor.bottom;
  const top =
    below < size.height + 8 && anchor.top > below ? anchor.top - size.height - 4 : anchor.bottom + 4;
  const left = Math.min(anchor.left, window.innerWidth - size.width - 8);
  list.style.setProperty('top', `${Math.round(Math.max(8, top))}px`);
  list.style.setProperty('left', `${Math.round(Math.max(8, left))}px`);
}
