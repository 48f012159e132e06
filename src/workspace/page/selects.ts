import { el, freshId } from './dom.ts';
import { type Choice, popup } from './popup.ts';
import { type Fields, fields, items, text, texts } from './read.ts';
import { channelName, personName } from './reader.ts';
import { change, keep, naming, type Place, start } from './surface.ts';
import { plainText } from './text.ts';

/** Something a select offers: `state` is what Slack's payload says when it is chosen. */
interface Offer {
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  readonly group?: string;
  readonly state: unknown;
}

/** The members of Slack's state and element objects that differ from select to select. */
interface Kind {
  readonly one: string;
  readonly many: string;
  readonly initial: string;
  readonly initials: string;
  offers(element: Fields, place: Place): Offer[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  static: {
    one: 'selected_option',
    many: 'selected_options',
    initial: 'initial_option',
    initials: 'initial_options',
    offers: staticOffers,
  },
  users: {
    one: 'selected_user',
    many: 'selected_users',
    initial: 'initial_user',
    initials: 'initial_users',
    offers: (_, place) =>
      place.surface.people.map(({ id }) => ({
        key: id,
        label: personName(place.surface.reader, id),
        state: id,
      })),
  },
  channels: {
    one: 'selected_channel',
    many: 'selected_channels',
    initial: 'initial_channel',
    initials: 'initial_channels',
    offers: (_, place) => conversations(place, ['channel']),
  },
  conversations: {
    one: 'selected_conversation',
    many: 'selected_conversations',
    initial: 'initial_conversation',
    initials: 'initial_conversations',
    offers: (element, place) => conversations(place, kindsWanted(element)),
  },
};

/** `static_select`, `multi_users_select` and their kin; `undefined` for a select this page cannot fill. */
export function drawSelect(element: Fields, place: Place): HTMLElement | undefined {
  const match = /^(multi_)?(static|users|channels|conversations)_select$/.exec(text(element.type));
  const kind = KINDS[match?.[2] ?? ''];
  if (kind === undefined) return undefined;
  return match?.[1] === undefined ? drawOne(element, kind, place) : drawMany(element, kind, place);
}

function drawOne(element: Fields, kind: Kind, place: Place): HTMLElement {
  const offers = kind.offers(element, place);
  const state = start(element, place, { [kind.one]: element[kind.initial] ?? null });
  let chosen = offers.find((offer) => offer.key === keyOf(state[kind.one]));
  const { wrapper, button, shown } = frame(element, place);
  const draw = () => {
    shown.textContent = chosen?.label ?? placeholder(element);
    shown.classList.toggle('placeholder', chosen === undefined);
  };
  const choices = (): Choice[] =>
    offers.map((offer) => ({
      ...offer,
      chosen: offer.key === chosen?.key,
      pick: () => {
        chosen = offer;
        draw();
        void change(element, place, button, { [kind.one]: offer.state });
      },
    }));
  wrapper.append(button, popup(button, 'listbox', choices));
  draw();
  return wrapper;
}

function drawMany(element: Fields, kind: Kind, place: Place): HTMLElement {
  const offers = kind.offers(element, place);
  const initial = element[kind.initials];
  const state = start(element, place, { [kind.many]: Array.isArray(initial) ? initial : [] });
  const held = state[kind.many];
  const chosen = new Set(Array.isArray(held) ? held.map(keyOf) : []);
  const most = typeof element.max_selected_items === 'number' ? element.max_selected_items : offers.length;
  let changed = false;
  const { wrapper, button, shown } = frame(element, place);
  const states = () => ({
    [kind.many]: offers.filter(({ key }) => chosen.has(key)).map((offer) => offer.state),
  });
  const draw = () => {
    const labels = offers.filter((offer) => chosen.has(offer.key)).map((offer) => offer.label);
    shown.textContent = labels.join(', ') || placeholder(element);
    shown.classList.toggle('placeholder', labels.length === 0);
  };
  const toggle = (offer: Offer) => {
    if (chosen.has(offer.key)) chosen.delete(offer.key);
    else if (chosen.size < most) chosen.add(offer.key);
    draw();
    changed = true;
    keep(element, place, states());
  };
  const choices = (): Choice[] =>
    offers.map((offer) => ({ ...offer, chosen: chosen.has(offer.key), pick: () => toggle(offer) }));
  const list = popup(button, 'listbox', choices, true);
  list.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed' || !changed) return;
    changed = false;
    void change(element, place, button, states());
  });
  wrapper.append(button, list);
  draw();
  return wrapper;
}

function frame(element: Fields, place: Place) {
  const shownId = freshId();
  const shown = el('span', { id: shownId, class: 'select-value' });
  const button = el(
    'button',
    {
      type: 'button',
      role: 'combobox',
      class: 'select',
      'data-control': `${place.blockId}/${text(element.action_id)}`,
      ...naming(place, placeholder(element)),
    },
    shown,
  );
  return { wrapper: el('span', { class: 'select-frame' }), button, shown };
}

function placeholder(element: Fields): string {
  return plainText(element.placeholder) || 'Choose…';
}

/** What tells offers apart: an id as it is, an option by its value. */
function keyOf(state: unknown): string {
  return typeof state === 'string' ? state : text(fields(state).value);
}

function staticOffers(element: Fields): Offer[] {
  const offer = (option: Fields): Offer => ({
    key: text(option.value),
    label: plainText(option.text),
    ...(option.description === undefined ? {} : { description: plainText(option.description) }),
    state: option,
  });
  const groups = items(element.option_groups).flatMap((group) =>
    items(group.options).map((option) => ({ ...offer(option), group: plainText(group.label) })),
  );
  return [...items(element.options).map(offer), ...groups];
}

function conversations(place: Place, wanted: readonly string[]): Offer[] {
  const { channels, reader } = place.surface;
  return channels
    .filter((channel) => wanted.includes(channel.kind))
    .map((channel) => ({
      key: channel.id,
      label: `${channel.kind === 'im' ? '' : '#'}${channelName(reader, channel)}`,
      state: channel.id,
    }));
}

function kindsWanted(element: Fields): string[] {
  const include = texts(fields(element.filter).include);
  if (include.length === 0) return ['channel', 'im'];
  return include.map((kind) => (kind === 'im' ? 'im' : 'channel'));
}
