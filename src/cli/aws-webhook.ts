import { type Millis, SECOND } from '../kernel/time.ts';

const ANSWER_WITHIN: Millis = 5 * SECOND;
const FORBIDDEN = 403;
/** What the webhook says to a delivery with nothing in it, once it has taken the key. */
const BAD_REQUEST = 400;

/** What the running bot makes of a key. */
export type KeyAnswer = 'taken' | 'refused' | 'no answer';

/** Whether the running bot takes this key: the question is a delivery with nothing in it. */
export async function askAboutKey(url: string, key: string): Promise<KeyAnswer> {
  try {
    const { ok, status } = await fetch(url, {
      method: 'POST',
      headers: { 'x-api-key': key },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    if (status === FORBIDDEN) return 'refused';
    return ok || status === BAD_REQUEST ? 'taken' : 'no answer';
  } catch {
    return 'no answer';
  }
}

export function sayKeyRefused(url: string): string {
  return `The bot at ${url} refuses the first of TRAILBOT_WEBHOOK_KEYS, so that events would be lost: start it with the keys that are set here (a new one first, the old one second), then run this again.`;
}

export function sayKeyUnasked(url: string): string {
  return `The bot at ${url} could not be asked from here whether it takes the first of TRAILBOT_WEBHOOK_KEYS: see that it is started with it.`;
}
