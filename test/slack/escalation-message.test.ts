import { expect, it } from 'vitest';
import { drawPost } from '../../src/slack/posts/drawers.ts';
import { expectInsideLimits, nodes, visible } from './drawn.ts';
import { someCard } from './samples.ts';

it('of a large user group the thread mentions forty people and says how many more were paged', () => {
  const reason = { kind: 'group', group: 'S0EVERYONE' };
  const people = Array.from({ length: 300 }, (_, index) => ({ user: `U0${1000 + index}`, reason }));
  const message = drawPost('escalation_step', {
    content: { policy: 'security', step: 1, steps: 1, people, last: true, after: 300_000 },
    card: someCard(),
    link: undefined,
    to: undefined,
  });
  expectInsideLimits(message);
  expect(nodes(message).filter(({ type }) => type === 'user')).toHaveLength(40);
  expect(visible(message)).toContain('260 more people');
});

it('of people who are paged next the thread says names, and of nobody that is not known that it is somebody', () => {
  const message = drawPost('escalation_step', {
    content: {
      policy: 'security',
      step: 1,
      steps: 2,
      people: [],
      others: ['#ops'],
      next: [{ user: 'U0BOB0001' }, { user: 'U0UNKNOWN' }, { name: '<!channel> *x*' }],
      after: 300_000,
    },
    card: { ...someCard(), names: new Map([['U0BOB0001', 'Bob']]) },
    link: undefined,
    to: undefined,
  });
  expect(visible(message).replaceAll('|', '')).toContain(
    'Next: Bob, somebody else, <!channel> *x* in 5 min.',
  );
  expect(nodes(message).some(({ type }) => type === 'broadcast' || type === 'user')).toBe(false);
});
