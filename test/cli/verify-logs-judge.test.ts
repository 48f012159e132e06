import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HOUR, sayInstant } from '../../src/kernel/time.ts';
import { awsVersion, NO_AWS, runAws } from '../support/aws/aws-command.ts';
import { type MadeDigest, makeChain, signingKey } from '../support/aws/trails.ts';
import { awsKey, BUCKET, REGION, type Stage, stage, TRAIL, UNTIL } from '../work/verify/chains.ts';

/*
 * AWS's own command is the judge: on what both know, `aws cloudtrail validate-logs` and `verify-logs` must say the
 * same about the same files.
 */

const [major = 0, minor = 0] = (awsVersion ?? '').split('.').map(Number);
/** Before, it cannot be told where its S3 is: it takes --endpoint-url for CloudTrail alone. */
const able = (major === 1 && minor >= 29) || (major === 2 && minor >= 13);
const why = awsVersion === undefined ? NO_AWS : `version ${awsVersion} knows no AWS_ENDPOINT_URL`;
const title = `aws cloudtrail validate-logs${able ? `, version ${major}.${minor}` : `, skipped: ${why}`}`;
/** Debian's 2.17 does not know them. */
const tooOld = major === 2 && minor < 32 ? ', skipped: versions before 2.32 do not know them' : '';

const PERIOD = { from: UNTIL - 24 * HOUR, to: UNTIL };

interface Verdict {
  readonly code: number | null;
  readonly text: string;
}

/** What AWS's command says of the day. */
async function validate({ aws }: Stage): Promise<Verdict> {
  const args = ['cloudtrail', 'validate-logs', '--region', REGION, '--verbose'];
  const trail = `arn:aws:cloudtrail:${REGION}:${TRAIL.account}:trail/${TRAIL.name}`;
  const period = ['--start-time', sayInstant(PERIOD.from), '--end-time', sayInstant(PERIOD.to)];
  const words = [...args, '--trail-arn', trail, ...period];
  const { code, output, errors } = await runAws(aws, words, { AWS_ENDPOINT_URL: aws.url });
  return { code, text: output + errors };
}

interface Counts {
  readonly digests: string;
  readonly backfill: string;
  readonly logs: string;
  /** Keys of what is not valid. */
  readonly broken: readonly string[];
  readonly gaps: number;
}

/** What AWS's command counted. */
function countsIn(text: string): Counts {
  const ratio = (name: string): string =>
    new RegExp(`^(\\d+/\\d+) ${name} files valid`, 'm').exec(text)?.[1] ?? '0/0';
  return {
    digests: ratio('digest'),
    backfill: ratio('backfill digest'),
    logs: ratio('log'),
    broken: [...text.matchAll(/s3:\/\/[^/]+\/(\S+)\tINVALID/g)].map(([, key = '']) => key).sort(),
    gaps: [...text.matchAll(/No log files were delivered/g)].length,
  };
}

async function ours({ verify }: Stage): Promise<Counts> {
  const [chain] = (await verify({ period: PERIOD })).chains;
  if (!chain) throw new Error('there is no chain');
  const ratio = ({ valid, broken }: { valid: number; broken: number }): string =>
    `${valid}/${valid + broken}`;
  return {
    digests: ratio(chain.digests),
    backfill: ratio(chain.backfill),
    logs: ratio(chain.logs),
    broken: chain.breaks.map(({ at }) => at.key).sort(),
    gaps: chain.gaps.length,
  };
}

/** Both on the same files: they agree, and AWS's command ends as it does on a finding, or not. */
async function agree(set: Stage): Promise<Counts> {
  const [judge, own] = await Promise.all([validate(set), ours(set)]);
  expect(own).toEqual(countsIn(judge.text));
  expect(judge.code).toBe(own.broken.length > 0 ? 1 : 0);
  return own;
}

async function chained(): Promise<Stage & { digests: readonly MadeDigest[] }> {
  const set = await stage();
  return {
    ...set,
    digests: makeChain(set.s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 26, logs: 1 }),
  };
}

function back(digests: readonly MadeDigest[], hours: number): { key: string; log: string } {
  const digest = digests.at(-1 - hours);
  return { key: digest?.key ?? '', log: digest?.logs[0]?.key ?? '' };
}

// It takes seconds to start, on a busy machine many.
describe.skipIf(!able)(title, { timeout: 60_000 }, () => {
  it('agrees that a chain is intact', async () => {
    expect(await agree(await chained())).toMatchObject({ digests: '25/25', logs: '25/25', broken: [] });
  });

  it('agrees on what was changed and what is gone', async () => {
    const set = await chained();
    set.s3.put(BUCKET, back(set.digests, 2).log, gzipSync('{"Records":[]}'));
    set.s3.remove(BUCKET, back(set.digests, 5).log);
    set.s3.put(BUCKET, back(set.digests, 7).log, Buffer.from('no gzip'));
    set.s3.remove(BUCKET, back(set.digests, 10).key);
    const { bytes = Buffer.alloc(0), metadata } = set.s3.get(BUCKET, back(set.digests, 14).key) ?? {};
    set.s3.put(BUCKET, back(set.digests, 12).key, bytes, metadata);
    set.s3.put(BUCKET, back(set.digests, 16).key, gzipSync('{}'), metadata);
    set.s3.put(
      BUCKET,
      back(set.digests, 18).key,
      set.s3.get(BUCKET, back(set.digests, 18).key)?.bytes ?? bytes,
    );
    expect(await agree(set)).toMatchObject({ digests: '21/25', logs: '18/21' });
  });

  it('agrees on a chain that was signed with another key, and on a gap', async () => {
    const set = await stage();
    const forger = signingKey(1, REGION, 0, UNTIL);
    makeChain(set.s3, { trail: TRAIL, key: forger, until: UNTIL - 16 * HOUR, hours: 10, logs: 1 });
    makeChain(set.s3, { trail: TRAIL, key: awsKey(), until: UNTIL - 10 * HOUR, hours: 6, logs: 1 });
    makeChain(set.s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 4, logs: 1 });
    expect(await agree(set)).toMatchObject({ digests: '10/19', logs: '10/10', gaps: 2 });
  });

  it.skipIf(tooOld !== '')(`agrees on digests that were written later${tooOld}`, async () => {
    const later = signingKey(2, REGION, UNTIL + 900 * HOUR, UNTIL + 999 * HOUR);
    const set = await stage({ keys: [awsKey(), later] });
    makeChain(set.s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 26, logs: 1 });
    const options = {
      trail: TRAIL,
      key: later,
      until: UNTIL,
      hours: 5,
      logs: 1,
      backfillAt: UNTIL + 950 * HOUR,
    };
    const backfill = makeChain(set.s3, options);
    set.s3.remove(BUCKET, back(backfill, 2).key);
    set.s3.put(BUCKET, back(backfill, 3).log, gzipSync('{}'));
    expect(await agree(set)).toMatchObject({ digests: '25/25', backfill: '4/5', logs: '28/29' });
  });
});
