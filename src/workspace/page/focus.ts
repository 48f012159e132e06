const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]';

/** The controls inside an element that Tab reaches, in order. */
export function focusable(inside: Element): HTMLElement[] {
  return [...inside.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (control) => control.tabIndex >= 0 && control.checkVisibility(),
  );
}

/** Tab and Shift+Tab go round inside a dialog, never to the browser's own controls. */
export function keepFocusInside(dialog: HTMLElement): void {
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab') return;
    const controls = focusable(dialog);
    const edge = event.shiftKey ? controls[0] : controls.at(-1);
    const other = event.shiftKey ? controls.at(-1) : controls[0];
    if (document.activeElement !== edge && dialog.contains(document.activeElement)) return;
    event.preventDefault();
    other?.focus();
  });
}

/**
 * Runs a redraw and puts the focus back on the control of the same name (`data-control`, block_id/action_id;
 * block_ids change with every version of a message, so the same action_id will do), or on the whole when that
 * control is gone. Does nothing for a focus elsewhere.
 */
export function keepFocus(old: HTMLElement, redraw: () => HTMLElement): HTMLElement {
  const active = document.activeElement;
  const held = active instanceof HTMLElement && old.contains(active) ? active : undefined;
  const name = held?.closest<HTMLElement>('[data-control]')?.dataset.control;
  const selection =
    held instanceof HTMLInputElement || held instanceof HTMLTextAreaElement ? selectionOf(held) : null;
  const fresh = redraw();
  if (held === undefined) return fresh;
  const again = controlNamed(fresh, name ?? '');
  (again ?? fresh).focus({ preventScroll: true });
  if (selection !== null && (again instanceof HTMLInputElement || again instanceof HTMLTextAreaElement)) {
    again.setSelectionRange(...selection);
  }
  return fresh;
}

function controlNamed(inside: HTMLElement, name: string): HTMLElement | undefined {
  if (name === '') return undefined;
  const all = [...inside.querySelectorAll<HTMLElement>('[data-control]')];
  const action = name.slice(name.lastIndexOf('/'));
  return (
    all.find((control) => control.dataset.control === name) ??
    all.find((control) => control.dataset.control?.endsWith(action))
  );
}

function selectionOf(input: HTMLInputElement | HTMLTextAreaElement): [number, number] | null {
  return input.selectionStart === null || input.selectionEnd === null
    ? null
    : [input.selectionStart, input.selectionEnd];
}
