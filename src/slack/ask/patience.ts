import { RespondError } from '@slack/bolt';
import { SlackError, WebAPIRateLimitedError } from '@slack/web-api';
import { Fault, sayError } from '../../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../../kernel/time.ts';
import { classify } from '../classify.ts';

/** What was found may have cost minutes at AWS: Slack's trouble of a moment must not throw it away. */
const PAUSES: readonly Millis[] = [2 * SECOND, 8 * SECOND, 20 * SECOND];
/** As long as the Web API's client waits; an answer to a response_url is a fetch without any limit. */
export const LONGEST_REPLY: Millis = 10 * SECOND;

/**
 * Sends; what may go well later is tried again three times, after growing pauses, or when Slack says. `again` may
 * rule that out. Rejects with the last failure.
 */
export async function patiently(
  clock: Clock,
  send: () => Promise<unknown>,
  again: (fault: Fault) => boolean = () => true,
): Promise<void> {
  for (const pause of PAUSES) {
    try {
      await send();
      return;
    } catch (error) {
      const fault = faultOf(error);
      if (fault?.retryAfter === undefined || !again(fault)) throw error;
      const asked = fault.cause instanceof WebAPIRateLimitedError ? fault.retryAfter : 0;
      await clock.sleep(Math.max(pause, asked));
    }
  }
  await send();
}

/** What a failed call to Slack means; `undefined` when it was no call to Slack that failed. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof RespondError) return classifyRespond(error);
  if (error instanceof SlackError || error instanceof Fault) return classify(error);
  // What Node's fetch rejects with when the connection breaks.
  return error instanceof TypeError && error.cause instanceof Error ? classify(error) : undefined;
}

function classifyRespond(error: RespondError): Fault {
  const { statusCode } = error;
  if (statusCode < 500 && statusCode !== 408 && statusCode !== 429) {
    return Fault.never(sayError(error), { cause: error });
  }
  const uncertain = statusCode !== 429;
  const message = `Slack answered with HTTP status ${statusCode}`;
  return Fault.later(message, SECOND, { cause: error, uncertain });
}

/** The same, and a failure when it takes longer than `limit`: what was sent then may still arrive. */
export async function inTime(send: Promise<void>, limit: Millis): Promise<void> {
  const signal = AbortSignal.timeout(limit);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(Fault.later('Slack did not answer in time', SECOND, { uncertain: true }));
    });
  });
  await Promise.race([send, late]);
}
