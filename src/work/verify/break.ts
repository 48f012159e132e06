import type { Millis } from '../../kernel/time.ts';
import type { FilePlace } from '../trail-files.ts';

/** Where a chain of digests does not hold, by what must have been done to a file. */
export type BreakKind =
  | 'log changed'
  | 'log swapped'
  | 'log missing'
  | 'log unreadable'
  | 'digest changed'
  | 'digest swapped'
  | 'digest missing'
  | 'digest unreadable'
  | 'digest unsigned'
  | 'digest moved'
  | 'foreign key'
  | 'newest missing';

/** One file that is not as CloudTrail delivered it. */
export interface Break {
  readonly kind: BreakKind;
  readonly at: FilePlace;
  /** The end of the hour that the digest is about, which is this file or names it. */
  readonly time: Millis;
  /** What was seen there, ending a sentence that begins "it …"; empty when the kind says it all. */
  readonly said: string;
  /** Of what lies there now, where that is a whole file. */
  readonly hash?: string | undefined;
}

interface Words {
  /** After a number of files. */
  readonly title: string;
  readonly means: string;
  readonly remedy: string;
}

const WHO =
  'look up who wrote to or deleted from the bucket then (S3 data events, server access logs), and restore the file from a version, replica or backup';

/** What each kind means for whoever is woken by it, and what to do. */
export const BREAK_WORDS: Readonly<Record<BreakKind, Words>> = {
  'log changed': {
    title: 'log file changed',
    means:
      'Its content is not what CloudTrail delivered: events in it may have been taken out, added or edited.',
    remedy: WHO,
  },
  'log swapped': {
    title: 'log file swapped for another',
    means: 'It holds the content of another log file that CloudTrail delivered: its own events are hidden.',
    remedy: WHO,
  },
  'log missing': {
    title: 'log file missing',
    means: 'CloudTrail delivered it and it is gone: the events of that time are hidden.',
    remedy: `check the lifecycle rules of the bucket first; if none deletes files of that age, ${WHO}`,
  },
  'log unreadable': {
    title: 'log file unreadable',
    means:
      'It is no longer one intact gzip file: it was overwritten, cut off, or something was put behind its end.',
    remedy: WHO,
  },
  'digest changed': {
    title: 'digest changed',
    means: 'Its signature does not fit its content: log files of that hour may have been changed to fit it.',
    remedy: WHO,
  },
  'digest swapped': {
    title: 'digest swapped for another',
    means:
      'CloudTrail signed it, but it is not the one that the digest after it names: an older version or another one was put there.',
    remedy: WHO,
  },
  'digest missing': {
    title: 'digest missing',
    means: 'The digest after it names it and it is gone: nothing proves the log files of that time.',
    remedy: `when it is less than a day old, verify again in a few hours, as CloudTrail may still deliver it; else check the lifecycle rules of the bucket, then ${WHO}`,
  },
  'digest unreadable': {
    title: 'digest unreadable',
    means:
      'It is not what CloudTrail writes: it was overwritten, cut off, or something was put behind its end.',
    remedy: WHO,
  },
  'digest unsigned': {
    title: 'digest without its signature',
    means: 'The metadata with the signature is gone: the file was copied or written again by somebody.',
    remedy: WHO,
  },
  'digest moved': {
    title: 'digest that belongs elsewhere',
    means:
      'It says of itself that it lies at another place: it was copied here over another one, or the files were moved.',
    remedy: `if the files were moved, verify them where they were; else ${WHO}`,
  },
  'foreign key': {
    title: 'digest signed with a key that is not CloudTrail’s',
    means: 'Somebody wrote a digest of their own and signed it: the log files that it names prove nothing.',
    remedy: `treat everything in the bucket from that time as forged, and ${WHO}`,
  },
  'newest missing': {
    title: 'newest digests missing',
    means:
      'CloudTrail says that it delivered digests later than the newest one there: they were deleted or written elsewhere.',
    remedy: WHO,
  },
};
