import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameClient } from '../../src/questions/drawing/client-name.ts';
import { awkward } from './said.ts';

describe('a client', () => {
  it.each([
    ['aws-cli/2.17.3 md/awscrt#0.20.11 ua/2.0 exec-env/CodeBuild cmd/s3.ls', 'aws-cli 2.17 (CodeBuild)'],
    ['[aws-cli/1.11.13 Python/2.7.9 Linux/4.4 botocore/1.4.70]', 'aws-cli 1.11'],
    ['aws-cli/2.9.19 Python/3.11 Linux/6.5.0-kali3-amd64', 'aws-cli 2.9 (Kali Linux)'],
    ['Boto3/1.35.2 md/Botocore#1.35.2 exec-env/AWS_Lambda_python3.12', 'Boto3 1.35 (Lambda python3.12)'],
    ['Boto3/1.35.2 exec-env/AWS_ECS_FARGATE', 'Boto3 1.35 (ECS Fargate)'],
    ['aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22', 'aws-sdk-go-v2 1.30'],
    ['aws-sdk-js/3.600.0 ua/2.0 os/linux', 'aws-sdk-js 3.600'],
    ['APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) aws-sdk-go-v2/1.30', 'Terraform 1.9'],
    ['python-requests/2.32.1', 'python-requests 2.32'],
    ['cloudformation.amazonaws.com', 'cloudformation.amazonaws.com'],
    ['AWS Internal', 'AWS Internal'],
    ['aws-internal/3 aws-sdk-java/1.12', 'AWS Internal'],
    ['[S3Console/0.4, aws-internal/3]', 'S3 console'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
      'browser (Chrome on macOS)',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'browser (Firefox on Linux)'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0',
      'browser (Edge on Windows)',
    ],
    [undefined, 'not recorded'],
    ['<!channel> hello', '<!channel> hello'],
  ])('%s is shown as %s', (agent, name) => {
    expect(nameClient(agent)).toBe(name);
  });

  it('has a short, whole name whatever it calls itself', () => {
    fc.assert(
      fc.property(awkward, (agent) => {
        const name = nameClient(agent);
        expect(name.length).toBeLessThanOrEqual(60);
        expect(name).not.toBe('');
      }),
    );
  });
});
