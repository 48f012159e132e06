/**
 * YAML as a writer would type it: `style` picks among the ways in which the same thing can be written, as far as
 * the thing allows.
 */
export type Node =
  /** A value that YAML itself reads: a number, null, a boolean, `No`. Never quoted. */
  | { readonly bare: string }
  /** Text, whatever it looks like. */
  | { readonly text: string; readonly style: number }
  | { readonly list: readonly Node[]; readonly style: number }
  | { readonly map: readonly (readonly [key: string, value: Node])[]; readonly style: number };

/** The node as the YAML text of a whole document. */
export function writeYaml(node: Node): string {
  return `${block(node, '')}\n`.replace(/^\n/, '');
}

/** What follows a `:` or `-`, with the line break or space before it. */
function block(node: Node, indent: string): string {
  if ('list' in node && node.list.length > 0 && node.style % 2 === 0) {
    return node.list.map((item) => `\n${indent}- ${block(item, `${indent}  `).trimStart()}`).join('');
  }
  if ('map' in node && node.map.length > 0 && (indent === '' || node.style % 2 === 0)) {
    return node.map.map(([key, value]) => `\n${indent}${keyOf(key)}:${block(value, `${indent}  `)}`).join('');
  }
  if ('text' in node && node.style % 4 === 3 && /^[^\s#]/.test(node.text) && /\S$/.test(node.text)) {
    return ` |-\n${node.text.replaceAll(/^(?=.)/gm, `${indent}  `)}`;
  }
  return ` ${inline(node)}`;
}

/** The node on one line. */
function inline(node: Node): string {
  if ('bare' in node) return node.bare;
  if ('list' in node) return `[${node.list.map(inline).join(', ')}]`;
  if ('map' in node)
    return `{${node.map.map(([key, value]) => `${keyOf(key)}: ${inline(value)}`).join(', ')}}`;
  return textOf(node.text, node.style);
}

function textOf(text: string, style: number): string {
  const isPlain =
    /^[A-Za-z][\w./+-]*( [\w./+-]+)*$/.test(text) && !/^(true|false|yes|no|on|off|null)$/i.test(text);
  if (isPlain && style % 3 === 0) return text;
  return style % 3 === 1 || /[\n\r\t]/.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}

function keyOf(key: string): string {
  return /^[A-Za-z_][\w.|-]*$/.test(key) ? key : `'${key}'`;
}
