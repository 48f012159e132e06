import type { Random } from '../../kernel/random.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Rule } from '../../rules/rule.ts';
import type { Database } from '../../store/sql.ts';

/** What people's acts on mutes need. */
export interface MuteTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** All that alert under a name of their own. */
  readonly rules: () => readonly Rule[];
  /** `undefined` when the person may mute, else whom to ask. May ask Slack: never inside a transaction. */
  readonly refuse: (userId: string) => Promise<string | undefined>;
}
