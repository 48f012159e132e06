import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CHANGES, type Cloud, HOME, READS, startCloud } from './cloud.ts';

/* AWS's own command sees what "aws apply" made: neither of them knows the other's code. */

/** Of whoever runs the tests only what finds and starts the command: no profile, no credentials; and no pager. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME: home, LANG = 'C.UTF-8' } = process.env;
  const none = '/dev/null';
  return { PATH, HOME: home, LANG, AWS_CONFIG_FILE: none, AWS_SHARED_CREDENTIALS_FILE: none, AWS_PAGER: '' };
}

const said = spawnSync('aws', ['--version'], { encoding: 'utf8', env: environment() });
const version = /aws-cli\/([\d.]+)/.exec(`${said.stdout ?? ''}${said.stderr ?? ''}`)?.[1];
const title = `the aws command${version === undefined ? ', skipped: there is no `aws` on the PATH' : `, version ${version}`}`;

function run({ aws }: Cloud, region: string, ...words: string[]): Promise<Record<string, unknown>> {
  const { accessKeyId, secretAccessKey } = aws.credentials;
  const env = {
    ...environment(),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const common = ['--endpoint-url', aws.url, '--region', region, '--output', 'json'];
  const child = spawn('aws', [...words, ...common], { env });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, failed) => {
    child.on('error', failed);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : failed(new Error(errors))));
  });
}

// It takes seconds to start, on a busy machine many.
describe.skipIf(version === undefined)(title, { timeout: 60_000 }, () => {
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
