import type { Operator } from '../../alerts/alert.ts';
import type { Mute } from '../../alerts/mute.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { MuteRequest } from '../../work/mute/make.ts';
import type { Preview } from '../../work/mute/preview.ts';
import type { MuteOrigin, MuteSubject } from '../../work/mute/subject.ts';

/** What people in Slack ask of mutes. Refusals are sentences for the person. */
export interface MuteDesk {
  /** What a mute of the alert's rule can be made of. */
  subject(origin: MuteOrigin): Promise<MuteSubject | Refusal>;
  /** What it would have hidden in the last seven days with these fields. */
  preview(subject: MuteSubject, fields: readonly string[]): Promise<Preview>;
  /** `undefined` for a submission that was delivered twice. */
  make(request: MuteRequest): Promise<{ readonly made: Mute | undefined } | Refusal>;
  find(id: string): Promise<Mute | undefined>;
  /** Those that hold, with how many matches each has hidden so far. */
  inForce(): Promise<readonly { readonly mute: Mute; readonly hidden: number }[]>;
  end(id: string, operator: Operator): Promise<{ readonly ended: Mute } | Refusal>;
  /** As a Sigma filter, in YAML. */
  exported(id: string): Promise<{ readonly text: string } | Refusal>;
}
