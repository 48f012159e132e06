import { describe, expect, it } from 'vitest';
import { HOUR } from '../../../src/kernel/time.ts';
import { makeChain } from '../../support/aws/trails.ts';
import { awsKey, stage, TRAIL, UNTIL } from './chains.ts';

describe('a gap', () => {
  it('is told apart from tampering, with what CloudTrail says of it', async () => {
    const startedAt = UNTIL - 6 * HOUR;
    const trail = {
      ...TRAIL,
      status: { ...TRAIL.status, startedAt, stoppedAt: UNTIL - 9 * HOUR, digestError: 'AccessDenied' },
    };
    const { s3, verify } = await stage({ trails: [trail] });
    makeChain(s3, { trail, key: awsKey(), until: UNTIL - 9 * HOUR, hours: 17 });
    makeChain(s3, { trail, key: awsKey(), until: UNTIL, hours: 6 });
    const [chain] = (await verify()).chains;
    expect(chain).toMatchObject({
      digests: { valid: 10, broken: 0 },
      breaks: [],
      gaps: [{ from: UNTIL - 9 * HOUR, to: startedAt, backfill: false }],
    });
    expect(chain?.notes).toEqual([
      expect.stringContaining('Nothing is proved within the gaps (3 h in all)'),
      'Logging was last stopped at 2026-11-20 00:00:00 UTC.',
      'Logging was last started at 2026-11-20 03:00:00 UTC, where a gap ends.',
      'The last digest could not be delivered: AccessDenied. Correct the policy of the bucket.',
    ]);
  });

  it('is said where the chain begins within the period, or ends before it', async () => {
    const trail = { ...TRAIL, status: { logging: false, digestAt: UNTIL - 5 * HOUR } };
    const { s3, verify } = await stage({ trails: [trail] });
    makeChain(s3, { trail, key: awsKey(), until: UNTIL - 5 * HOUR, hours: 4 });
    const [chain] = (await verify()).chains;
    expect(chain?.breaks).toEqual([]);
    expect(chain?.notes).toEqual([
      'Nothing after 2026-11-20 04:00:00 UTC is proved: no later digest of the period lies there (logging is off: aws cloudtrail start-logging).',
      'Nothing before 2026-11-20 00:00:00 UTC is proved: the chain begins there.',
    ]);
  });

  it('is the whole period where validation is off', async () => {
    const { verify } = await stage({ trails: [{ ...TRAIL, validated: false, status: {} }] });
    const [chain] = (await verify()).chains;
    expect(chain).toMatchObject({ breaks: [], proved: undefined });
    expect(chain?.notes).toEqual([
      'There is no digest of this period (log file validation is off: aws cloudtrail update-trail --enable-log-file-validation): nothing about it is proved.',
    ]);
  });
});
