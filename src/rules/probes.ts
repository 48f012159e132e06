import type { Chain } from './modifiers.ts';
import { compileNetwork } from './network.ts';
import type { Notes } from './notes.ts';
import { comparedNumber, comparedTime } from './number-probe.ts';
import type { Lists } from './placeholder.ts';
import type { Probe } from './probe.ts';
import { regexProbe } from './regex-probe.ts';
import type { ScalarNode } from './source.ts';
import { textProbes } from './text-probes.ts';

/**
 * The probes for one value of an item. The value fits when one probe of a group passes; it has several groups when
 * placeholders expand, each of which then counts as a value of its own. The text they test is folded unless the
 * chain is raw. Empty after a mistake, which is reported.
 */
export function probesOf(value: ScalarNode, chain: Chain, lists: Lists, notes: Notes): Probe[][] {
  const { how } = chain;
  switch (how.kind) {
    case 're':
      return alone(regexProbe(value, how.flags, notes));
    case 'cidr':
      return alone(networkProbe(value, notes));
    case 'number':
      return alone(comparedNumber(value, how.comparison, notes));
    case 'time':
      return alone(comparedTime(value, how.part, how.comparison, notes));
    default:
      return textProbes(value, chain, lists, notes);
  }
}

function alone(probe: Probe | undefined): Probe[][] {
  return probe ? [[probe]] : [];
}

function networkProbe(value: ScalarNode, notes: Notes): Probe | undefined {
  const test = compileNetwork(value.text);
  if (typeof test === 'function') return { kind: 'network', says: value.text, test };
  notes.refuse(value.at, test.what, test.remedy);
  return undefined;
}
