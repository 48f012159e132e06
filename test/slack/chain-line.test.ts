import { expect, test } from 'vitest';
import { sayChain } from '../../src/slack/chain-line.ts';
import { textIn } from '../support/people.ts';
import { someCard } from './samples.ts';

const next = { at: Date.UTC(2026, 10, 20, 9, 30), who: [] };

/** The line, with its spaces put in order. */
function line(chain: Parameters<typeof sayChain>[0]['chain']): string {
  const card = someCard();
  return textIn(sayChain({ ...card, chain })).replace(/\s+/g, ' ');
}

test('a next step has its time', () => {
  expect(line({ state: 'running', next, paged: ['webhook'] })).toContain('webhook paged · next at');
});

test('once every step was taken, nobody is said to be next', () => {
  const said = line({ state: 'running', next: { ...next, end: true }, paged: ['webhook'] });
  expect(said).toContain('webhook paged · nobody else is left to page');
  expect(said).not.toContain('next');
});
