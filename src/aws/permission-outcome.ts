import type { Trouble } from '../questions/coverage.ts';
import { LookupTrouble } from '../work/cloud-history.ts';

/** What trying an action has shown. */
export type Outcome =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly trouble: Trouble }
  /** Nobody tried, or AWS's answer does not say. */
  | { readonly kind: 'not told'; readonly why: string }
  /** Something else was in the way. */
  | { readonly kind: 'failed'; readonly trouble: Trouble };

/** One action, and what became of trying it. */
export interface Tried {
  /** `events:ListRules`. */
  readonly action: string;
  /** The queue or bucket, where there are several. */
  readonly on: string | undefined;
  readonly outcome: Outcome;
}

/** Answers that only those hear who may ask. Source: the services' API references, "Errors". */
const ANSWERS =
  /^(ResourceNotFoundException|NoSuchEntity(Exception)?|NoSuchKey|NoSuchBucket|TrailNotFoundException|QueueDoesNotExist|.*NonExistentQueue|ValidationE(rror|xception)|InvalidInput|AWSOrganizationsNotInUseException)$/;

/** Refusals that sound alike, whether it is a permission that is missing or the thing that is asked about. */
const TELLS_NOTHING: readonly (readonly [RegExp, string])[] = [
  [/do(es)? not have access to it/i, 'AWS does not say whether the queue is missing or closed'],
  // Source: Organizations API reference, `ListAccounts`.
  [
    /don't have permissions to access this resource/i,
    'AWS answers the management account and delegated administrators alone',
  ],
  [/on resource: access key (?!.*(because|explicit))/, 'AWS does not tell a missing key from a denial'],
];

/** What came of a call. Rethrows what is no failure of AWS. */
export async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
    return { kind: 'allowed' };
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    return judge(error);
  }
}

function judge({ trouble, cause }: LookupTrouble): Outcome {
  const { name, message } = cause instanceof Error ? cause : { name: '', message: '' };
  const [, why] = TELLS_NOTHING.find(([sounds]) => sounds.test(message)) ?? [];
  if (why !== undefined) return { kind: 'not told', why };
  if (trouble.kind === 'denied') return { kind: 'denied', trouble };
  return ANSWERS.test(name) ? { kind: 'allowed' } : { kind: 'failed', trouble };
}
