/** The ids of long-term, temporary, bearer and context keys. Source: IAM user guide, "Understanding unique ID prefixes". */
const KEY_IDS = /(A(?:KI|SI|BI|CC)A)[A-Z0-9]{4,116}([A-Z0-9]{8})/g;

/** Text in which every access key id shows its kind and its last eight characters only: `AKIA…7EXAMPLE`. */
export function maskKeys(text: string): string {
  return text.replace(KEY_IDS, '$1…$2');
}

/**
 * The same plain data with `maskKeys` done to every text in it, however deep; other objects, such as maps, stay
 * as they are. Goes before texts are cut: half a key is not known for one.
 */
export function maskDeep<T>(data: T): T {
  return mask(data) as T;
}

function mask(data: unknown): unknown {
  if (typeof data === 'string') return maskKeys(data);
  if (Array.isArray(data)) return data.map(mask);
  if (typeof data !== 'object' || data === null || Object.getPrototypeOf(data) !== Object.prototype)
    return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mask(value)]));
}
