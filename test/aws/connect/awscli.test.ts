import { describe, expect, it } from 'vitest';
import { awsVersion, NO_AWS, runAws } from '../../support/aws/aws-command.ts';
import { CHANGES, type Cloud, HOME, READS, startCloud } from './cloud.ts';

/* AWS's own command sees what "aws apply" made: neither of them knows the other's code. */

const title = `the aws command${awsVersion === undefined ? `, skipped: ${NO_AWS}` : `, version ${awsVersion}`}`;

async function run({ aws }: Cloud, region: string, ...words: string[]): Promise<Record<string, unknown>> {
  const common = ['--endpoint-url', aws.url, '--region', region, '--output', 'json'];
  const { code, output, errors } = await runAws(aws, [...words, ...common]);
  if (code !== 0) throw new Error(errors);
  return JSON.parse(output);
}

// It takes seconds to start, on a busy machine many.
describe.skipIf(awsVersion === undefined)(title, { timeout: 60_000 }, () => {
  it('sees the rules, their targets, the permissions and the connection', async () => {
    const cloud = await startCloud();
    await cloud.apply();
    const at = 'eu-west-1';
    const [rules, reads, targets, forwards, connection, bus] = await Promise.all([
      run(cloud, at, 'events', 'list-rules', '--name-prefix', 'trailbot-'),
      run(cloud, at, 'events', 'describe-rule', '--name', 'trailbot-reads-1'),
      run(cloud, at, 'events', 'list-targets-by-rule', '--rule', 'trailbot-changes-1'),
      run(cloud, 'us-east-1', 'events', 'list-targets-by-rule', '--rule', 'trailbot-changes-1'),
      run(cloud, at, 'events', 'describe-connection', '--name', 'trailbot'),
      run(cloud, at, 'events', 'describe-event-bus'),
    ]);
    expect(rules.Rules).toMatchObject([
      { Name: 'trailbot-canary', State: 'ENABLED' },
      { Name: 'trailbot-changes-1', State: 'ENABLED', EventPattern: CHANGES },
      { Name: 'trailbot-reads-1', State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    ]);
    expect(reads).toMatchObject({
      EventPattern: READS,
      State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    });
    expect(targets.Targets).toMatchObject([
      { Id: 'trailbot', RoleArn: `arn:aws:iam::${HOME}:role/trailbot-deliver-eu-west-1` },
    ]);
    expect(forwards.Targets).toMatchObject([
      { Id: 'trailbot', Arn: `arn:aws:events:eu-west-1:${HOME}:event-bus/default` },
    ]);
    expect(connection).toMatchObject({ ConnectionState: 'AUTHORIZED', AuthorizationType: 'API_KEY' });
    expect(bus.Policy).toContain('trailbot-444455556666');
  });
});
