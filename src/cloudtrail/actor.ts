/** What kind of identity `userIdentity.type` names; `service` also for AWS acting by itself. */
export type ActorKind =
  | 'root'
  | 'user'
  | 'role'
  | 'federated'
  | 'directory'
  | 'account'
  | 'service'
  | 'identity-center'
  | 'saml'
  | 'web-identity'
  | 'unknown';

/**
 * Who did it, readable, with what lies behind it.
 * Source: AWS CloudTrail user guide, "CloudTrail userIdentity element".
 */
export interface Actor {
  readonly kind: ActorKind;
  /** Short name as people say it: `alice`, `root`, `ci-deploy`, `lambda.amazonaws.com`. */
  readonly name: string;
  /** What an alert shows: `alice@example.com (role Admin)`, `user bob`, `root @ 111122223333`. */
  readonly label: string;
  /** The same for all sessions of one role, for one user, for one service: what alerts are grouped by. */
  readonly id: string;
  readonly arn: string | undefined;
  readonly account: string | undefined;
  readonly role: string | undefined;
  readonly session: string | undefined;
  /** The identity the caller asserted when the first role was assumed; it outlives role chaining. */
  readonly sourceIdentity: string | undefined;
  /** The AWS service that made the call on the actor's behalf. */
  readonly invokedBy: string | undefined;
  readonly mfa: boolean | undefined;
}
