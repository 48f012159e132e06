import type { Config, People } from '../config/config.ts';

/** One sentence of refusal, or `undefined` when the person may. */
export function refusalFor(config: Config, right: 'respond' | 'ask', userId: string): string | undefined {
  const people: People = config.access[right];
  if (people === 'everyone' || people.includes(userId)) return undefined;
  const some = people.slice(0, 5).map((id) => `<@${id}>`);
  const act = right === 'respond' ? 'act on alerts' : 'ask questions';
  return `You may not ${act} here. Ask ${some.join(', ')}, or have your id ${userId} added to access.${right} in the configuration.`;
}
