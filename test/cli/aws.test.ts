import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { type AwsAside, applyAws, destroyAws, planAws } from '../../src/cli/aws-plan.ts';
import { askAboutKey } from '../../src/cli/aws-webhook.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { type Cloud, startCloud } from '../aws/connect/cloud.ts';
import { mistakesIn } from '../aws/connect/cloudformation.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const CONFIG = `
public_url: https://trailbot.example.com
accounts:
  '444455556666': { name: Staging, environment: staging, reader_role: TrailbotReader }
aws:
  region: eu-west-1
  regions: [us-east-1, eu-west-1]
  setup_role: TrailbotSetup
rules:
  paths: [rules.yml]
`;
/** One about changes, one about calls that only read, and one about what the bot itself notices. */
const RULES = `
title: A user was made
id: 0b0c6cf2-6d5f-4b0e-9d2b-0c2f7b4d1a11
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventSource: iam.amazonaws.com, eventName: CreateUser }
  condition: selection
level: low
---
title: A role was assumed
id: 0b0c6cf2-6d5f-4b0e-9d2b-0c2f7b4d1a12
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventSource: sts.amazonaws.com, eventName: AssumeRole }
  condition: selection
level: low
---
title: A canary did not come back
id: 0b0c6cf2-6d5f-4b0e-9d2b-0c2f7b4d1a13
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventSource: trailbot.internal }
  condition: selection
