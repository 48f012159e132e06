import { expect, test } from 'vitest';
import { asTyped } from '../../src/slack/ask/typed.ts';

test.each([
  ['user <mailto:alice@example.com|alice@example.com>', 'user alice@example.com'],
  ['ip <http://203.0.113.9|203.0.113.9>', 'ip 203.0.113.9'],
  ['who <https://bucket.s3.amazonaws.com>', 'who https://bucket.s3.amazonaws.com'],
  ['user <@U0ALICE01|alice>', 'user alice'],
  ['who used it, <@U0ALICE01>?', 'who used it,  ?'],
  ['in <#C0SECURITY|security-alerts>', 'in security-alerts'],
  ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
  ['<!channel> hello', '<!channel> hello'],
])('%s is what was typed as %s', (sent, typed) => {
  expect(asTyped(sent)).toBe(typed);
});
