import type { Call } from './call.ts';

/**
 * Calls that two accounts recorded, such as an AssumeRole into another account, as one each: the copy that knows who
 * called, where the other knows the caller's account alone. The order stays.
 */
export function mergeCopies(calls: readonly Call[]): readonly Call[] {
  const places = new Map<string, number>();
  const merged: Call[] = [];
  for (const call of calls) {
    const id = call.sharedId && `${call.sharedId} ${call.source} ${call.name}`;
    const place = id ? places.get(id) : undefined;
    const twin = place === undefined ? undefined : merged[place];
    if (place !== undefined && twin && isElsewhere(call, twin)) merged[place] = together(twin, call);
    else merged.push(call);
    if (id && place === undefined) places.set(id, merged.length - 1);
  }
  return merged.length === calls.length ? calls : merged;
}

function isElsewhere({ account }: Call, twin: Call): boolean {
  return account !== twin.account && !twin.alsoIn?.includes(account);
}

function together(twin: Call, call: Call): Call {
  const [best, other] =
    twin.actor.kind === 'account' && call.actor.kind !== 'account' ? [call, twin] : [twin, call];
  return { ...best, alsoIn: [...(twin.alsoIn ?? []), other.account] };
}
