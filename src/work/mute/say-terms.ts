import type { MuteTerm } from '../../alerts/mute.ts';

/** `eventName is CreateUser, awsRegion is eu-west-1`. */
export function sayTerms(terms: readonly MuteTerm[]): string {
  if (terms.length === 0) return 'every match of the rule';
  return terms.map(({ field, value }) => `${field} is ${value}`).join(', ');
}
