import { expect, it } from 'vitest';
import { decodeAccount } from '../../src/questions/provenance/key-account.ts';

it.each([
  ['ASIAQNZGKIQY56JQ7WML', '029608264753'],
  ['AKIASP2TPHJSQH3FJRUX', '171436882533'],
])('reads the account out of %s', (keyId, account) => {
  expect(decodeAccount(keyId)).toBe(account);
});

it.each([
  ['AKIAIOSFODNN7EXAMPLE', 'from before accounts were in ids'],
  ['AKIAJ2345672EXAMPLEA', 'from before accounts were in ids'],
  ['ASIAQNZGKIQY56JQ7WM', 'too short'],
  ['ASIAQNZGKIQY56JQ7WMLA', 'too long'],
  ['ASIAQ0ZGKIQY56JQ7WML', 'not base 32'],
  ['asiaqnzgkiqy56jq7wml', 'in lower case'],
  ['ASIA7777777777777777', 'beyond twelve digits'],
  ['', 'empty'],
])('says nothing of %s: %s', (keyId) => {
  expect(decodeAccount(keyId)).toBeUndefined();
});
