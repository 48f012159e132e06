import { scryptSync } from 'node:crypto';

/** On everything that has tags; its value is the name that everything made is called by. */
export const TAG = 'trailbot';
export const STACK_TAG = 'aws:cloudformation:stack-name';

/** Whose a thing is: ours, or why it is not to be touched. */
export function whyNotOurs(tags: ReadonlyMap<string, string>, name: string): string | undefined {
  const stack = tags.get(STACK_TAG);
  if (stack !== undefined) return `it belongs to the CloudFormation stack ${stack}`;
  return tags.get(TAG) === name ? undefined : `it does not have the tag ${TAG}=${name}`;
}

/** Connections and API destinations have no tags, so their description says whose they are. */
export function markedDescription(name: string): string {
  return `Made by Trailbot (${TAG}=${name}).`;
}

export function whyNotMarked(description: string | undefined, name: string): string | undefined {
  const mark = markedDescription(name);
  return description?.startsWith(mark) ? undefined : `its description does not begin with “${mark}”`;
}

/** Said at the end of a description; AWS tells nobody the key itself. */
export function keyMark(key: string, salt: string): string {
  return ` Key ${salt}:${digestOf(key, salt)}`;
}

/** Whether a description has the mark of this key. */
export function hasKeyMark(description: string | undefined, key: string): boolean {
  const [, salt, digest] = / Key ([0-9a-f]+):([0-9a-f]+)$/.exec(description ?? '') ?? [];
  return salt !== undefined && digest === digestOf(key, salt);
}

/** Enough to notice another key, and too short to find this one by. */
const DIGEST_BYTES = 4;

function digestOf(key: string, salt: string): string {
  return scryptSync(key, salt, DIGEST_BYTES, { N: 1024 }).toString('hex');
}

/** A salt of hexadecimal digits from a fresh id. */
export function saltFrom(id: string): string {
  return Buffer.from(id).toString('hex').slice(0, 32);
}
