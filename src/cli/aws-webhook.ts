import { type Millis, SECOND } from '../kernel/time.ts';

const ANSWER_WITHIN: Millis = 5 * SECOND;
const FORBIDDEN = 403;

/**
 * Why the running bot should not be sent this key; `undefined` when it takes it, or cannot be asked from here. The
 * question is a delivery with nothing in it.
 */
export async function whyKeyRefused(url: string, key: string): Promise<string | undefined> {
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'x-api-key': key },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    if (status !== FORBIDDEN) return undefined;
  } catch {
    return undefined;
  }
  return `The bot at ${url} refuses the first of TRAILBOT_WEBHOOK_KEYS, so that events would be lost: start it with both keys, the new one first, then run this again.`;
}
