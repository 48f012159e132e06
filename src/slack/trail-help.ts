import type { Message } from './alert-message.ts';
import { bullets, codeLeaf, type Leaf, label, pushText, richText, words } from './text.ts';

/** What this version answers, with an example to copy. */
export const COMMANDS: readonly { readonly example: string; readonly does: string }[] = [
  { example: '/trail alerts', does: 'what is open; also: alerts all, alerts mine' },
  { example: '/trail event 3f0c8a7e-7f5b-4a4e-9c59-0d1b7f0c2a11', does: 'one event in full, by its eventID' },
  { example: '/trail rules', does: 'the rules that are loaded; with a name, that rule' },
  { example: '/trail status', does: 'whether events arrive, what waits, what failed' },
  { example: '/trail help', does: 'this list' },
];

/** `/trail help`, after a sentence on what was wrong, if something was. */
export function drawHelp(wrong?: readonly Leaf[]): Message {
  const lines = COMMANDS.map(({ example, does }) => [codeLeaf(example), words(` ${does}`)]);
  const intro = wrong ?? [
    label('Trailbot'),
    words('turns AWS CloudTrail events that a rule matches into alerts, and answers here, to you alone:'),
  ];
  return { text: pushText('What /trail can answer'), blocks: [richText([intro]), bullets(lines)] };
}
