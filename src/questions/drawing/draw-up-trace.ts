import type { Line, Part, Span } from '../answer.ts';
import { bold, code, cut, fact, text } from '../lines.ts';
import { nameAccounts, networksOf, sayAccount } from '../say-names.ts';
import type { Hop, Trace } from '../trace.ts';
import { nameClient } from './client-name.ts';
import { type Asked, list } from './draft.ts';

/** How a session came to be, newest step first, then where the walk ends and what it could not see. */
export function drawTrace(trace: Trace, { names }: Asked): Part[] {
  const steps = trace.hops.map((hop) => sayHop(hop, names));
  return [
    ...list('Where the key comes from, newest step first', steps, true),
    { kind: 'lines', lines: [fact('Origin', text(cut(nameAccounts(trace.origin.said, names), 400)))] },
    ...list(
      'Keep in mind',
      trace.caveats.map((caveat) => [text(cut(nameAccounts(caveat, names), 300))]),
    ),
  ];
}

/** One step as a sentence. Everything the caller could choose freely is marked as asserted. */
function sayHop(hop: Hop, names: Asked['names']): Line {
  return [
    { at: hop.at, form: 'date and time' },
    text('  '),
    bold(hop.caller),
    ...deedOf(hop),
    ...fromOf(hop, names),
    text(` · ${sayAccount(hop.account, names)} ${cut(hop.region, 30)}`),
    ...keysOf(hop),
    ...hop.notes.map((note) => text(` · ${cut(nameAccounts(note, names), 200)}`)),
  ];
}

function deedOf({ action, role, session, sourceIdentity, mfa }: Hop): Line {
  const verb = VERBS.get(action);
  const deed: Span[] = verb === undefined ? [text(' called '), code(action)] : [text(` ${verb}`)];
  if (role !== undefined) deed.push(text(verb?.endsWith('role') ? ' ' : ' for role '), code(role));
  if (session !== undefined) deed.push(text(' as session '), code(session));
  if (sourceIdentity !== undefined) {
    deed.push(text(', source identity '), code(sourceIdentity), text(' (asserted)'));
  }
  if (mfa !== undefined) deed.push(mfa ? text(', with MFA') : bold(', without MFA'));
  return deed;
}

const VERBS: ReadonlyMap<string, string> = new Map([
  ['sts:AssumeRole', 'assumed role'],
  ['sts:AssumeRoleWithSAML', 'came in through SAML and assumed role'],
  ['sts:AssumeRoleWithWebIdentity', 'came in with a web identity and assumed role'],
  ['sts:AssumeRoot', 'took a root session (AssumeRoot)'],
  ['sts:GetSessionToken', 'took a session token'],
  ['sts:GetFederationToken', 'made a federated session'],
  ['signin:GetSigninToken', 'opened the console with a session'],
  ['signin:ConsoleLogin', 'signed in to the console'],
  ['signin:SwitchRole', 'switched in the console to role'],
]);

function fromOf({ address, client }: Hop, names: Asked['names']): Line {
  const from: Span[] = [];
  if (address !== undefined) {
    const networks = networksOf(address, names);
    from.push(text(' from '), code(address, 60), ...(networks === '' ? [] : [text(` (${networks})`)]));
  }
  if (client !== undefined && client !== address) from.push(text(` with ${nameClient(client)}`));
  return from;
}

function keysOf({ keyId, callerKeyId }: Hop): Line {
  const keys: Span[] = [];
  if (keyId !== undefined) keys.push(text(' · made '), { keyId });
  if (callerKeyId !== undefined) keys.push(text(' · signed with '), { keyId: callerKeyId });
  return keys;
}
