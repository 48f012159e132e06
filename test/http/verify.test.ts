import { describe, expect, test } from 'vitest';
import { createKeyCheck } from '../../src/http/verify.ts';

const check = createKeyCheck(['alpha-key', 'beta:kéy', 'with two spaces']);
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a request is let in with one of the keys', () => {
  test.each([
    ['the first as API key', { 'x-api-key': 'alpha-key' }],
    [
      'the second, whose letters Node reads as Latin-1',
      { 'x-api-key': Buffer.from('beta:kéy').toString('latin1') },
    ],
    ['as bearer token', { authorization: 'Bearer alpha-key' }],
    ['as bearer token, scheme in any case', { authorization: 'bEARER alpha-key' }],
    ['as bearer token with spaces in it', { authorization: 'Bearer with two spaces' }],
    ['as Basic password, whoever the user is', { authorization: basic('eventbridge:alpha-key') }],
    ['as Basic password with a colon in it', { authorization: basic('u:beta:kéy') }],
    [
      'in one place although another place is wrong',
      { 'x-api-key': 'no', authorization: 'Bearer alpha-key' },
    ],
  ])('%s', (_name, headers) => {
    expect(check(headers)).toBe(true);
  });
});

describe('a request is not let in', () => {
  test.each([
    ['without any header', {}],
    ['with a wrong key', { 'x-api-key': 'alpha-kez' }],
    ['with the beginning of a key', { 'x-api-key': 'alpha' }],
    ['with an empty key', { 'x-api-key': '' }],
    ['with a header sent twice', { 'x-api-key': 'alpha-key, alpha-key' }],
    ['with the key of another header', { 'api-key': 'alpha-key' }],
    ['with the key as Basic user', { authorization: basic('alpha-key:') }],
    ['with Basic that is no base64', { authorization: 'Basic %%%' }],
    ['with a scheme nobody knows', { authorization: 'Digest alpha-key' }],
    ['with a scheme alone', { authorization: 'Bearer' }],
  ])('%s', (_name, headers) => {
    expect(check(headers)).toBe(false);
  });

  test('where no key is configured, or an empty one', () => {
    expect(createKeyCheck([])({ 'x-api-key': '' })).toBe(false);
    expect(createKeyCheck([''])({ authorization: basic('user:') })).toBe(false);
  });
});