level: high
`;
const KEY = 'the-first-key-of-this-webhook-0123456789';

/** A folder with a configuration, and a terminal in it. */
function terminalIn(config = CONFIG, typed?: string): Terminal & { said: { out: string; err: string } } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'trailbot.yaml'), config);
  writeFileSync(join(folder, 'rules.yml'), RULES);
  const said = { out: '', err: '' };
  return {
    said,
    args: [],
    env: { TRAILBOT_WEBHOOK_KEYS: KEY },
    folder,
    keyboard: typed !== undefined,
    stdin: (async function* () {
      if (typed !== undefined) yield Buffer.from(typed);
    })(),
    out: (text) => {
      said.out += text;
    },
    outReady: async () => true,
    err: (text) => {
      said.err += text;
    },
    interactive: false,
    onStop: () => {},
    onReload: () => {},
  };
}

function asideOf({ aws, clock }: Cloud): AwsAside {
  return { endpoint: aws.url, credentials: aws.credentials, clock, askKey: async () => 'taken' };
}

describe('aws plan, apply and destroy', () => {
  it('show what is to be done, do it, and have nothing to do then', async () => {
    const cloud = await startCloud();
    const aside = asideOf(cloud);
    const first = terminalIn();
    expect(await planAws(first, {}, aside)).toBe(1);
    const lines = first.said.out.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '111122223333 eu-west-1 (home):',
      '  + queue trailbot-dead-letters',
      '  + role trailbot-deliver-eu-west-1',
      '  + connection trailbot',
    ]);
    expect(first.said.out).toContain(
      '111122223333 us-east-1; 444455556666 us-east-1, eu-west-1:\n  + queue trailbot-dead-letters\n  + role trailbot-forward-REGION\n',
    );
    expect(lines.at(-2)).toMatch(/^\d+ to create, in 4 of 4 places\.$/);
    expect(cloud.changes).toEqual([]);

    const second = terminalIn();
    expect(await applyAws(second, { yes: true }, aside)).toBe(0);
    expect(second.said.out).toMatch(/\n\d+ steps done\.\n$/);
    const third = terminalIn();
    expect(await planAws(third, {}, aside)).toBe(0);
    expect(third.said.out).toBe('Nothing to do: 4 places were looked at.\n');
    expect(await applyAws(terminalIn(), {}, aside)).toBe(0);

    const { rules } = cloud.events.place('111122223333', 'eu-west-1');
    const patterns = [...rules.values()].map(({ name, pattern }) => `${name} ${pattern}`);
    expect(patterns).toEqual([
      expect.stringMatching(/^trailbot-changes-1 .*"CreateUser"/),
      expect.stringMatching(/^trailbot-reads-1 .*"AssumeRole"/),
      expect.stringMatching(/^trailbot-canary /),
    ]);
    expect(patterns.join()).not.toContain('trailbot.internal');

    const fourth = terminalIn();
    expect(await destroyAws(fourth, { yes: true }, aside)).toBe(0);
    expect(fourth.said.out).toContain('  - connection trailbot\n');
    expect(await cloud.everything()).toEqual({});
  });

  it('take everything away whatever mistakes the rules have', async () => {
    const cloud = await startCloud();
    expect(await applyAws(terminalIn(), { yes: true }, asideOf(cloud))).toBe(0);
    const flawed = terminalIn();
    writeFileSync(join(flawed.folder, 'rules.yml'), 'title: [');
    await expect(applyAws(flawed, { yes: true }, asideOf(cloud))).rejects.toThrow('rules.yml');
    expect(await destroyAws(flawed, { yes: true }, asideOf(cloud))).toBe(0);
    expect(await cloud.everything()).toEqual({});
  });

  it('say when the other key can go, and nothing of it when all goes', async () => {
    const cloud = await startCloud();
    const two = (): ReturnType<typeof terminalIn> => ({
      ...terminalIn(),
      env: { TRAILBOT_WEBHOOK_KEYS: `${KEY},another-key-of-this-webhook-9876543210` },
    });
    expect(await applyAws(two(), { yes: true }, asideOf(cloud))).toBe(0);
    const plan = two();
    expect(await planAws(plan, {}, asideOf(cloud))).toBe(0);
    expect(plan.said.out).toContain('Take the other one away after ');
    const json = two();
    await planAws(json, { json: true }, asideOf(cloud));
    expect(JSON.parse(json.said.out).rotation).toContain('Take the other one away after ');
    const gone = two();
    expect(await destroyAws(gone, { yes: true }, asideOf(cloud))).toBe(0);
    expect(gone.said.out).not.toContain('Take the other one away');
  });

  it('go on only when a person types yes', async () => {
    const cloud = await startCloud();
    const no = terminalIn(CONFIG, 'y\n');
    expect(await applyAws(no, {}, asideOf(cloud))).toBe(1);
    expect(no.said.err).toBe('Type yes to go on: ');
    expect(no.said.out).toMatch(/Nothing was changed\.\n$/);
    expect(cloud.changes).toEqual([]);
    await expect(applyAws(terminalIn(), {}, asideOf(cloud))).rejects.toThrow(
      'Nobody can be asked here whether to go on: read the plan, then add --yes.',
    );
    expect(await applyAws(terminalIn(CONFIG, 'yes\n'), {}, asideOf(cloud))).toBe(0);
  });

  it('print the plan as JSON', async () => {
    const cloud = await startCloud();
    const terminal = terminalIn();
    expect(await planAws(terminal, { json: true }, asideOf(cloud))).toBe(1);
    const { home, places, steps, leftAlone, troubles, hints } = JSON.parse(terminal.said.out);
    expect({ home, places, leftAlone, troubles, hints }).toEqual({
      home: { account: '111122223333', region: 'eu-west-1' },
      places: 4,
      leftAlone: [],
      troubles: [],
      hints: [],
    });
    expect(steps[0]).toEqual({
      account: '111122223333',
      region: 'eu-west-1',
      verb: 'create',
      what: 'queue trailbot-dead-letters',
      why: [],
    });
  });

  it('tell what failed where, with the remedy, and what is left', async () => {
    const cloud = await startCloud();
    cloud.aws.fault({ kind: 'deny', operation: 'CreateRole', account: '444455556666' });
    const terminal = terminalIn();
    expect(await applyAws(terminal, { yes: true }, asideOf(cloud))).toBe(1);
    expect(terminal.said.err).toContain(
      '444455556666 us-east-1, role trailbot-forward-us-east-1: not allowed to call iam:CreateRole; allow iam:CreateRole to the role or user that asks there.\n',
    );
    expect(terminal.said.out).toMatch(/\d+ steps done, \d+ steps left: run it again to go on\.\n$/);
  });

  it('say what waits until every place could be looked at', async () => {
    const cloud = await startCloud();
    await applyAws(terminalIn(), { yes: true }, asideOf(cloud));
    cloud.aws.fault({ kind: 'deny', operation: 'AssumeRole' });
    const moved = CONFIG.replace('region: eu-west-1', 'region: us-east-1');
    const terminal = terminalIn(moved);
    expect(await applyAws(terminal, { yes: true }, asideOf(cloud))).toBe(1);
    expect(terminal.said.out).toContain(
      '\nNot yet, because events of places that could not be looked at, or are left alone, may still go there:\n111122223333 eu-west-1:\n  + role trailbot-forward-eu-west-1\n',
    );
    const json = terminalIn(moved);
    expect(await planAws(json, { json: true }, asideOf(cloud))).toBe(1);
    const { steps, held } = JSON.parse(json.said.out);
    expect(steps).toEqual([]);
    expect(held).toContainEqual({
      account: '111122223333',
      region: 'eu-west-1',
      verb: 'remove',
      what: 'API destination trailbot',
      why: [],
    });
  });

  it('say how an account is taken out when an organization is let in as a whole', async () => {
    const cloud = await startCloud();
    const organized = CONFIG.replace('aws:', 'aws:\n  organization: o-a1b2c3d4e5');
    const terminal = terminalIn(organized);
    await planAws(terminal, {}, asideOf(cloud));
    expect(terminal.said.out).toContain(
      'Note: with aws.organization, what is in an account that you take out',
    );
    const json = terminalIn(organized);
    await planAws(json, { json: true }, asideOf(cloud));
    expect(JSON.parse(json.said.out).hints).toEqual([
      expect.stringMatching(/^with aws\.organization, what is in an account that you take out /),
    ]);
    const gone = terminalIn(organized);
    await destroyAws(gone, { yes: true }, asideOf(cloud));
    expect(gone.said.out).not.toContain('Note:');
  });

  it('say in one sentence when AWS cannot be asked at all', async () => {
    const cloud = await startCloud();
    cloud.aws.fault({ kind: 'deny', operation: 'GetCallerIdentity' });
    const terminal = terminalIn();
    expect(await planAws(terminal, {}, asideOf(cloud))).toBe(1);
    expect(terminal.said.err).toMatch(
      /^AWS cannot be looked at: not allowed to call sts:GetCallerIdentity; .*\.\n$/,
    );
  });

  it('want the parts of the configuration that they need', async () => {
    const noAws = terminalIn('public_url: https://trailbot.example.com\n');
    await expect(planAws(noAws, {}, {})).rejects.toThrow('The configuration says nothing about AWS');
    const noUrl = terminalIn(CONFIG.replace(/public_url.*/, ''));
    await expect(planAws(noUrl, {}, {})).rejects.toThrow('EventBridge posts to https addresses only');
    const gov = terminalIn(CONFIG.replace('region: eu-west-1', 'region: us-gov-west-1'));
    await expect(applyAws(gov, {}, {})).rejects.toThrow('or set aws.deliver to queue.');
  });
});

describe('a key that the running bot does not take', () => {
  it('is found before EventBridge is given it', async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.headers['x-api-key'] === KEY ? 400 : 403).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/events`;
    expect(await askAboutKey(url, KEY)).toBe('taken');
    expect(await askAboutKey(url, 'another')).toBe('refused');
    expect(await askAboutKey('http://127.0.0.1:1/events', KEY)).toBe('no answer');
  });

  it('ends apply when the connection is made, too', async () => {
    const cloud = await startCloud();
    const asked: string[] = [];
    const refusing: AwsAside = {
      ...asideOf(cloud),
      askKey: async (url, key) => {
        asked.push(`${url} ${key}`);
        return 'refused';
      },
    };
    const terminal = terminalIn();
    expect(await applyAws(terminal, { yes: true }, refusing)).toBe(1);
    expect(asked).toEqual([`https://trailbot.example.com/events ${KEY}`]);
    expect(terminal.said.err).toContain('start it with the keys that are set here (a new one first');
    expect(cloud.changes).toEqual([]);
  });

  it('may be right when the bot cannot be asked: that is said, and nothing more', async () => {
    const cloud = await startCloud();
    const terminal = terminalIn();
    const silent: AwsAside = { ...asideOf(cloud), askKey: async () => 'no answer' };
    expect(await applyAws(terminal, { yes: true }, silent)).toBe(0);
    expect(terminal.said.err).toContain('could not be asked from here whether it takes the first of');
    const again = terminalIn();
    expect(await applyAws(again, { yes: true }, silent)).toBe(0);
    expect(again.said.err).toBe('');
  });
});

