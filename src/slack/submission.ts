import type { types } from '@slack/bolt';

/** What Slack does with the modal: close it (nothing), show what is wrong, or show something else. */
type ModalAnswer =
  | undefined
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: types.ModalView };

/** The answer that closes the request, and what is to be done after it. */
export interface Submission {
  readonly answer: ModalAnswer;
  /** The channel that a refusal is told in. */
  readonly channel?: string | undefined;
  /** Resolves to the refusal, if there is one. */
  readonly work?: () => Promise<string | undefined>;
}
