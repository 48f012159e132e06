import { z } from 'zod';
import { parseMatcher } from '../alerts/matcher.ts';
import { DAY, type Millis, parseDuration, parseInstant } from '../kernel/time.ts';

/*
 * Kinds of values that stand in several parts of the file. A message completes the sentence "… must be".
 */

/** Names, reasons, paths: any text that is not empty. */
export const text = z.string().min(1).max(1000);

/** The code of a matcher (alerts/matcher.ts). */
export const matcher = z.string().transform((written, context) => {
  const read = parseMatcher(written);
  if (typeof read !== 'string') return read;
  context.addIssue({ code: 'custom', message: 'a matcher', params: { what: read } });
  return z.NEVER;
});

/** `30s`, `5m`, `7d` as milliseconds, from `least` to ten years. */
export const duration = (least: Millis, examples: string) =>
  z.string().transform((written, context) => {
    const ms = parseDuration(written);
    if (ms !== undefined && ms >= least && ms <= 3650 * DAY) return ms;
    context.addIssue({ code: 'custom', message: `a length of time such as ${examples}` });
    return z.NEVER;
  });

/** An instant with a zone, as epoch milliseconds. */
export const instant = z.string().transform((written, context) => {
  const at = parseInstant(written);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'an instant with its zone, such as 2027-01-31T18:00:00Z' });
  return z.NEVER;
});

/** Slack's channel names: no upper case, no spaces, at most 80 characters. */
export const channel = z
  .string()
  .regex(
    /^(#[^\s#@.,:A-Z]{1,80}|[CG][A-Z0-9]{6,20})$/u,
    'a Slack channel: # and its name in lower case, or its id (C…)',
  )
  .meta({
    description: 'Slack channel: its name with # (in quotes, because # starts a comment in YAML), or its id.',
    examples: ['#security-alerts', 'C0123456789'],
  });

export const region = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/u, 'a region such as eu-west-1');
