/** Who is who in Slack. Everything rejects with a Fault where Slack does not say. */
export interface Directory {
  /** The user with this e-mail address; `undefined` when Slack knows none. */
  userByEmail(address: string): Promise<string | undefined>;
  /** The time zone that a person has set, as IANA names it; `undefined` where Slack does not say. */
  zoneOf(userId: string): Promise<string | undefined>;
  /** Whether it is a person and a full member of the workspace: no guest, no stranger, no bot, and not gone. */
  isMember(userId: string): Promise<boolean>;
  /** Who is in a user group (`S…`). */
  membersOf(groupId: string): Promise<readonly string[]>;
  /** Makes these people, and nobody else, the members of a user group. Slack refuses an empty list. */
  setMembers(groupId: string, userIds: readonly string[]): Promise<void>;
}
