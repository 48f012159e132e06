import { spawn, spawnSync } from 'node:child_process';
import type { FakeAws } from './fake-aws.ts';

/** How AWS's own command ended, and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const said = spawnSync('aws', ['--version'], { encoding: 'utf8', env: environment() });

/** `2.17.3`; nothing where there is no such command. */
export const awsVersion = /aws-cli\/([\d.]+)/.exec(`${said.stdout ?? ''}${said.stderr ?? ''}`)?.[1];

/** Why tests with it are skipped where there is none. */
export const NO_AWS = 'there is no `aws` command on the PATH';

/** Runs it once, with the credentials of the fake's home account, without trying again. */
export function runAws(
  { credentials }: Pick<FakeAws, 'credentials'>,
  words: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const env = {
    ...environment(),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  const child = spawn('aws', words, { env });
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
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

/** Of whoever runs the tests only what finds and starts the command: no profile, no credentials; and no pager. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG = 'C.UTF-8' } = process.env;
  const none = '/dev/null';
  return { PATH, HOME, LANG, AWS_CONFIG_FILE: none, AWS_SHARED_CREDENTIALS_FILE: none, AWS_PAGER: '' };
}
