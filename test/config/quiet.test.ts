import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

function problemsIn(text: string): string[] {
  const read = readConfig({ text, file: 'trailbot.yaml', env: {} });
  return 'problems' in read
    ? read.problems.map(({ line, what, remedy }) => `${line}: ${what}; ${remedy}`)
    : [];
}

it.each([
  [
    'mute_windows: [{ match: [level=high], intervals: [nihgt], reason: why }]\ntime_intervals: { night: { times: [{ from: "22:00", to: "24:00" }] } }',
    '1: there is no time interval "nihgt"; did you mean "night"?',
  ],
  [
    'mute_windows: [{ match: [environment=prod], intervals: [x], reason: why }]',
    'no account has the environment "prod"',
  ],
  ['mute_windows: [{ match: [], intervals: [x], reason: why }]', 'mute_windows[0].match'],
  [
    'inhibitions: [{ source: [environment=prod], target: [level=low], equal: [actor] }]',
    'no account has the environment "prod"',
  ],
  ['inhibitions: [{ source: [levl=high], target: [level=low], equal: [actor] }]', 'unknown label "levl"'],
  ['inhibitions: [{ source: [level=high], target: [level=low], equal: [actr] }]', 'inhibitions[0].equal[0]'],
  ['inhibitions: [{ source: [level=high], target: [level=low], equal: [actor], for: 2d }]', 'at most 24h'],
])('a mistake is said at its place: %s', (text, expected) => {
  expect(problemsIn(text).join('\n')).toContain(expected);
});

it('inhibitions can be turned off', () => {
  const read = readConfig({ text: 'inhibitions: []', file: 'trailbot.yaml', env: {} });
  expect('config' in read && read.config.inhibitions).toEqual([]);
});
