const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Ids with a fifth letter before this one were given out before accounts were put into them. */
const FIRST_WITH_ACCOUNT = BASE32.indexOf('Q');

const MOST_ACCOUNTS = 1_000_000_000_000n;

/**
 * The account (twelve digits) that is written into an access key's id or any other unique id of IAM; `undefined`
 * for ids from before about 2019 and for what is no such id. Computed, not confirmed: `sts:GetAccessKeyInfo` is.
 * Source: IAM user guide, "IAM identifiers", for the form; the place of the account is known from use.
 */
export function decodeAccount(keyId: string): string | undefined {
  const coded = /^A[A-Z]{3}([A-Z2-7]{10})[A-Z2-7]{6}$/.exec(keyId)?.[1];
  if (coded === undefined || BASE32.indexOf(coded.charAt(0)) < FIRST_WITH_ACCOUNT) return undefined;
  let bits = 0n;
  for (const letter of coded) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
  // Ten letters are 50 bits; the account is in the 40 that follow the first, within the first 48.
  const account = ((bits >> 2n) & 0x7fffffffff80n) >> 7n;
  return account < MOST_ACCOUNTS ? account.toString().padStart(12, '0') : undefined;
}
