export type Child = Node | string | null | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * An HTML element. Attributes that are `false` or `undefined` are left out, `true` gives an empty one. Text
 * becomes text nodes: nothing on this page is ever parsed as markup.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** An SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Nodes without an element around them. */
export function fragment(...children: readonly Child[]): DocumentFragment {
  const result = document.createDocumentFragment();
  append(result, children);
  return result;
}

/** A picture of the page's own, drawn in the text's colour and hidden from screen readers. */
export function icon(path: string): SVGSVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: path }),
  );
}

/** The element of the page's own HTML with this id. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page lacks #${id}.`);
  return element;
}

/** Shows or hides without a trace in the layout or for screen readers. */
export function show(element: HTMLElement, visible: boolean): void {
  element.hidden = !visible;
}

let lastId = 0;

/** An id for `aria-labelledby` and its kin, used nowhere else on the page. */
export function freshId(): string {
  lastId += 1;
  return `n${lastId}`;
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

function append(parent: ParentNode, children: readonly Child[]): void {
  parent.append(...children.filter((child) => child !== null && child !== undefined));
}
