import { type JsonObject, objectOf } from '../kernel/json.ts';
import { readActor } from './actor.ts';
import { said } from './identity.ts';
import type { CloudTrailRecord } from './record.ts';

type SignIn = Pick<
  CloudTrailRecord,
  'account' | 'actor' | 'body' | 'errorMessage' | 'eventName' | 'eventSource'
>;
type Say = (who: string, further: JsonObject, failed: boolean, account: string) => string;

/**
 * What people do at the console's door. Sources: AWS CloudTrail user guide, "AWS Management Console sign-in events";
 * IAM Identity Center user guide, "Sign-in event use cases".
 */
const EVENTS: ReadonlyMap<string, Say> = new Map<string, Say>([
  ['ConsoleLogin', (who, _, failed) => `${who} ${failed ? 'failed to sign in' : 'signed in'} to the console`],
  ['CheckMfa', (who, { MfaType: type }) => `${who} was asked for MFA at sign-in${inBrackets(type)}`],
  ['SwitchRole', switchRole],
  ['ExitRole', (who) => `${who} went back from a role that was switched to in the console`],
  ['RenewRole', (who) => `${who} renewed the session of a role in the console`],
  ['GetSigninToken', (who) => `${who} got a token that opens the console`],
  [
    'PasswordUpdated',
    (who, _, failed) => `${who} ${did(failed, 'change', 'changed')} the password at sign-in`,
  ],
  ['PasswordRecoveryRequested', (who) => `A new password was asked for ${who}`],
  ['PasswordRecoveryCompleted', (who) => `${who} set a new password after a recovery`],
  [
    'CredentialChallenge',
    (who, { CredentialType: type }) => `${who} was asked for a credential${inBrackets(type)}`,
  ],
  [
    'CredentialVerification',
    (who, { CredentialType: type }, failed) =>
      `The credential of ${who}${inBrackets(type)} ${failed ? 'was wrong' : 'was verified'}`,
  ],
  [
    'UserAuthentication',
    (who, _, failed) => `${who} ${failed ? 'failed to sign in' : 'signed in'} through IAM Identity Center`,
  ],
]);

/** `undefined` when the event is none of these. */
export function saySignIn(
  record: SignIn,
): { said: string; facts: (readonly [label: string, text: string])[] } | undefined {
  const say = record.eventSource.startsWith('signin.') ? EVENTS.get(record.eventName) : undefined;
  if (!say) return undefined;
  const further = objectOf(record.body, 'additionalEventData') ?? {};
  const mfa = said(further, 'MFAIdentifier');
  const failed = signInOutcome(record) === 'Failure' || record.errorMessage !== undefined;
  return {
    said: say(record.actor.label, further, failed, record.account),
    facts: mfa === undefined ? [] : [['MFA with', mfa]],
  };
}

/**
 * What a sign-in answered (`Success`, `Failure`), which stands under the event's own name and not in an error code;
 * `undefined` when it does not say.
 */
export function signInOutcome({
  body,
  eventName,
  eventSource,
}: Pick<SignIn, 'body' | 'eventName' | 'eventSource'>): string | undefined {
  if (!eventSource.startsWith('signin.')) return undefined;
  const answers = [objectOf(body, 'responseElements'), objectOf(body, 'serviceEventDetails')];
  return answers.map((answer) => answer && said(answer, eventName)).find((answer) => answer !== undefined);
}

function switchRole(who: string, further: JsonObject, failed: boolean, account: string): string {
  const from = said(further, 'SwitchFrom');
  const before = from === undefined ? undefined : readActor({ arn: from }, {});
  const elsewhere = before?.account !== undefined && before.account !== account;
  const origin = `${before?.label ?? 'Somebody'}${elsewhere ? ` of account ${before.account}` : ''}`;
  return `${origin} ${did(failed, 'switch', 'switched')} to ${who} in the console`;
}

function did(failed: boolean, verb: string, past: string): string {
  return failed ? `failed to ${verb}` : past;
}

function inBrackets(value: unknown): string {
  return typeof value === 'string' && value !== '' ? ` (${value})` : '';
}
