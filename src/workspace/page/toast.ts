import type { PageEvent } from '../page-api.ts';
import { byId, el, icon } from './dom.ts';
import type { Page } from './page.ts';
import { formatRoute } from './route.ts';

const TRAIL = 'M4 19c6 0 2-7 8-7s2-7 8-7M4 19h.01M20 5h.01';

/** How many lie above one another; the oldest gives way. On a narrow screen more than one would hide the page. */
const most = () => (window.matchMedia('(max-width: 760px)').matches ? 1 : 3);

/** Shows what a phone would: it goes away by itself, but not while it is pointed at or has the focus. */
export function showToast(push: Extract<PageEvent, { kind: 'push' }>, page: Page): void {
  const host = byId('toasts');
  const toast = el(
    'a',
    { class: 'toast', href: formatRoute({ channel: push.channel, message: push.ts }) },
    el(
      'span',
      { class: 'toast-head' },
      el('span', { class: 'toast-app', 'aria-hidden': 'true' }, icon(TRAIL)),
      el('span', { class: 'toast-title' }, push.title),
      el('span', { class: 'toast-when' }, 'now'),
    ),
    el('span', { class: 'toast-body' }, push.body),
  );
  toast.addEventListener('click', (event) => {
    event.preventDefault();
    toast.remove();
    const thread = page.model.message(push.channel, push.ts)?.threadTs;
    page.go({
      channel: push.channel,
      ...(thread === undefined || thread === push.ts ? { message: push.ts } : { thread }),
    });
  });
  toast.addEventListener('animationend', (event) => {
    if (event.animationName === 'toast-life') toast.remove();
  });
  host.prepend(toast);
  while (host.children.length > most()) host.lastElementChild?.remove();
}
