/** The ids of long-term, temporary, bearer and context keys. Source: IAM user guide, "Understanding unique ID prefixes". */
const KEY_IDS = /(A(?:KI|SI|BI|CC)A)[A-Z0-9]{4,116}([A-Z0-9]{8})/g;

/** Text in which every access key id shows its kind and its last eight characters only: `AKIA…7EXAMPLE`. */
export function maskKeys(text: string): string {
  return text.replace(KEY_IDS, '$1…$2');
}