describe('aws template', () => {
  it.each([
    ['home', []],
    ['spoke', ['--spoke']],
  ])('prints what CloudFormation takes, as YAML and as JSON: %s', async (_, more) => {
    // The rules that come with the bot: a template may have 51,200 bytes.
    const { folder } = terminalIn(CONFIG.replace('rules.yml', 'builtin'));
    const yaml = await call(['aws', 'template', ...more], { folder });
    const json = await call(['aws', 'template', '--json', ...more], { folder });
    expect([yaml.code, json.code, yaml.err]).toEqual([0, 0, '']);
    const template = JSON.parse(json.out) as JsonObject;
    expect(parse(yaml.out, { version: '1.1' })).toEqual(template);
    expect(mistakesIn(template, json.out)).toEqual([]);
    expect(mistakesIn(template, yaml.out)).toEqual([]);
  });
});

describe('aws policy', () => {
  it('prints one policy', async () => {
    const { folder } = terminalIn();
    const { code, out } = await call(['aws', 'policy', 'run'], { folder });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ Version: '2012-10-17' });
    const trust = await call(['aws', 'policy', 'trust', '--account', '111122223333'], { folder });
    expect(trust.out).toContain('arn:aws:iam::111122223333:root');
    const without = await call(['aws', 'policy', 'trust'], { folder });
    expect([without.code, without.err]).toEqual([
      2,
      'Give the account that the bot is in: --account 111122223333.\n',
    ]);
  });
});
