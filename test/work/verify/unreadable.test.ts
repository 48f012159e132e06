import { describe, expect, it } from 'vitest';
import { makeChain } from '../../support/aws/trails.ts';
import { ACCOUNT, awsKey, BUCKET, HOURS, OTHER, REGION, stage, TRAIL, UNTIL } from './chains.ts';

describe('what cannot be read', () => {
  it('is no break: the chain says why it was not verified', async () => {
    const { s3, verify, aws } = await stage({ buckets: { [BUCKET]: { region: REGION, open: [OTHER] } } });
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: 3 });
    const { chains } = await verify();
    expect(chains).toMatchObject([
      { breaks: [], trouble: { kind: 'denied', what: 'not allowed to call s3:ListBucket' } },
    ]);
    expect(aws.requests.length).toBeLessThan(10);
  });

  it('is read as the bot itself when the account of the trail may not', async () => {
    const { s3, verify } = await stage({
      accounts: { [OTHER]: {}, [ACCOUNT]: { readerRole: 'TrailbotReader' } },
      readerRoles: [ACCOUNT],
      buckets: { [BUCKET]: { region: 'us-east-2', open: [OTHER] } },
    });
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS });
    expect((await verify()).chains).toMatchObject([
      { digests: { valid: 13 }, breaks: [], trouble: undefined },
    ]);
  });

  it('says which trails there are when one is not found', async () => {
    const { verify } = await stage();
    await expect(verify({ trail: 'adit' })).rejects.toMatchObject({
      trouble: { what: 'no trail adit was found', remedy: 'name one of these: audit' },
    });
  });

  it('does not matter elsewhere when the trail that is asked for was found', async () => {
    const { s3, verify, aws } = await stage({ regions: [REGION, 'us-east-1'] });
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS, logs: 0 });
    aws.fault({ kind: 'deny', operation: 'DescribeTrails', region: 'us-east-1' });
    expect((await verify()).troubles).toMatchObject([
      { place: `${ACCOUNT} in us-east-1`, trouble: { kind: 'denied' } },
    ]);
    expect(await verify({ trail: 'audit' })).toMatchObject({ troubles: [], chains: [{ breaks: [] }] });
  });

  it('stops when it is asked to, and says so', async () => {
    const { s3, verify, aws } = await stage();
    makeChain(s3, { trail: TRAIL, key: awsKey(), until: UNTIL, hours: HOURS });
    aws.fault({ kind: 'hang', operation: 'GetObject' });
    const stop = new AbortController();
    const found = verify({}, stop.signal);
    await aws.untilRequests(8);
    stop.abort();
    expect((await found).chains).toMatchObject([{ trouble: { kind: 'cancelled' }, breaks: [] }]);
  });
});
