import type { ActorQuestion, QuestionName } from '../../store/actor-questions.ts';

/** `A-1042:1`: what jobs, posts and buttons carry. */
export function keyOf({ alertId, number }: QuestionName): string {
  return `${alertId}:${number}`;
}

/** `undefined` when the text is none. */
export function readKey(text: string): QuestionName | undefined {
  const [, alertId, number] = /^(A-\d{1,15}):(\d{1,4})$/u.exec(text) ?? [];
  return alertId === undefined ? undefined : { alertId, number: Number(number) };
}

/** How the asked person is called where a mention is not possible. */
export function nameOf({ userId, doer }: ActorQuestion, names: ReadonlyMap<string, string>): string {
  return names.get(userId ?? '') ?? doer.label;
}
